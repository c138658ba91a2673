package io.github.flywheel4j.stats;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The true rate or mean behind the verdicts of a judge that errs, from a small sample that people labelled too. Pure
 * functions, safe from any thread; inputs are never changed.
 *
 * <p>Which one: {@link #roganGladen} where the labels come from elsewhere (a calibration set with its own mix of right and
 * wrong answers), {@link #predictionPowered} where the labelled cases are a random part of the cases to be judged; it is
 * narrower then, and takes any score.
 */
public final class JudgeCorrection {

    private JudgeCorrection() {}

    /**
     * How often a judge was right on cases that people labelled.
     *
     * @param truePositives cases labelled correct that the judge passed
     * @param positives cases labelled correct, at least 1
     * @param trueNegatives cases labelled incorrect that the judge failed
     * @param negatives cases labelled incorrect, at least 1
     */
    public record Calibration(long truePositives, long positives, long trueNegatives, long negatives) {

        /**
         * Checks the counts.
         *
         * @throws IllegalArgumentException if there is no case of a kind or a count is not within 0 and its total
         */
        public Calibration {
            within("truePositives", truePositives, "positives", positives);
            within("trueNegatives", trueNegatives, "negatives", negatives);
        }

        /** The share of the correct answers that the judge passes. */
        public double sensitivity() {
            return (double) truePositives / positives;
        }

        /** The share of the incorrect answers that the judge fails. */
        public double specificity() {
            return (double) trueNegatives / negatives;
        }
    }

    /**
     * The rate of correct answers behind a judge's pass rate, with an interval that holds the uncertainty of both samples.
     *
     * <p>Source: W. J. Rogan and B. Gladen, "Estimating prevalence from the results of a screening test", American Journal
     * of Epidemiology 107 (1978). The interval holds the rates that a score test does not rule out: the standard error is
     * that under the tested rate, with the sensitivity and specificity that make all three samples most likely under it (by
     * expectation maximisation), as in Wilson's interval of one rate and in that of O. S. Miettinen and M. Nurminen,
     * "Comparative analysis of two rates", Statistics in Medicine 4 (1985), of two. Simulated for 30 to 140 labels of each
     * kind it covers 94 to 96 %; the usual one by Z. Lang and J. Reiczigel, Preventive Veterinary Medicine 113 (2014), is as
     * wide and covers up to 97 % where one kind has few labels. Estimate and limits are within 0 and 1.
     *
     * @param passed cases that the judge passed
     * @param cases cases that it judged, at least 1
     * @param calibration its hits on labelled cases
     * @throws IllegalArgumentException if a count is out of range, or sensitivity and specificity add up to 1 or less: such
     *     a judge knows no more than a coin, and nothing can be corrected
     */
    public static Interval roganGladen(long passed, long cases, Calibration calibration, double level) {
        within("passed", passed, "cases", cases);
        return new RateBehindJudge(
                        new EffectiveRate((double) passed / cases, cases),
                        new EffectiveRate(calibration.sensitivity(), calibration.positives()),
                        new EffectiveRate(calibration.specificity(), calibration.negatives()),
                        0)
                .interval(level);
    }

    /**
     * The same where cases come in clusters, or each has a share of its own from several tries. Each of the three shares
     * (passed, sensitivity, specificity) counts as so many independent cases as would vary as much, as in {@link
     * Intervals#clusteredRate} but never as more than there are, and those of one cluster alone as one; and where the judge is kind to a whole cluster of labels, its
     * errors on right and on wrong answers of it go together, which widens the interval too. Where every case and label is a
     * cluster of its own it equals {@link #roganGladen(long, long, Calibration, double)}. Clusters of labels are others than
     * those of the cases. Simulated for 40 clusters of five cases and as many of labels it covers 95 to 96 % at
     * a level of 95, where counting cases covers 81 to 83.
     *
     * @param verdicts the share of passes of each judged case, from 0 to 1
     * @param clusters the cluster of each; any numbers, equal for cases that belong together
     * @param labels what people said of each labelled case: 1 for correct, 0 for incorrect
     * @param verdictsOfLabelled what the judge said of it: 1 for passed, 0 for failed
     * @param clustersOfLabelled its cluster
     * @throws IllegalArgumentException if lengths differ, a value is out of range, no case is labelled correct or none
     *     incorrect, or sensitivity and specificity add up to 1 or less
     */
    public static Interval roganGladen(
            double[] verdicts,
            int[] clusters,
            double[] labels,
            double[] verdictsOfLabelled,
            int[] clustersOfLabelled,
            double level) {
        return RateBehindJudge.of(verdicts, clusters, labels, verdictsOfLabelled, clustersOfLabelled, level)
                .interval(level);
    }

    /**
     * The mean of the labels over all cases, from a labelled random part and a judge's scores of the rest. The better the
     * judge, the more its scores count; a useless judge leaves the mean of the labels as it is.
     *
     * <p>Source: A. N. Angelopoulos and others, "Prediction-powered inference", Science 382 (2023), algorithm 1; the weight
     * of the judge by A. N. Angelopoulos, J. C. Duchi and T. Zrnic, "PPI++: Efficient Prediction-Powered Inference",
     * arXiv:2311.01453 (2023), section 6, kept within 0 and 1. Unlike there, the limits are Student's with Welch's degrees
     * of freedom, because labels are few; and where the labels are 0 and 1 they are Wilson's for the number of independent
     * labels that would vary as much, as in {@link Intervals#clusteredRate}. Around a rate near 1 a symmetric interval
     * covers too little: simulated for 40 to 100 labels 93 % on average and 88 % above a rate of 0.9, Wilson's 95 % in both.
     * Where each label is the same and the judge agrees it does not shrink to nothing either.
     *
     * @param labels what people said, one per labelled case, at least 2
     * @param scoresOfLabelled what the judge said of the same cases
     * @param scoresOfRest what the judge said of the cases without a label, at least 2
     * @throws IllegalArgumentException if there are too few, lengths differ or a value is not finite
     */
    public static Interval predictionPowered(
            double[] labels, double[] scoresOfLabelled, double[] scoresOfRest, double level) {
        return predictionPowered(
                labels,
                scoresOfLabelled,
                IntStream.range(0, labels.length).toArray(),
                scoresOfRest,
                IntStream.range(labels.length, labels.length + scoresOfRest.length)
                        .toArray(),
                level);
    }

    /**
     * The same where cases come in clusters: the variances are those of {@link Intervals#clusteredMean}, and what labelled and
     * other cases of one cluster have in common is added where it widens the interval. Where every case is a cluster of its own
     * it equals {@link #predictionPowered(double[], double[], double[], double)}.
     *
     * @param labels what people said, one per labelled case
     * @param scoresOfLabelled what the judge said of the same cases
     * @param clustersOfLabelled the cluster of each; any numbers, equal for cases that belong together
     * @param scoresOfRest what the judge said of the cases without a label
     * @param clustersOfRest their clusters, by the same numbers
     * @throws IllegalArgumentException if labelled or other cases are less than two clusters, lengths differ or a value is not
     *     finite
     */
    public static Interval predictionPowered(
            double[] labels,
            double[] scoresOfLabelled,
            int[] clustersOfLabelled,
            double[] scoresOfRest,
            int[] clustersOfRest,
            double level) {
        Checks.level(level);
        Checks.finite("labels", labels, 2);
        Checks.sameLength("scoresOfLabelled", scoresOfLabelled.length, "labels", labels.length);
        Checks.finite("scoresOfLabelled", scoresOfLabelled, 2);
        Checks.finite("scoresOfRest", scoresOfRest, 2);
        double weight = weight(labels, scoresOfLabelled, scoresOfRest);

        double[] rectifiers = new double[labels.length];
        for (int i = 0; i < labels.length; i++) {
            rectifiers[i] = labels[i] - weight * scoresOfLabelled[i];
        }
        double[] weighted =
                Arrays.stream(scoresOfRest).map(score -> weight * score).toArray();
        ClusteredMean rectifier = ClusteredMean.of(rectifiers, clustersOfLabelled);
        ClusteredMean rest = ClusteredMean.of(weighted, clustersOfRest);
        double ofLabelled = rectifier.standardError() * rectifier.standardError();
        double ofRest = rest.standardError() * rest.standardError();
        double variance = ofLabelled
                + ofRest
                + 2 * Math.max(0, ClusteredMean.covariance(rectifiers, clustersOfLabelled, weighted, clustersOfRest));
        double estimate = rectifier.mean() + rest.mean();
        double half = 0;
        if (variance > 0) {
            double apart = ofLabelled + ofRest;
            double degreesOfFreedom = apart
                    * apart
                    / (ofLabelled * ofLabelled / rectifier.degreesOfFreedom()
                            + ofRest * ofRest / rest.degreesOfFreedom());
            half = Moments.twoSidedT(level, degreesOfFreedom) * Math.sqrt(variance);
        }
        return Arrays.stream(labels).allMatch(label -> label == 0 || label == 1)
                ? rate(cut(estimate), half, Clusters.members(clustersOfLabelled).length, level)
                : new Interval(estimate, estimate - half, estimate + half, level);
    }

    private static Interval rate(double rate, double half, int labels, double level) {
        double standardError = half / Moments.twoSidedZ(level);
        double spread = rate * (1 - rate);
        double effective = spread > 0 && half > 0 ? spread / (standardError * standardError) : labels;
        return Intervals.wilson(rate, effective, level);
    }

    /** The weight with the least variance; the spread of the scores is taken from all of them. */
    private static double weight(double[] labels, double[] scoresOfLabelled, double[] scoresOfRest) {
        double[] all = new double[scoresOfLabelled.length + scoresOfRest.length];
        System.arraycopy(scoresOfLabelled, 0, all, 0, scoresOfLabelled.length);
        System.arraycopy(scoresOfRest, 0, all, scoresOfLabelled.length, scoresOfRest.length);
        double variance = Moments.variance(all);
        if (variance == 0) {
            return 0;
        }
        double share = 1 + (double) labels.length / scoresOfRest.length;
        return cut(Moments.covariance(labels, scoresOfLabelled) / (share * variance));
    }

    private static void within(String name, long count, String totalName, long total) {
        Checks.atLeast(totalName, total, 1);
        if (count < 0 || count > total) {
            throw new IllegalArgumentException(
                    name + ": " + count + " (expected: 0 to " + total + ", the " + totalName + ")");
        }
    }

    private static double cut(double value) {
        return Math.min(1, Math.max(0, value));
    }
}
