package io.github.flywheel4j.stats;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.inference.BinomialTest;
import org.apache.commons.statistics.inference.FisherExactTest;

/**
 * Tests of counts in a table of two by two: the same cases passed or failed under two systems (McNemar), or different
 * cases under each (Fisher). All two-sided. Pure functions, safe from any thread.
 */
public final class CountTests {

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
        double p = discordant == 0
                ? 1
                : BinomialTest.withDefaults().test(discordant, smaller, 0.5).getPValue();
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
        boolean emptyMargin = (a == 0 && b == 0) || (c == 0 && d == 0) || (a == 0 && c == 0) || (b == 0 && d == 0);
        double p = emptyMargin
                ? 1
                : FisherExactTest.withDefaults()
                        .test(new int[][] {{a, b}, {c, d}})
                        .getPValue();
        return new TestResult(oddsRatio, Math.min(1, p), "Fisher, exact");
    }

    private static int discordant(int onlyFirst, int onlySecond) {
        Checks.atLeast("onlyFirst", onlyFirst, 0);
        Checks.atLeast("onlySecond", onlySecond, 0);
        return Math.addExact(onlyFirst, onlySecond);
    }
}
