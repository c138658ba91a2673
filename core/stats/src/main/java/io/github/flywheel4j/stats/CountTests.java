package io.github.flywheel4j.stats;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * Tests of counts in a table of two by two: the same cases passed or failed under two systems (McNemar), or different
 * cases under each (Fisher). All two-sided. Pure functions, safe from any thread.
 */
public final class CountTests {

    /** Tables that are equally probable differ by rounding; R allows the same. */
    private static final double ROUNDING = 1e-7;

    private CountTests() {}

    /**
     * McNemar's exact test: whether cases that only one of two systems passes fall to both sides alike. The statistic is
     * the smaller of the two counts.
     *
     * <p>Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions", Psychometrika
     * 12 (1947), by the binomial distribution. Cases that both pass or both fail say nothing and are not asked for.
     *
     * @param onlyFirst cases that only the first system passed
     * @param onlySecond cases that only the second system passed
     * @throws IllegalArgumentException if a count is negative
     */
    public static TestResult mcnemarExact(int onlyFirst, int onlySecond) {
        int discordant = discordant(onlyFirst, onlySecond);
        int smaller = Math.min(onlyFirst, onlySecond);
        // Not the library's two-sided test: it finds the other tail by comparing probabilities without allowance for
        // rounding, and so misses the mirror image of 18 against 22. Even odds have a mirror image.
        double p = discordant == 0
                ? 1
                : 2 * BinomialDistribution.of(discordant, 0.5).cumulativeProbability(smaller);
        return new TestResult(smaller, Math.min(1, p), "McNemar, exact");
    }

    /**
     * McNemar's test by the chi-square approximation with continuity correction, for 25 discordant cases and more. The
     * statistic is chi-square with one degree of freedom, and 0 where the counts differ by at most one.
     *
     * <p>Source: A. L. Edwards, "Note on the correction for continuity", Psychometrika 13 (1948).
     *
     * @param onlyFirst cases that only the first system passed
     * @param onlySecond cases that only the second system passed
     * @throws IllegalArgumentException if a count is negative
     */
    public static TestResult mcnemarChiSquare(int onlyFirst, int onlySecond) {
        int discordant = discordant(onlyFirst, onlySecond);
        // A correction beyond the difference itself would turn into evidence again.
        double distance = Math.max(0, Math.abs((double) onlyFirst - onlySecond) - 1);
        double statistic = discordant == 0 ? 0 : distance * distance / discordant;
        double p = ChiSquaredDistribution.of(1).survivalProbability(statistic);
        return new TestResult(statistic, p, "McNemar, chi-square with continuity correction");
    }

    /**
     * Fisher's exact test of independence. The statistic is the odds ratio of the sample, {@code a d / (b c)}: infinite
     * where only the denominator is 0, NaN where a row or column is empty (then the p-value is 1).
     *
     * <p>Source: R. A. Fisher, "Statistical Methods for Research Workers" (1934), section 21.02; two-sided by the sum of
     * all tables that are not more probable, as in R and SciPy.
     *
     * @param a successes of the first group
     * @param b failures of the first group
     * @param c successes of the second group
     * @param d failures of the second group
     * @throws IllegalArgumentException if a count is negative
     */
    public static TestResult fisherExact(int a, int b, int c, int d) {
        Checks.atLeast("a", a, 0);
        Checks.atLeast("b", b, 0);
        Checks.atLeast("c", c, 0);
        Checks.atLeast("d", d, 0);
        double oddsRatio = (double) a * d / ((double) b * c);
        return new TestResult(oddsRatio, fisherP(a, b, c, d), "Fisher, exact");
    }

    /**
     * Not the library's test: it compares probabilities without allowance for rounding, and so leaves out tables that are
     * exactly as probable as the one found.
     */
    private static double fisherP(int a, int b, int c, int d) {
        int successes = Math.addExact(a, c);
        int firstGroup = Math.addExact(a, b);
        int all = Math.addExact(successes, Math.addExact(b, d));
        if (all == 0) {
            return 1;
        }
        HypergeometricDistribution tables = HypergeometricDistribution.of(all, successes, firstGroup);
        double most = tables.probability(a) * (1 + ROUNDING);
        double sum = 0;
        for (int i = tables.getSupportLowerBound(); i <= tables.getSupportUpperBound(); i++) {
            double probability = tables.probability(i);
            sum += probability <= most ? probability : 0;
        }
        return Math.min(1, sum);
    }

    private static int discordant(int onlyFirst, int onlySecond) {
        Checks.atLeast("onlyFirst", onlyFirst, 0);
        Checks.atLeast("onlySecond", onlySecond, 0);
        return Math.addExact(onlyFirst, onlySecond);
    }
}
