package io.github.flywheel4j.stats;

import java.util.Arrays;

/**
 * A share with the number of independent cases that would vary as much as these do; sources at {@link
 * Intervals#clusteredRate}.
 *
 * @param rate from 0 to 1
 * @param cases so many, whole or not
 */
record EffectiveRate(double rate, double cases) {

    /** Of values from 0 to 1 over at least two clusters. */
    static EffectiveRate of(double[] values, int[] clusters, double level) {
        ClusteredMean mean = ClusteredMean.of(values, clusters);
        int numberOfClusters = Clusters.members(clusters).length;
        boolean independent = numberOfClusters == values.length;
        for (double value : values) {
            Checks.share("values", value);
            independent &= value == 0 || value == 1;
        }
        double rate = mean.mean();
        double spread = rate * (1 - rate);
        if (independent) {
            return new EffectiveRate(rate, values.length);
        }
        if (!(spread > 0 && mean.standardError() > 0)) {
            return new EffectiveRate(rate, numberOfClusters);
        }
        double student = Moments.twoSidedT(level, mean.degreesOfFreedom()) / Moments.twoSidedZ(level);
        double standardError = mean.standardError() * student;
        return new EffectiveRate(rate, spread / (standardError * standardError));
    }

    /**
     * The same with no more cases than there are, because it is chance if clusters seem to vary less than cases do. One
     * cluster alone counts as one case: it cannot vary more than one does.
     */
    static EffectiveRate atMostCases(double[] values, int[] clusters, double level) {
        Checks.sameLength("clusters", clusters.length, "values", values.length);
        Checks.finite("values", values, 1);
        if (Arrays.stream(clusters).distinct().count() > 1) {
            EffectiveRate effective = of(values, clusters, level);
            return new EffectiveRate(effective.rate, Math.min(effective.cases, values.length));
        }
        for (double value : values) {
            Checks.share("values", value);
        }
        return new EffectiveRate(Moments.mean(values), 1);
    }

    double passed() {
        return rate * cases;
    }
}
