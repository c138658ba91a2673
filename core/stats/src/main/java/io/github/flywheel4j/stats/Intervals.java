package io.github.flywheel4j.stats;

import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * Confidence intervals of a rate and of a mean. Pure functions, safe from any thread; inputs are never changed.
 *
 * <p>Which one: {@link #wilson} for a rate of independent cases, {@link #clopperPearson} where the level must hold for
 * every rate (safety), {@link #mean} for the mean of independent scores, {@link #clusteredMean} as soon as several cases
 * come from one conversation, document or user. Counting clustered cases as independent makes intervals too narrow,
 * often by half.
 *
 * <p>A level is a number between 0 and 1, for example 0.95.
 */
public final class Intervals {

    private Intervals() {}

    /**
     * Wilson's score interval of a rate: close to its level on average over rates, also for few cases and near 0 and 1.
     *
     * <p>Source: E. B. Wilson, "Probable Inference", JASA 22 (1927); method 3 of R. G. Newcombe, "Two-sided confidence
     * intervals for the single proportion", Statistics in Medicine 17 (1998).
     *
     * @throws IllegalArgumentException if there is no trial, or successes are not within 0 and the trials
     */
    public static Interval wilson(long successes, long trials, double level) {
        double p = rate(successes, trials, level);
        double z = Moments.twoSidedZ(level);
        double n = trials;
        double centre = (2 * n * p + z * z) / (2 * (n + z * z));
        double half = z * Math.sqrt(z * z + 4 * n * p * (1 - p)) / (2 * (n + z * z));
        return interval(successes, trials, centre - half, centre + half, level);
    }

    /**
     * Wilson's interval with continuity correction: holds its level for almost every rate, and is wider for it.
     *
     * <p>Source: method 4 of Newcombe (1998), see {@link #wilson}.
     *
     * @throws IllegalArgumentException if there is no trial, or successes are not within 0 and the trials
     */
    public static Interval wilsonContinuityCorrected(long successes, long trials, double level) {
        double p = rate(successes, trials, level);
        double q = 1 - p;
        double z = Moments.twoSidedZ(level);
        double n = trials;
        double scale = 2 * (n + z * z);
        double low = (2 * n * p + z * z - 1 - z * Math.sqrt(z * z - 2 - 1 / n + 4 * p * (n * q + 1))) / scale;
        double high = (2 * n * p + z * z + 1 + z * Math.sqrt(z * z + 2 - 1 / n + 4 * p * (n * q - 1))) / scale;
        return interval(successes, trials, low, high, level);
    }

    /**
     * Clopper and Pearson's exact interval of a rate: never below its level, whatever the rate, and often well above it.
     *
     * <p>Source: C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits", Biometrika 26 (1934), by
     * quantiles of the beta distribution.
     *
     * @throws IllegalArgumentException if there is no trial, or successes are not within 0 and the trials
     */
    public static Interval clopperPearson(long successes, long trials, double level) {
        rate(successes, trials, level);
        double tail = (1 - level) / 2;
        long failures = trials - successes;
        double low = successes == 0 ? 0 : beta(successes, failures + 1).inverseCumulativeProbability(tail);
        double high = failures == 0 ? 1 : beta(successes + 1, failures).inverseSurvivalProbability(tail);
        return interval(successes, trials, low, high, level);
    }

    /**
     * Student's interval of the mean of independent values.
     *
     * <p>Source: "Student", "The probable error of a mean", Biometrika 6 (1908).
     *
     * @throws IllegalArgumentException if there are less than two values or one is not finite
     */
    public static Interval mean(double[] values, double level) {
        Checks.level(level);
        Checks.finite("values", values, 2);
        double mean = Moments.mean(values);
        double half = Moments.twoSidedT(level, values.length - 1) * Math.sqrt(Moments.variance(values) / values.length);
        return new Interval(mean, mean - half, mean + half, level);
    }

    /**
     * Interval of the mean of values that come in clusters: values of one cluster may depend on each other in any way,
     * values of different clusters not at all. Where each value is its own cluster it equals {@link #mean}.
     *
     * <p>The variance is CR2 with Satterthwaite's degrees of freedom, which keep the level with few clusters of uneven
     * size, where the common CR0 and CR1 with normal quantiles do not. Source: R. M. Bell and D. F. McCaffrey, "Bias
     * reduction in standard errors for linear regression with multi-stage samples", Survey Methodology 28 (2002); G. W.
     * Imbens and M. Kolesár, "Robust standard errors in small samples", Review of Economics and Statistics 98 (2016),
     * section IV; for a mean alone both have the closed form that is used here. For evals: E. Miller, "Adding Error Bars to
     * Evals", arXiv:2411.00640 (2024), section 2.2.
     *
     * @param values the scores, one per case
     * @param clusters the cluster of each case; any numbers, equal for cases that belong together
     * @throws IllegalArgumentException if there are less than two clusters, lengths differ or a value is not finite
     */
    public static Interval clusteredMean(double[] values, int[] clusters, double level) {
        Checks.level(level);
        ClusteredMean mean = ClusteredMean.of(values, clusters);
        double half = Moments.twoSidedT(level, mean.degreesOfFreedom()) * mean.standardError();
        return new Interval(mean.mean(), mean.mean() - half, mean.mean() + half, level);
    }

    /**
     * Interval of a rate where cases come in clusters, or each case has a rate of its own from several tries. Unlike {@link
     * #clusteredMean} it stays within 0 and 1 and does not shrink to nothing where everything passed. Where each value is 0
     * or 1 and its own cluster it equals {@link #wilson}.
     *
     * <p>It is Wilson's interval for the effective number of cases: so many independent ones would vary as much as these do
     * by {@link #clusteredMean}, with Student's quantile in place of the normal one. Where all values are 0 or all are 1,
     * each cluster counts as one case. Where only a handful of clusters fail at all it covers some 92 % at a level of 95.
     * Source: E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with
     * small expected number of positive counts estimated from survey data", Survey Methodology 24 (1998), for the effective
     * number; N. Dean and M. Pagano, "Evaluating confidence interval methods for binomial proportions in clustered surveys",
     * Journal of Survey Statistics and Methodology 3 (2015), for Wilson's interval on it.
     *
     * @param values one per case, from 0 to 1
     * @param clusters the cluster of each case; any numbers, equal for cases that belong together
     * @throws IllegalArgumentException if there are less than two clusters, lengths differ or a value is not within 0 and 1
     */
    public static Interval clusteredRate(double[] values, int[] clusters, double level) {
        Checks.level(level);
        EffectiveRate effective = EffectiveRate.of(values, clusters, level);
        return wilson(effective.rate(), effective.cases(), level);
    }

    /** Wilson's interval of a rate that varies as much as one of so many independent cases, whole or not. */
    static Interval wilson(double rate, double effective, double level) {
        double z = Moments.twoSidedZ(level);
        double centre = (2 * effective * rate + z * z) / (2 * (effective + z * z));
        double half = z * Math.sqrt(z * z + 4 * effective * rate * (1 - rate)) / (2 * (effective + z * z));
        double low = rate == 0 ? 0 : Math.max(0, centre - half);
        double high = rate == 1 ? 1 : Math.min(1, centre + half);
        return new Interval(rate, Math.min(low, rate), Math.max(high, rate), level);
    }

    private static double rate(long successes, long trials, double level) {
        Checks.level(level);
        Checks.atLeast("trials", trials, 1);
        if (successes < 0 || successes > trials) {
            throw new IllegalArgumentException(
                    "successes: " + successes + " (expected: 0 to " + trials + ", the trials)");
        }
        return (double) successes / trials;
    }

    /** The limits are 0 and 1 exactly where they must be, without the dust of rounding. */
    private static Interval interval(long successes, long trials, double low, double high, double level) {
        return new Interval(
                (double) successes / trials,
                successes == 0 ? 0 : Math.max(0, low),
                successes == trials ? 1 : Math.min(1, high),
                level);
    }

    private static BetaDistribution beta(long a, long b) {
        return BetaDistribution.of((double) a, (double) b);
    }
}
