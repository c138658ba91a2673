package io.github.flywheel4j.stats;

import java.util.Arrays;

/**
 * The mean over everybody from the outcomes of those who were observed, where some kinds are observed more often than
 * others: those who rate are not like those who do not.
 *
 * <p>It corrects for what the propensities know, and for nothing else: if satisfied users rate more often for a reason that
 * the propensities do not hold, the estimate stays biased. Propensities below a floor are raised to it, because one rare
 * case must not outweigh all others; that trades some bias for less noise, and {@link #clippedShare()} tells how often it
 * happened.
 *
 * <pre>{@code
 * WeightedMeans means = WeightedMeans.of(rated, propensities, 0.02);
 * Interval satisfied = means.selfNormalised(thumbs, 0.95, Bootstrap.of(2_000, random));
 * }</pre>
 *
 * <p>The intervals take the propensities as given. Where they were fitted to the same members, see {@link
 * FittedPropensities}.
 *
 * <p>Immutable and thread-safe.
 */
public final class WeightedMeans {

    private final double[] weights;
    private final double clippedShare;

    private WeightedMeans(double[] weights, double clippedShare) {
        this.weights = weights;
        this.clippedShare = clippedShare;
    }

    /**
     * The weights of a population.
     *
     * @param observed for each member whether its outcome was observed; at least one was
     * @param propensities for each member the probability, above 0 and at most 1, that it would be observed
     * @param leastPropensity the floor, above 0 and at most 1; with 0.02 no member counts for more than 50
     * @throws IllegalArgumentException if lengths differ, nobody was observed or a propensity is out of range
     */
    public static WeightedMeans of(boolean[] observed, double[] propensities, double leastPropensity) {
        Checks.sameLength("propensities", propensities.length, "observed", observed.length);
        Checks.share("leastPropensity", leastPropensity);
        Checks.positive("leastPropensity", leastPropensity);
        double[] weights = new double[observed.length];
        int count = 0;
        int clipped = 0;
        for (int i = 0; i < observed.length; i++) {
            Checks.share("propensities[" + i + "]", propensities[i]);
            Checks.positive("propensities[" + i + "]", propensities[i]);
            if (observed[i]) {
                count++;
                weights[i] = 1 / Math.max(leastPropensity, propensities[i]);
                clipped += propensities[i] < leastPropensity ? 1 : 0;
            }
        }
        if (count == 0) {
            throw new IllegalArgumentException("observed: 0 of " + observed.length + " (expected: at least one)");
        }
        return new WeightedMeans(weights, (double) clipped / count);
    }

    /** The share of the observed members whose propensity was raised to the floor. */
    public double clippedShare() {
        return clippedShare;
    }

    /**
     * How many equally weighted members would tell as much: L. Kish, "Survey Sampling" (1965), section 11.7.
     */
    public double effectiveSize() {
        double sum = 0;
        double squares = 0;
        for (double weight : weights) {
            sum += weight;
            squares += weight * weight;
        }
        return sum * sum / squares;
    }

    /**
     * The propensity-weighted mean, divided by the sum of the weights, so that it stays within the range of the outcomes.
     *
     * <p>Source: J. Hájek's comment in "Foundations of Statistical Inference" (1971); A. Swaminathan and T. Joachims, "The
     * Self-Normalized Estimator for Counterfactual Learning", NIPS (2015), section 4.
     *
     * @param outcomes one per member; those of members that were not observed are not looked at
     * @throws IllegalArgumentException if there is not one per member or an observed one is not finite
     */
    public double selfNormalised(double[] outcomes) {
        check(outcomes);
        return corrected(everybody(), outcomes, new double[weights.length]);
    }

    /**
     * The propensity-weighted mean with a percentile interval.
     *
     * @param outcomes one per member; those of members that were not observed are not looked at
     * @throws IllegalArgumentException as the method above does, and if the bootstrap's clusters are of another number
     */
    public Interval selfNormalised(double[] outcomes, double level, Bootstrap bootstrap) {
        check(outcomes);
        double[] nothing = new double[weights.length];
        return bootstrap.percentile(weights.length, indices -> corrected(indices, outcomes, nothing), level);
    }

    /**
     * The doubly robust mean: the mean of predictions for all, corrected by the weighted mean error of the predictions where
     * outcomes were observed. Right if either the propensities or the predictions are.
     *
     * <p>Source: J. M. Robins, A. Rotnitzky and L. P. Zhao, "Estimation of regression coefficients when some regressors are
     * not always observed", JASA 89 (1994); the self-normalised form in J. D. Y. Kang and J. L. Schafer, "Demystifying
     * double robustness", Statistical Science 22 (2007), section 3.
     *
     * @param outcomes one per member; those of members that were not observed are not looked at
     * @param predictions one per member, for example a judge's score, made without looking at the outcome
     * @throws IllegalArgumentException if there is not one of each per member, or one is not finite
     */
    public double doublyRobust(double[] outcomes, double[] predictions) {
        check(outcomes, predictions);
        return corrected(everybody(), outcomes, predictions);
    }

    /**
     * The doubly robust mean with a percentile interval.
     *
     * @param outcomes one per member; those of members that were not observed are not looked at
     * @param predictions one per member, made without looking at the outcome
     * @throws IllegalArgumentException as the method above does, and if the bootstrap's clusters are of another number
     */
    public Interval doublyRobust(double[] outcomes, double[] predictions, double level, Bootstrap bootstrap) {
        check(outcomes, predictions);
        return bootstrap.percentile(weights.length, indices -> corrected(indices, outcomes, predictions), level);
    }

    /** The mean prediction and the weighted mean error of the predictions; NaN where nobody was observed. */
    private double corrected(int[] indices, double[] outcomes, double[] predictions) {
        double predicted = 0;
        double errors = 0;
        double total = 0;
        for (int i : indices) {
            predicted += predictions[i];
            if (weights[i] > 0) {
                errors += weights[i] * (outcomes[i] - predictions[i]);
                total += weights[i];
            }
        }
        return predicted / indices.length + errors / total;
    }

    private int[] everybody() {
        int[] all = new int[weights.length];
        Arrays.setAll(all, i -> i);
        return all;
    }

    private void check(double[] outcomes) {
        Checks.sameLength("outcomes", outcomes.length, "the members", weights.length);
        for (int i = 0; i < outcomes.length; i++) {
            if (weights[i] > 0 && !Double.isFinite(outcomes[i])) {
                throw new IllegalArgumentException("outcomes[" + i + "]: " + outcomes[i]
                        + " (expected: a finite number, because it was observed)");
            }
        }
    }

    private void check(double[] outcomes, double[] predictions) {
        check(outcomes);
        Checks.sameLength("predictions", predictions.length, "the members", weights.length);
        Checks.finite("predictions", predictions, 1);
    }
}
