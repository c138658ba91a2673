package io.github.flywheel4j.stats;

import java.util.Arrays;
import java.util.Optional;

/**
 * Propensities to be observed that were fitted to the same members whose outcomes are then weighted by them, with intervals
 * that know of the fit.
 *
 * <pre>{@code
 * FittedPropensities fitted =
 *         FittedPropensities.of(features, rated, Prior.ridge(2, 1), 0.02).orElseThrow();
 * Bootstrap byUser = Bootstrap.of(2_000, random).byCluster(users);
 * Interval satisfied = fitted.selfNormalised(thumbs, 0.95, byUser);
 * }</pre>
 *
 * <p>Each resample is fitted anew by one Newton step from the fit to all, which is as good as a whole fit up to terms that
 * vanish with the number of members, and as cheap as a pass over them. Taking fitted propensities for known ones makes
 * intervals wrong, mostly too wide. Source: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application" (1997),
 * section 7.2; D. W. K. Andrews, "Higher-order improvements of a computationally attractive k-step bootstrap for extremum
 * estimators", Econometrica 70 (2002); why the fit matters, J. K. Lunceford and M. Davidian, "Stratification and weighting via
 * the propensity score", Statistics in Medicine 23 (2004), section 3.
 *
 * <p>What is said in {@link WeightedMeans} of what propensities can correct holds here too. Immutable and thread-safe.
 */
public final class FittedPropensities {

    private static final double TINY = 1e-300;
    private static final double MOST = 1 - 1e-9;

    private final double[][] features;
    private final boolean[] observed;
    private final double leastPropensity;
    private final double[] coefficients;
    private final double effectiveCoefficients;
    private final WeightedMeans means;

    /** For each member how it moves the coefficients in one Newton step, flat. */
    private final double[] moves;

    private final double[] allMoves;

    private FittedPropensities(
            double[][] features, boolean[] observed, double leastPropensity, LogisticRegression fit) {
        this.features = features;
        this.observed = observed;
        this.leastPropensity = leastPropensity;
        this.coefficients = fit.coefficients();
        this.effectiveCoefficients = fit.effectiveCoefficients();
        int width = coefficients.length;
        this.moves = new double[features.length * width];
        this.allMoves = new double[width];
        double[] propensities = new double[features.length];
        double[][] covariance = fit.covariance();
        for (int i = 0; i < features.length; i++) {
            propensities[i] = propensity(coefficients, features[i]);
            double error = (observed[i] ? 1 : 0) - propensities[i];
            for (int j = 0; j < width; j++) {
                double move = covariance[j][0];
                for (int k = 1; k < width; k++) {
                    move += covariance[j][k] * features[i][k - 1];
                }
                moves[i * width + j] = error * move;
                allMoves[j] += error * move;
            }
        }
        this.means = WeightedMeans.of(observed, propensities, leastPropensity);
    }

    /**
     * The propensities of a population.
     *
     * @param features for each member its numbers, known whether it was observed or not; best of spread 1 around 0
     * @param observed for each member whether its outcome was observed; some were and some were not
     * @param prior of the fit; a mild ridge keeps it finite
     * @param leastPropensity the floor, above 0 and at most 1; with 0.02 no member counts for more than 50
     * @return empty where there is no finite fit, see {@link LogisticRegression}: all were observed, or none
     * @throws IllegalArgumentException if lengths differ or a number is out of range
     */
    public static Optional<FittedPropensities> of(
            double[][] features, boolean[] observed, LogisticRegression.Prior prior, double leastPropensity) {
        return LogisticRegression.fit(features, observed, prior)
                .map(fit -> new FittedPropensities(features, observed, leastPropensity, fit));
    }

    /** The weighted means with these propensities, for estimates without an interval. */
    public WeightedMeans means() {
        return means;
    }

    /**
     * {@link WeightedMeans#selfNormalised(double[])} with a percentile interval that accounts for the fit.
     *
     * @param outcomes one per member; those of members that were not observed are not looked at
     * @param bootstrap of single members, or by cluster
     * @throws IllegalArgumentException if there is not one per member, an observed one is not finite, or too many resamples
     *     observe nobody
     */
    public Interval selfNormalised(double[] outcomes, double level, Bootstrap bootstrap) {
        means.selfNormalised(outcomes);
        double[] nothing = new double[outcomes.length];
        return interval(outcomes, nothing, level, bootstrap);
    }

    /**
     * {@link WeightedMeans#doublyRobust(double[], double[])} with a percentile interval that accounts for the fit.
     *
     * @param outcomes one per member; those of members that were not observed are not looked at
     * @param predictions one per member, made without looking at the outcome
     * @throws IllegalArgumentException as the method above does, and if a prediction is not finite
     */
    public Interval doublyRobust(double[] outcomes, double[] predictions, double level, Bootstrap bootstrap) {
        means.doublyRobust(outcomes, predictions);
        return interval(outcomes, predictions, level, bootstrap);
    }

    /**
     * Percentiles of a bootstrap are those of a sample that is as wide as its residuals, which are too narrow by what the
     * mean and the fit took from them; so they are taken a little further out. Source: T. C. Hesterberg, "What teachers
     * should know about the bootstrap", The American Statistician 69 (2015), section 3.4 (expanded percentiles); for the
     * fitted coefficients J. G. MacKinnon and H. White, "Some heteroskedasticity-consistent covariance matrix estimators
     * with improved finite sample properties", Journal of Econometrics 29 (1985), HC1.
     */
    private Interval interval(double[] outcomes, double[] predictions, double level, Bootstrap bootstrap) {
        Checks.level(level);
        double size = Math.max(2, means.effectiveSize());
        double scarcer = scarcer();
        double fitted = scarcer / Math.max(1, scarcer - effectiveCoefficients);
        double factor = Math.sqrt(size / (size - 1) * fitted) * Moments.twoSidedT(level, size - 1);
        // Below 1, which no percentile is: with hardly an outcome for each coefficient, all resamples.
        double further = Math.min(MOST, 1 - 2 * Moments.normalProbability(-factor));
        Interval interval =
                bootstrap.percentile(outcomes.length, indices -> refitted(indices, outcomes, predictions), further);
        return new Interval(interval.estimate(), interval.low(), interval.high(), level);
    }

    /** The observed or the others, whichever are fewer: a logistic fit knows as much as they are many. */
    private double scarcer() {
        int count = 0;
        for (boolean each : observed) {
            count += each ? 1 : 0;
        }
        return Math.min(count, observed.length - count);
    }

    private double refitted(int[] indices, double[] outcomes, double[] predictions) {
        double[] at = stepped(indices);
        double[] errors = new double[indices.length];
        double[] propensities = new double[indices.length];
        double predicted = 0;
        int count = 0;
        for (int i : indices) {
            predicted += predictions[i];
            if (observed[i]) {
                errors[count] = outcomes[i] - predictions[i];
                propensities[count++] = propensity(at, features[i]);
            }
        }
        if (count == 0) {
            return Double.NaN;
        }
        boolean[] all = new boolean[count];
        Arrays.fill(all, true);
        return predicted / indices.length
                + WeightedMeans.of(all, Arrays.copyOf(propensities, count), leastPropensity)
                        .selfNormalised(Arrays.copyOf(errors, count));
    }

    /** The coefficients after one Newton step towards the fit of a resample. */
    private double[] stepped(int[] indices) {
        int width = coefficients.length;
        double[] at = new double[width];
        for (int j = 0; j < width; j++) {
            at[j] = coefficients[j] - allMoves[j];
        }
        for (int i : indices) {
            int start = i * width;
            for (int j = 0; j < width; j++) {
                at[j] += moves[start + j];
            }
        }
        return at;
    }

    private static double propensity(double[] coefficients, double[] features) {
        return Math.max(TINY, LogisticLikelihood.probability(LogisticLikelihood.logOdds(coefficients, features)));
    }
}
