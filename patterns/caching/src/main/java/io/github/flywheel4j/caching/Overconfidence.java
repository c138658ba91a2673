package io.github.flywheel4j.caching;

import org.apache.commons.statistics.distribution.GammaDistribution;

/**
 * By what factor more of the hits are wrong than was expected when the threshold was set, as the audits tell.
 *
 * <p>The wrong ones among audited hits are about Poisson with a mean of this factor times the sum of what was expected of each;
 * under a gamma prior of mean 1 the factor has a gamma posterior (A. Gelman et al., "Bayesian Data Analysis", 3rd edition
 * (2013), section 2.6). What was expected is the mean over the judged lookups that the threshold was chosen by, not the
 * hit's own: so the factor covers a model that is too sure as well as hits that are of another kind than what was judged.
 * Old audits fade, because texts change.
 *
 * <p>Stateful; guarded by the lock of {@link HitPolicy}.
 */
final class Overconfidence {

    /** The prior's wrong hits, as many as expected: a single unlucky audit moves the mean by no more than a fifth. */
    static final double PRIOR = 5;

    private static final double LEAST = 0.5;

    /** A model that errs more is the breaker's. */
    private static final double MOST = 10;

    /** So many of the newest audits count, in effect. */
    private static final double MEMORY = 1_000;

    private double wrong;
    private double expected;

    void audited(double expectedShare, boolean right) {
        wrong = wrong * (1 - 1 / MEMORY) + (right ? 0 : 1);
        expected = expected * (1 - 1 / MEMORY) + expectedShare;
    }

    /** The factor that is not passed with this confidence, between a half and 10. */
    double factor(double confidence) {
        double factor =
                GammaDistribution.of(PRIOR + wrong, 1 / (PRIOR + expected)).inverseCumulativeProbability(confidence);
        return Math.min(MOST, Math.max(LEAST, factor));
    }

    /** The mean of the factor. */
    double mean() {
        return (PRIOR + wrong) / (PRIOR + expected);
    }

    /** The wrong ones, old ones counted less. */
    double wrong() {
        return wrong;
    }

    /** As many as were expected, old ones counted less. */
    double expected() {
        return expected;
    }

    /** Goes on from what an earlier one had seen. */
    void restore(double wrong, double expected) {
        this.wrong = wrong;
        this.expected = expected;
    }
}
