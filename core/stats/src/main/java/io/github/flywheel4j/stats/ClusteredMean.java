package io.github.flywheel4j.stats;

import java.util.HashMap;
import java.util.Map;

/**
 * A mean with the CR2 standard error and Satterthwaite's degrees of freedom; sources at {@link Intervals#clusteredMean}.
 *
 * <p>For a regression on a constant alone the hat matrix is 1/n everywhere, so the adjustment of cluster g with the share
 * p of all cases is a division by the square root of 1 - p, and nothing has to be inverted.
 */
record ClusteredMean(double mean, double standardError, double degreesOfFreedom) {

    static ClusteredMean of(double[] values, int[] clusters) {
        Checks.sameLength("clusters", clusters.length, "values", values.length);
        Checks.finite("values", values, 2);
        double mean = Moments.mean(values);
        double variance = 0;
        double sumOfSquaredShares = 0;
        double sumOfCross = 0;
        double sumOfSquaredCross = 0;
        for (int[] members : Clusters.members(clusters)) {
            double share = (double) members.length / values.length;
            double residual = 0;
            for (int index : members) {
                residual += values[index] - mean;
            }
            variance += residual * residual / (1 - share);
            double cross = share * share / (1 - share);
            sumOfSquaredShares += share * share;
            sumOfCross += cross;
            sumOfSquaredCross += cross * cross;
        }
        double degreesOfFreedom = 1 / (sumOfSquaredShares + sumOfCross * sumOfCross - sumOfSquaredCross);
        return new ClusteredMean(mean, Math.sqrt(variance) / values.length, degreesOfFreedom);
    }

    /** How the means of two samples vary together, because some of their values are of the same clusters. */
    static double covariance(double[] x, int[] clustersOfX, double[] y, int[] clustersOfY) {
        Map<Integer, Double> residuals = new HashMap<>();
        double meanX = Moments.mean(x);
        for (int i = 0; i < x.length; i++) {
            residuals.merge(clustersOfX[i], x[i] - meanX, Double::sum);
        }
        double meanY = Moments.mean(y);
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += residuals.getOrDefault(clustersOfY[i], 0.0) * (y[i] - meanY);
        }
        return sum / x.length / y.length;
    }
}
