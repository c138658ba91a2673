package io.github.flywheel4j.stats;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/** Repeats an experiment with a fixed seed, so that each run of the tests sees the same draws. */
final class Simulated {

    private static final long SEED = 20261;

    private Simulated() {}

    /** The share of the runs in which something holds. */
    static double share(int runs, Predicate<RandomGenerator> holds) {
        RandomGenerator random = new SplittableRandom(SEED);
        int count = 0;
        for (int i = 0; i < runs; i++) {
            count += holds.test(random) ? 1 : 0;
        }
        return (double) count / runs;
    }

    /** How far the share of p-values at or below a level lies above that level, at the worst of 5, 10, ... 95 %. */
    static double excess(int runs, ToDoubleFunction<RandomGenerator> pValue) {
        return distances(runs, pValue)[0];
    }

    /** How far that share lies from the level, above or below, at the worst. */
    static double distance(int runs, ToDoubleFunction<RandomGenerator> pValue) {
        return distances(runs, pValue)[1];
    }

    private static double[] distances(int runs, ToDoubleFunction<RandomGenerator> pValue) {
        RandomGenerator random = new SplittableRandom(SEED);
        int[] atOrBelow = new int[20];
        for (int run = 0; run < runs; run++) {
            double p = pValue.applyAsDouble(random);
            for (int i = 1; i < atOrBelow.length; i++) {
                atOrBelow[i] += p <= i / 20.0 + 1e-12 ? 1 : 0;
            }
        }
        double excess = 0;
        double distance = 0;
        for (int i = 1; i < atOrBelow.length; i++) {
            double difference = (double) atOrBelow[i] / runs - i / 20.0;
            excess = Math.max(excess, difference);
            distance = Math.max(distance, Math.abs(difference));
        }
        return new double[] {excess, distance};
    }

    static double[] normal(RandomGenerator random, int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    static int binomial(RandomGenerator random, int n, double p) {
        int count = 0;
        for (int i = 0; i < n; i++) {
            count += random.nextDouble() < p ? 1 : 0;
        }
        return count;
    }

    /** The cluster of each case, for clusters of the given sizes. */
    static int[] clusters(int... sizes) {
        int[] clusters = new int[Arrays.stream(sizes).sum()];
        int from = 0;
        for (int cluster = 0; cluster < sizes.length; cluster++) {
            Arrays.fill(clusters, from, from + sizes[cluster], 100 - cluster);
            from += sizes[cluster];
        }
        return clusters;
    }

    /** Normal values with mean 0 whose clusters share half of the variance. */
    static double[] clustered(RandomGenerator random, int[] clusters) {
        double[] values = new double[clusters.length];
        double shared = 0;
        for (int i = 0; i < clusters.length; i++) {
            if (i == 0 || clusters[i] != clusters[i - 1]) {
                shared = random.nextGaussian();
            }
            values[i] = shared + random.nextGaussian();
        }
        return values;
    }
}
