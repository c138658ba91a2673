package io.github.flywheel4j.stats;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/** Means, variances and the quantiles that intervals are made of. */
final class Moments {

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    private Moments() {}

    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** The unbiased variance, in two passes: one pass loses all digits where the mean is large beside the spread. */
    static double variance(double[] values) {
        return covariance(values, values);
    }

    static double covariance(double[] x, double[] y) {
        double meanX = mean(x);
        double meanY = mean(y);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - meanX) * (y[i] - meanY);
        }
        return sum / (x.length - 1);
    }

    /** The normal quantile that leaves {@code (1 - level) / 2} on each side. */
    static double twoSidedZ(double level) {
        return -normalQuantile((1 - level) / 2);
    }

    static double twoSidedT(double level, double degreesOfFreedom) {
        return -TDistribution.of(degreesOfFreedom).inverseCumulativeProbability((1 - level) / 2);
    }

    static double normalQuantile(double probability) {
        return NORMAL.inverseCumulativeProbability(probability);
    }

    static double normalProbability(double z) {
        return NORMAL.cumulativeProbability(z);
    }
}
