package io.github.flywheel4j.stats;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Bootstrap intervals of any statistic: of single cases, or of whole clusters where cases depend on each other.
 *
 * <pre>{@code
 * Bootstrap bootstrap = Bootstrap.of(10_000, new SplittableRandom(42));
 * Interval median = bootstrap.bca(latencies, Quantiles::median, 0.95);
 * Interval mean = bootstrap.byCluster(conversations).percentile(scores, Bootstrap::mean, 0.95);
 * }</pre>
 *
 * <p>Resamples on which the statistic is NaN, for example a rate without a denominator, are drawn again.
 *
 * <p>Draws from the given generator: equal seeds give equal intervals. As thread-safe as that generator, so usually not.
 *
 * <p>Source: B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), chapters 13 and 14; for clusters A.
 * C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application" (1997), section 3.8. The bootstrap of few units
 * (below some 30 cases or clusters) is too narrow: prefer {@link Intervals} for means and rates.
 */
public final class Bootstrap {

    private final int resamples;
    private final RandomGenerator random;
    private final int[] clusters;

    private Bootstrap(int resamples, RandomGenerator random, int[] clusters) {
        this.resamples = resamples;
        this.random = random;
        this.clusters = clusters;
    }

    /**
     * A bootstrap of single cases.
     *
     * @param resamples how many, at least 100; 10,000 keep the Monte Carlo error of a 95 % limit near 2 % of the interval
     * @throws IllegalArgumentException if there are less than 100
     */
    public static Bootstrap of(int resamples, RandomGenerator random) {
        Checks.atLeast("resamples", resamples, 100);
        return new Bootstrap(resamples, random, new int[0]);
    }

    /**
     * The same, but drawing whole clusters.
     *
     * @param clusters the cluster of each case; any numbers, equal for cases that belong together
     * @throws IllegalArgumentException if there are less than two clusters
     */
    public Bootstrap byCluster(int[] clusters) {
        Clusters.members(clusters);
        return new Bootstrap(resamples, random, clusters.clone());
    }

    /** The mean: a statistic for the methods below; NaN of no values. */
    public static double mean(double[] values) {
        return Moments.mean(values);
    }

    /**
     * The percentile interval.
     *
     * @param values one value per case
     * @param statistic computed from the values of a resample, in no order that means anything
     * @throws IllegalArgumentException if there are less than two values, one is not finite, the clusters are not of the
     *     same number, or the statistic is NaN for the sample or for half of the resamples
     */
    public Interval percentile(double[] values, ToDoubleFunction<double[]> statistic, double level) {
        Checks.finite("values", values, 2);
        return percentile(values.length, indices -> statistic.applyAsDouble(pick(values, indices)), level);
    }

    /**
     * The percentile interval of a statistic over cases with several values each, such as a ratio or a weighted mean.
     *
     * @param cases how many cases there are
     * @param statistic computed from the indices of the cases of a resample, each from 0 to {@code cases - 1}
     * @throws IllegalArgumentException as the method above does
     */
    public Interval percentile(int cases, ToDoubleFunction<int[]> statistic, double level) {
        Checks.level(level);
        int[][] units = units(cases);
        double estimate = estimate(cases, statistic);
        double[] sorted = resample(units, statistic);
        double tail = (1 - level) / 2;
        return new Interval(estimate, Quantiles.quantile(sorted, tail), Quantiles.quantile(sorted, 1 - tail), level);
    }

    /**
     * The bias-corrected and accelerated interval: second-order correct, also for a skewed statistic.
     *
     * @param values one value per case
     * @param statistic computed from the values of a resample; also called once without each case or cluster
     * @throws IllegalArgumentException as {@link #percentile(double[], ToDoubleFunction, double)} does
     */
    public Interval bca(double[] values, ToDoubleFunction<double[]> statistic, double level) {
        Checks.finite("values", values, 2);
        return bca(values.length, indices -> statistic.applyAsDouble(pick(values, indices)), level);
    }

    /**
     * The bias-corrected and accelerated interval of a statistic over cases with several values each.
     *
     * @param cases how many cases there are
     * @param statistic computed from the indices of the cases of a resample, each from 0 to {@code cases - 1}
     * @throws IllegalArgumentException as {@link #percentile(int, ToDoubleFunction, double)} does
     */
    public Interval bca(int cases, ToDoubleFunction<int[]> statistic, double level) {
        Checks.level(level);
        int[][] units = units(cases);
        double estimate = estimate(cases, statistic);
        double[] sorted = resample(units, statistic);
        if (sorted[0] == sorted[sorted.length - 1]) {
            return new Interval(estimate, sorted[0], sorted[0], level);
        }
        double bias = bias(sorted, estimate);
        double acceleration = acceleration(units, cases, statistic);
        double z = Moments.twoSidedZ(level);
        return new Interval(
                estimate,
                Quantiles.quantile(sorted, adjusted(-z, bias, acceleration)),
                Quantiles.quantile(sorted, adjusted(z, bias, acceleration)),
                level);
    }

    private int[][] units(int cases) {
        if (clusters.length > 0) {
            Checks.sameLength("clusters", clusters.length, "the cases", cases);
            return Clusters.members(clusters);
        }
        Checks.atLeast("cases", cases, 2);
        int[][] units = new int[cases][];
        Arrays.setAll(units, i -> new int[] {i});
        return units;
    }

    private static double estimate(int cases, ToDoubleFunction<int[]> statistic) {
        int[] all = new int[cases];
        Arrays.setAll(all, i -> i);
        double estimate = statistic.applyAsDouble(all);
        if (Double.isNaN(estimate)) {
            throw new IllegalArgumentException("statistic: NaN for the whole sample (expected: a number)");
        }
        return estimate;
    }

    /** The statistic of each resample, sorted. */
    private double[] resample(int[][] units, ToDoubleFunction<int[]> statistic) {
        double[] results = new double[resamples];
        int[][] drawn = new int[units.length][];
        int undefined = 0;
        for (int done = 0; done < resamples; ) {
            int size = 0;
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = units[random.nextInt(units.length)];
                size += drawn[i].length;
            }
            results[done] = statistic.applyAsDouble(concatenated(drawn, size, -1));
            if (!Double.isNaN(results[done])) {
                done++;
            } else if (++undefined > resamples) {
                throw new IllegalArgumentException("statistic: NaN for " + undefined
                        + " resamples (expected: for fewer than half of them; there are too few cases)");
            }
        }
        Arrays.sort(results);
        return results;
    }

    /** The normal quantile of the share of resamples below the estimate, ties counted half; kept finite. */
    private static double bias(double[] sorted, double estimate) {
        int below = 0;
        int equal = 0;
        for (double value : sorted) {
            if (value < estimate) {
                below++;
            } else if (value == estimate) {
                equal++;
            }
        }
        double share = (below + 0.5 * equal) / sorted.length;
        double least = 0.5 / sorted.length;
        return Moments.normalQuantile(Math.min(1 - least, Math.max(least, share)));
    }

    private static double acceleration(int[][] units, int cases, ToDoubleFunction<int[]> statistic) {
        double[] without = new double[units.length];
        for (int i = 0; i < units.length; i++) {
            without[i] = statistic.applyAsDouble(concatenated(units, cases - units[i].length, i));
        }
        double mean = Moments.mean(without);
        double squares = 0;
        double cubes = 0;
        for (double value : without) {
            double distance = mean - value;
            squares += distance * distance;
            cubes += distance * distance * distance;
        }
        // Not a number: the statistic needs the unit that was left out, so nothing is known about the skewness.
        return squares > 0 ? cubes / (6 * Math.pow(squares, 1.5)) : 0;
    }

    private static double adjusted(double z, double bias, double acceleration) {
        return Moments.normalProbability(bias + (bias + z) / (1 - acceleration * (bias + z)));
    }

    private static int[] concatenated(int[][] units, int size, int leftOut) {
        int[] indices = new int[size];
        int filled = 0;
        for (int i = 0; i < units.length; i++) {
            if (i != leftOut) {
                System.arraycopy(units[i], 0, indices, filled, units[i].length);
                filled += units[i].length;
            }
        }
        return indices;
    }

    private static double[] pick(double[] values, int[] indices) {
        double[] picked = new double[indices.length];
        for (int i = 0; i < indices.length; i++) {
            picked[i] = values[indices[i]];
        }
        return picked;
    }
}
