package io.github.flywheel4j.stats;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.inference.ContinuityCorrection;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;
import org.apache.commons.statistics.ranking.NaNStrategy;
import org.apache.commons.statistics.ranking.NaturalRanking;
import org.apache.commons.statistics.ranking.TiesStrategy;

/**
 * Two-sided tests of the difference between two scores of the same cases, such as a candidate's and a baseline's. Pure
 * functions (those with a generator draw from it), safe from any thread; inputs are never changed.
 *
 * <p>Which one: {@link #signFlip} assumes nothing but that the sign of each difference is as likely one way as the other;
 * {@link #clusteredSignFlip} and {@link #clusteredT} where cases come in clusters. {@link #t} and {@link #wilcoxon} are
 * what readers know. Scores that only pass or fail belong to {@link CountTests#mcnemarExact}.
 *
 * <p>Equal scores throughout are no evidence: every test then has the p-value 1.
 */
public final class PairedTests {

    /** Two to this power sign patterns take some milliseconds; beyond it random patterns are as good. */
    private static final int MOST_UNITS_ENUMERATED = 20;

    /** SciPy's limits, so that figures can be checked there. */
    private static final int MOST_EXACT_WILCOXON = 50;

    private static final int MOST_PERMUTED_WILCOXON = 13;

    /** Sums of the same numbers in another order differ by rounding; what differs by less is equal. */
    private static final double ROUNDING = 1e-12;

    private PairedTests() {}

    /**
     * Student's paired t test. The statistic is t with one degree of freedom less than there are cases.
     *
     * <p>Source: "Student", "The probable error of a mean", Biometrika 6 (1908).
     *
     * @throws IllegalArgumentException if there are less than two cases, lengths differ or a value is not finite
     */
    public static TestResult t(double[] x, double[] y) {
        double[] differences = Checks.differences(x, y, 2);
        double standardError = Math.sqrt(Moments.variance(differences) / differences.length);
        return t(Moments.mean(differences), standardError, differences.length - 1, "paired t");
    }

    /**
     * The paired t test for cases that come in clusters: differences within a cluster may depend on each other. The
     * statistic is t; the interval that belongs to it is {@link Intervals#clusteredMean} of the differences, where the
     * method is described. Where each case is its own cluster it equals {@link #t}.
     *
     * @param clusters the cluster of each case; any numbers, equal for cases that belong together
     * @throws IllegalArgumentException if there are less than two clusters, lengths differ or a value is not finite
     */
    public static TestResult clusteredT(double[] x, double[] y, int[] clusters) {
        ClusteredMean mean = ClusteredMean.of(Checks.differences(x, y, 2), clusters);
        return t(mean.mean(), mean.standardError(), mean.degreesOfFreedom(), "clustered paired t, CR2");
    }

    private static TestResult t(double mean, double standardError, double degreesOfFreedom, String method) {
        double t = mean == 0 ? 0 : mean / standardError;
        double p = 2 * TDistribution.of(degreesOfFreedom).survivalProbability(Math.abs(t));
        return new TestResult(t, Math.min(1, p), method);
    }

    /**
     * The permutation test of the mean difference: in how many of all patterns of signs the mean is as far from 0 as it
     * was found. Exact up to 20 cases that differ; beyond, by random patterns, counting the one found, so that the p-value
     * is never 0 and never too small on average. The statistic is the mean difference.
     *
     * <p>Source: R. A. Fisher, "The Design of Experiments" (1935), section 21; for random patterns B. Phipson and G. K.
     * Smyth, "Permutation p-values should never be zero", Statistical Applications in Genetics and Molecular Biology 9
     * (2010), section 4.
     *
     * @param resamples random patterns, at least 100, if they are needed; 10,000 give a p-value of 0.05 to some 0.004
     * @param random where random patterns come from
     * @throws IllegalArgumentException if there is no case, lengths differ, a value is not finite or there are too few
     *     resamples
     */
    public static TestResult signFlip(double[] x, double[] y, int resamples, RandomGenerator random) {
        double[] differences = Checks.differences(x, y, 1);
        return signFlip(differences, differences.length, resamples, random, "sign-flip permutation");
    }

    /**
     * The permutation test that flips whole clusters, for cases that depend on each other within a cluster. The statistic
     * is the mean difference over all cases. Where each case is its own cluster it equals {@link #signFlip}.
     *
     * @param clusters the cluster of each case; any numbers, equal for cases that belong together
     * @throws IllegalArgumentException as {@link #signFlip} does, and if there are less than two clusters
     */
    public static TestResult clusteredSignFlip(
            double[] x, double[] y, int[] clusters, int resamples, RandomGenerator random) {
        double[] differences = Checks.differences(x, y, 1);
        Checks.sameLength("clusters", clusters.length, "x", x.length);
        double[] sums = Clusters.sums(differences, clusters);
        return signFlip(sums, differences.length, resamples, random, "clustered sign-flip permutation");
    }

    private static TestResult signFlip(
            double[] units, int cases, int resamples, RandomGenerator random, String method) {
        Checks.atLeast("resamples", resamples, 100);
        // Flipping a zero changes nothing, and leaving it out halves the work.
        double[] nonZero = Arrays.stream(units).filter(unit -> unit != 0).toArray();
        double found = Arrays.stream(nonZero).sum();
        if (nonZero.length <= MOST_UNITS_ENUMERATED) {
            return new TestResult(found / cases, exactSignFlip(nonZero), method + ", exact");
        }
        double threshold = threshold(nonZero, found);
        int asFar = 1;
        for (int i = 0; i < resamples; i++) {
            if (Math.abs(flipped(nonZero, random)) >= threshold) {
                asFar++;
            }
        }
        return new TestResult(found / cases, asFar / (resamples + 1.0), method + ", " + resamples + " random patterns");
    }

    private static double threshold(double[] units, double found) {
        return Math.abs(found) - ROUNDING * Arrays.stream(units).map(Math::abs).sum();
    }

    private static double flipped(double[] units, RandomGenerator random) {
        double sum = 0;
        long signs = 0;
        for (int i = 0; i < units.length; i++) {
            signs = i % Long.SIZE == 0 ? random.nextLong() : signs >>> 1;
            sum += (signs & 1) == 0 ? units[i] : -units[i];
        }
        return sum;
    }

    /** The share of sign patterns whose sum is as far from 0; the pattern and its mirror count alike, so half are tried. */
    private static double exactSignFlip(double[] units) {
        if (units.length == 0) {
            return 1;
        }
        double threshold = threshold(units, Arrays.stream(units).sum());
        long asFar = patternsAsFar(units, 1, units[0], threshold);
        return (double) asFar / (1L << (units.length - 1));
    }

    private static long patternsAsFar(double[] units, int from, double sum, double threshold) {
        if (from == units.length) {
            return Math.abs(sum) >= threshold ? 1 : 0;
        }
        return patternsAsFar(units, from + 1, sum + units[from], threshold)
                + patternsAsFar(units, from + 1, sum - units[from], threshold);
    }

    /**
     * Wilcoxon's signed-rank test. The statistic is the smaller of the two rank sums.
     *
     * <p>As in SciPy ({@code scipy.stats.wilcoxon} with its defaults): equal pairs are left out; the p-value is exact up to
     * 50 cases without equal pairs and tied differences, by all patterns of signs up to 13 cases with them, and else by the
     * normal approximation with tie correction and without continuity correction.
     *
     * <p>Source: F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945).
     *
     * @throws IllegalArgumentException if there is no case, lengths differ or a value is not finite
     */
    public static TestResult wilcoxon(double[] x, double[] y) {
        double[] differences = Checks.differences(x, y, 1);
        double[] nonZero = Arrays.stream(differences).filter(d -> d != 0).toArray();
        double[] signedRanks = signedRanks(nonZero);
        double positive = Arrays.stream(signedRanks).filter(rank -> rank > 0).sum();
        double negative = -Arrays.stream(signedRanks).filter(rank -> rank < 0).sum();
        double statistic = Math.min(positive, negative);
        boolean plain = nonZero.length == differences.length && !hasTies(nonZero);
        if (nonZero.length == 0) {
            return new TestResult(statistic, 1, "Wilcoxon signed rank, exact");
        }
        if (plain && differences.length <= MOST_EXACT_WILCOXON) {
            return new TestResult(statistic, p(nonZero, PValueMethod.EXACT), "Wilcoxon signed rank, exact");
        }
        if (differences.length <= MOST_PERMUTED_WILCOXON) {
            return new TestResult(statistic, exactSignFlip(signedRanks), "Wilcoxon signed rank, all permutations");
        }
        return new TestResult(
                statistic, p(nonZero, PValueMethod.ASYMPTOTIC), "Wilcoxon signed rank, normal approximation");
    }

    private static double p(double[] differences, PValueMethod method) {
        double p = WilcoxonSignedRankTest.withDefaults()
                .with(method)
                .with(ContinuityCorrection.DISABLED)
                .test(differences)
                .getPValue();
        return Math.min(1, p);
    }

    private static double[] signedRanks(double[] differences) {
        if (differences.length == 0) {
            return differences;
        }
        double[] sizes = Arrays.stream(differences).map(Math::abs).toArray();
        double[] ranks = new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE).apply(sizes);
        for (int i = 0; i < ranks.length; i++) {
            ranks[i] = Math.copySign(ranks[i], differences[i]);
        }
        return ranks;
    }

    private static boolean hasTies(double[] differences) {
        return Arrays.stream(differences).map(Math::abs).distinct().count() < differences.length;
    }
}
