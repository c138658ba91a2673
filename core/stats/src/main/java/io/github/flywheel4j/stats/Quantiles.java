package io.github.flywheel4j.stats;

import java.util.Arrays;

/**
 * Quantiles of a sample, by linear interpolation between its ordered values.
 *
 * <p>Definition 7 of R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician
 * 50 (1996): the value at position {@code 1 + (n - 1) q} of the ordered sample. It is the default of R, NumPy and Excel,
 * so figures can be checked there. The input is never changed.
 */
public final class Quantiles {

    private Quantiles() {}

    /**
     * The median: of an even number of values the mean of the middle two.
     *
     * @throws IllegalArgumentException if there is no value or one is NaN
     */
    public static double median(double... values) {
        return quantile(values, 0.5);
    }

    /**
     * The quantile of a sample.
     *
     * @param values the sample, in any order
     * @param q the quantile, 0 (the smallest value) to 1 (the largest)
     * @throws IllegalArgumentException if there is no value, one is NaN, or q is not within 0 and 1
     */
    public static double quantile(double[] values, double q) {
        if (values.length == 0) {
            throw new IllegalArgumentException("values: none (expected: at least one)");
        }
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("q: " + q + " (expected: 0 to 1)");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        if (Double.isNaN(sorted[sorted.length - 1])) { // NaN sorts last
            throw new IllegalArgumentException("values: one of " + sorted.length + " is NaN (expected: numbers)");
        }
        double position = (sorted.length - 1) * q;
        int below = (int) position;
        double weight = position - below;
        // Without the guard an infinite neighbour would turn weight 0 into NaN.
        return weight == 0 ? sorted[below] : sorted[below] * (1 - weight) + sorted[below + 1] * weight;
    }
}
