package io.github.flywheel4j.stats;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.apache.commons.statistics.ranking.NaNStrategy;
import org.apache.commons.statistics.ranking.NaturalRanking;
import org.apache.commons.statistics.ranking.TiesStrategy;

/**
 * How far two scores of the same cases rise and fall together, from -1 to 1. Pure functions, safe from any thread; inputs
 * are never changed. Empty where one of the scores is the same for all cases: then there is nothing to correlate.
 */
public final class Correlation {

    private Correlation() {}

    /**
     * Pearson's product-moment correlation: how well a straight line fits.
     *
     * @throws IllegalArgumentException if there are less than two cases, lengths differ or a value is not finite
     */
    public static OptionalDouble pearson(double[] x, double[] y) {
        check(x, y);
        return correlation(x, y);
    }

    /**
     * Spearman's rank correlation; ties get the mean of their ranks.
     *
     * <p>Source: C. Spearman, "The proof and measurement of association between two things", American Journal of
     * Psychology 15 (1904).
     *
     * @throws IllegalArgumentException if there are less than two cases, lengths differ or a value is not finite
     */
    public static OptionalDouble spearman(double[] x, double[] y) {
        check(x, y);
        return correlation(ranks(x), ranks(y));
    }

    /**
     * Kendall's tau-b: pairs of cases in the same order less pairs in opposite order, corrected for ties. Takes time with
     * the square of the cases: 10,000 need some tenths of a second.
     *
     * <p>Source: M. G. Kendall, "The treatment of ties in ranking problems", Biometrika 33 (1945).
     *
     * @throws IllegalArgumentException if there are less than two cases, lengths differ or a value is not finite
     */
    public static OptionalDouble kendallTauB(double[] x, double[] y) {
        check(x, y);
        long balance = 0;
        long apartInX = 0;
        long apartInY = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < i; j++) {
                int orderX = Double.compare(x[i] + 0.0, x[j] + 0.0);
                int orderY = Double.compare(y[i] + 0.0, y[j] + 0.0);
                balance += (long) orderX * orderY;
                apartInX += Math.abs(orderX);
                apartInY += Math.abs(orderY);
            }
        }
        if (apartInX == 0 || apartInY == 0) {
            return OptionalDouble.empty();
        }
        double scale = Math.sqrt((double) apartInX * (double) apartInY);
        return OptionalDouble.of(bounded(balance / scale));
    }

    private static double[] ranks(double[] values) {
        // The ranking takes -0.0 for less than 0.0; the sum with 0.0 makes them one.
        double[] oneZero = Arrays.stream(values).map(value -> value + 0.0).toArray();
        return new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE).apply(oneZero);
    }

    private static OptionalDouble correlation(double[] x, double[] y) {
        if (isConstant(x) || isConstant(y)) {
            return OptionalDouble.empty();
        }
        double scale = Math.sqrt(Moments.variance(x)) * Math.sqrt(Moments.variance(y));
        return OptionalDouble.of(bounded(Moments.covariance(x, y) / scale));
    }

    /** Asked of the values: the variance of equal values may differ from 0 by rounding. */
    private static boolean isConstant(double[] values) {
        for (double value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return true;
    }

    private static double bounded(double coefficient) {
        return Math.max(-1, Math.min(1, coefficient));
    }

    private static void check(double[] x, double[] y) {
        Checks.sameLength("y", y.length, "x", x.length);
        Checks.finite("x", x, 2);
        Checks.finite("y", y, 2);
    }
}
