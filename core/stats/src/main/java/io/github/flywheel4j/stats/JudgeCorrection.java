package io.github.flywheel4j.stats;

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
     * of Epidemiology 107 (1978); interval by Z. Lang and J. Reiczigel, "Confidence limits for prevalence of disease
     * adjusted for estimated sensitivity and specificity", Preventive Veterinary Medicine 113 (2014), which is somewhat
     * wide rather than narrow for few labels. Both are cut to 0 and 1.
     *
     * @param passed cases that the judge passed
     * @param cases cases that it judged, at least 1
     * @param calibration its hits on labelled cases
     * @throws IllegalArgumentException if a count is out of range, or sensitivity and specificity add up to 1 or less: such
     *     a judge knows no more than a coin, and nothing can be corrected
     */
    public static Interval roganGladen(long passed, long cases, Calibration calibration, double level) {
        Checks.level(level);
        within("passed", passed, "cases", cases);
        double sensitivity = calibration.sensitivity();
        double specificity = calibration.specificity();
        double youden = sensitivity + specificity - 1;
        if (!(youden > 0)) {
            throw new IllegalArgumentException("sensitivity + specificity: " + (sensitivity + specificity)
                    + " (expected: above 1; this judge is no better than a coin, take another one)");
        }
        double rate = (double) passed / cases;
        double estimate = cut((rate + specificity - 1) / youden);

        double z = Moments.twoSidedZ(level);
        double n = cases + z * z;
        double p = (passed + z * z / 2) / n;
        double nSensitivity = calibration.positives() + 2.0;
        double adjustedSensitivity = (calibration.truePositives() + 1) / nSensitivity;
        double nSpecificity = calibration.negatives() + 2.0;
        double adjustedSpecificity = (calibration.trueNegatives() + 1) / nSpecificity;
        double adjustedYouden = adjustedSensitivity + adjustedSpecificity - 1;
        if (!(adjustedYouden > 0)) {
            return new Interval(estimate, 0, 1, level);
        }
        double adjusted = (p + adjustedSpecificity - 1) / adjustedYouden;
        double sensitivityVariance = adjustedSensitivity * (1 - adjustedSensitivity) / nSensitivity;
        double specificityVariance = adjustedSpecificity * (1 - adjustedSpecificity) / nSpecificity;
        double shift = 2 * z * z * (adjusted * sensitivityVariance - (1 - adjusted) * specificityVariance);
        double variance = p * (1 - p) / n
                + adjusted * adjusted * sensitivityVariance
                + (1 - adjusted) * (1 - adjusted) * specificityVariance;
        double half = z * Math.sqrt(variance) / adjustedYouden;
        return new Interval(estimate, cut(adjusted + shift - half), cut(adjusted + shift + half), level);
    }

    /**
     * The mean of the labels over all cases, from a labelled random part and a judge's scores of the rest. The better the
     * judge, the more its scores count; a useless judge leaves the mean of the labels as it is.
     *
     * <p>Source: A. N. Angelopoulos and others, "Prediction-powered inference", Science 382 (2023), algorithm 1; the weight
     * of the judge by A. N. Angelopoulos, J. C. Duchi and T. Zrnic, "PPI++: Efficient Prediction-Powered Inference",
     * arXiv:2311.01453 (2023), section 6, kept within 0 and 1. Unlike there, the limits are Student's with Welch's degrees
     * of freedom, because labels are few.
     *
     * @param labels what people said, one per labelled case, at least 2
     * @param scoresOfLabelled what the judge said of the same cases
     * @param scoresOfRest what the judge said of the cases without a label, at least 2
     * @throws IllegalArgumentException if there are too few, lengths differ or a value is not finite
     */
    public static Interval predictionPowered(
            double[] labels, double[] scoresOfLabelled, double[] scoresOfRest, double level) {
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
        double ofLabelled = Moments.variance(rectifiers) / labels.length;
        double ofRest = weight * weight * Moments.variance(scoresOfRest) / scoresOfRest.length;
        double variance = ofLabelled + ofRest;
        double estimate = Moments.mean(rectifiers) + weight * Moments.mean(scoresOfRest);
        double half = 0;
        if (variance > 0) {
            double degreesOfFreedom = variance
                    * variance
                    / (ofLabelled * ofLabelled / (labels.length - 1) + ofRest * ofRest / (scoresOfRest.length - 1));
            half = Moments.twoSidedT(level, degreesOfFreedom) * Math.sqrt(variance);
        }
        return new Interval(estimate, estimate - half, estimate + half, level);
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
