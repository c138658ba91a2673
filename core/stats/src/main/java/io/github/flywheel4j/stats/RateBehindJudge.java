package io.github.flywheel4j.stats;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The rate of correct answers behind a judge's pass rate, by a score test; sources at {@link JudgeCorrection#roganGladen}.
 *
 * @param judged the share that the judge passed
 * @param sensitivity the share of the correct answers that it passes, by labels
 * @param specificity the share of the incorrect answers that it fails, by labels
 * @param correlation of the errors of its pass rates on correct and on incorrect answers, from 0 to 1
 */
record RateBehindJudge(EffectiveRate judged, EffectiveRate sensitivity, EffectiveRate specificity, double correlation) {

    private static final int BISECTIONS = 30;
    private static final int EM_STEPS = 100;
    private static final double SMALLEST = 1e-9;

    /** What is below is rounding: residuals of clusters that agree alike are 0 but for their last digits. */
    private static final double ROUNDING = 1e-12;

    static RateBehindJudge of(
            double[] verdicts,
            int[] clusters,
            double[] labels,
            double[] ofLabelled,
            int[] clustersOfLabelled,
            double level) {
        Checks.level(level);
        Checks.sameLength("verdictsOfLabelled", ofLabelled.length, "labels", labels.length);
        Checks.sameLength("clustersOfLabelled", clustersOfLabelled.length, "labels", labels.length);
        for (int i = 0; i < labels.length; i++) {
            bit("labels", labels[i]);
            bit("verdictsOfLabelled", ofLabelled[i]);
        }
        Part correct = Part.of(labels, 1, ofLabelled, clustersOfLabelled);
        Part incorrect = Part.of(labels, 0, ofLabelled, clustersOfLabelled);
        EffectiveRate kind = incorrect.rate(level);
        return new RateBehindJudge(
                EffectiveRate.atMostCases(verdicts, clusters, level),
                correct.rate(level),
                new EffectiveRate(1 - kind.rate(), kind.cases()),
                correct.correlation(incorrect));
    }

    private static void bit(String name, double value) {
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 or 1)");
        }
    }

    /** The verdicts on the labelled cases of one kind. */
    private static final class Part {

        private final double[] verdicts;
        private final int[] clusters;

        Part(double[] verdicts, int[] clusters) {
            this.verdicts = verdicts;
            this.clusters = clusters;
        }

        static Part of(double[] labels, double label, double[] verdicts, int[] clusters) {
            int[] indices = IntStream.range(0, labels.length)
                    .filter(i -> labels[i] == label)
                    .toArray();
            Checks.atLeast(label == 1 ? "cases labelled correct" : "cases labelled incorrect", indices.length, 1);
            return new Part(
                    Arrays.stream(indices).mapToDouble(i -> verdicts[i]).toArray(),
                    Arrays.stream(indices).map(i -> clusters[i]).toArray());
        }

        EffectiveRate rate(double level) {
            return EffectiveRate.atMostCases(verdicts, clusters, level);
        }

        double correlation(Part other) {
            double own = ClusteredMean.covariance(verdicts, clusters, verdicts, clusters);
            double others = ClusteredMean.covariance(other.verdicts, other.clusters, other.verdicts, other.clusters);
            double both = ClusteredMean.covariance(verdicts, clusters, other.verdicts, other.clusters);
            return both > ROUNDING && own > ROUNDING && others > ROUNDING
                    ? Math.min(1, both / Math.sqrt(own * others))
                    : 0;
        }
    }

    Interval interval(double level) {
        Checks.level(level);
        double youden = sensitivity.rate() + specificity.rate() - 1;
        if (!(youden > 0)) {
            throw new IllegalArgumentException("sensitivity + specificity: " + (sensitivity.rate() + specificity.rate())
                    + " (expected: above 1; this judge is no better than a coin, take another one)");
        }
        double estimate = Math.min(1, Math.max(0, (judged.rate() + specificity.rate() - 1) / youden));
        double z = Moments.twoSidedZ(level);
        double low = limit(estimate, 0, z);
        double high = limit(estimate, 1, z);
        return new Interval(estimate, Math.min(low, estimate), Math.max(high, estimate), level);
    }

    /** The rate farthest from the estimate, towards an end, that the test does not rule out. */
    private double limit(double estimate, double end, double z) {
        if (Math.abs(score(end)) <= z) {
            return end;
        }
        double possible = estimate;
        double ruledOut = end;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (possible + ruledOut) / 2;
            if (Math.abs(score(middle)) <= z) {
                possible = middle;
            } else {
                ruledOut = middle;
            }
        }
        return possible;
    }

    /** How far the judge's pass rate is from what a true rate would make of it, in standard errors under that rate. */
    private double score(double truth) {
        double positives = sensitivity.cases();
        double negatives = specificity.cases();
        double passed = judged.passed();
        double failed = judged.cases() - passed;
        double right = (sensitivity.passed() + 0.5) / (positives + 1);
        double wrong = (specificity.passed() + 0.5) / (negatives + 1);
        for (int i = 0; i < EM_STEPS; i++) {
            // The unknown labels of the judged cases by their expectation, then the judge's rates from all labels.
            double passes = inside(truth * right + (1 - truth) * (1 - wrong));
            double passedRight = passed * truth * right / passes;
            double failedRight = failed * truth * (1 - right) / (1 - passes);
            double incorrect = judged.cases() - passedRight - failedRight;
            double failedWrong = failed - failedRight;
            right = inside((sensitivity.passed() + passedRight) / (positives + passedRight + failedRight));
            wrong = inside((specificity.passed() + failedWrong) / (negatives + incorrect));
        }
        double passes = inside(truth * right + (1 - truth) * (1 - wrong));
        double ofRight = truth * Math.sqrt(right * (1 - right) / positives);
        double ofWrong = (1 - truth) * Math.sqrt(wrong * (1 - wrong) / negatives);
        double variance = passes * (1 - passes) / judged.cases()
                + ofRight * ofRight
                + ofWrong * ofWrong
                + 2 * correlation * ofRight * ofWrong;
        double expected = truth * sensitivity.rate() + (1 - truth) * (1 - specificity.rate());
        return (judged.rate() - expected) / Math.sqrt(variance);
    }

    /** Strictly between 0 and 1, so that nothing is divided by 0. */
    private static double inside(double rate) {
        return Math.min(1 - SMALLEST, Math.max(SMALLEST, rate));
    }
}
