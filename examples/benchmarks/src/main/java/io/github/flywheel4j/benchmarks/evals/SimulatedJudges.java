package io.github.flywheel4j.benchmarks.evals;

import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Intervals;
import io.github.flywheel4j.stats.JudgeCorrection;
import io.github.flywheel4j.stats.JudgeCorrection.Calibration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Judges that err in a known way, mostly to one side, and how often the intervals from their verdicts cover the true rate.
 * Rates, errors and sample sizes are drawn anew for each judge.
 */
final class SimulatedJudges {

    private static final double LEVEL = 0.95;

    private SimulatedJudges() {}

    /**
     * Shares of the judges for which an interval covered the truth.
     *
     * @param corrected by sensitivity and specificity from labels of other cases
     * @param predictionPowered from labels of a random part of the cases
     * @param plain of the judge's own pass rate
     */
    record Coverage(double corrected, double predictionPowered, double plain) {}

    private record Covered(boolean corrected, boolean predictionPowered, boolean plain) {}

    /** 20 to 50 labels of correct answers, and as many of incorrect ones: what one person labels in an hour. */
    static Coverage fewLabels(int judges, SplittableRandom random) {
        return coverage(judges, 20, 50, random);
    }

    /** 100 to 400 labels of either kind. */
    static Coverage manyLabels(int judges, SplittableRandom random) {
        return coverage(judges, 100, 400, random);
    }

    private static Coverage coverage(int judges, int least, int most, SplittableRandom random) {
        List<SplittableRandom> randoms = new ArrayList<>();
        for (int i = 0; i < judges; i++) {
            randoms.add(random.split());
        }
        List<Covered> all = IntStream.range(0, judges)
                .parallel()
                .mapToObj(i -> covered(least, most, randoms.get(i)))
                .toList();
        return new Coverage(
                share(all, Covered::corrected), share(all, Covered::predictionPowered), share(all, Covered::plain));
    }

    private static double share(List<Covered> all, Predicate<Covered> which) {
        return (double) all.stream().filter(which).count() / all.size();
    }

    private static Covered covered(int least, int most, SplittableRandom random) {
        double truth = random.nextDouble(0.3, 0.97);
        double sensitivity = random.nextDouble(0.75, 0.98);
        double specificity = random.nextDouble(0.6, 0.95);
        int cases = random.nextInt(100, 1_001);
        int positives = random.nextInt(least, most + 1);
        int negatives = random.nextInt(least, most + 1);
        long passed = passes(random, cases, truth * sensitivity + (1 - truth) * (1 - specificity));
        Calibration calibration = new Calibration(
                passes(random, positives, sensitivity), positives, passes(random, negatives, specificity), negatives);
        // A judge that the labels show to be no better than a coin is refused, so nothing false is claimed of it.
        boolean isRefused = calibration.sensitivity() + calibration.specificity() <= 1;
        boolean corrected = isRefused
                || JudgeCorrection.roganGladen(passed, cases, calibration, LEVEL)
                        .contains(truth);
        boolean powered = predictionPowered(truth, sensitivity, specificity, cases, positives + negatives, random)
                .contains(truth);
        return new Covered(
                corrected, powered, Intervals.wilson(passed, cases, LEVEL).contains(truth));
    }

    private static long passes(SplittableRandom random, int trials, double rate) {
        long passes = 0;
        for (int i = 0; i < trials; i++) {
            passes += random.nextDouble() < rate ? 1 : 0;
        }
        return passes;
    }

    private static Interval predictionPowered(
            double truth, double sensitivity, double specificity, int rest, int labelled, SplittableRandom random) {
        double[] labels = new double[labelled];
        double[] scoresOfLabelled = new double[labelled];
        for (int i = 0; i < labelled; i++) {
            labels[i] = passes(random, 1, truth);
            scoresOfLabelled[i] = passes(random, 1, labels[i] == 1 ? sensitivity : 1 - specificity);
        }
        double[] scoresOfRest = new double[rest];
        for (int i = 0; i < rest; i++) {
            scoresOfRest[i] = passes(random, 1, truth * sensitivity + (1 - truth) * (1 - specificity));
        }
        return JudgeCorrection.predictionPowered(labels, scoresOfLabelled, scoresOfRest, LEVEL);
    }
}
