package io.github.flywheel4j.stats;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The probability of a yes as a function of numbers, {@code 1 / (1 + exp(-(b0 + b1 x1 + b2 x2 + ...)))}, fitted to weighted
 * observations under a normal prior of each coefficient.
 *
 * <pre>{@code
 * LogisticRegression.Prior prior = LogisticRegression.Prior.ridge(2, 1);
 * LogisticRegression rating =
 *         LogisticRegression.fit(features, rated, prior).orElseThrow();
 * double propensity = rating.probability(0.3, 1);
 * }</pre>
 *
 * <p>The fit is the mode of the posterior. A prior of mean 0 and equal precision for all but the intercept is ridge
 * regression; one without precision anywhere is maximum likelihood. {@link #covariance()} is that of Laplace's approximation
 * at the mode, so that {@link #interval} tells how sure a probability is.
 *
 * <p>There is no finite mode where the prior lets a coefficient run away: observations of one class only, features that
 * separate the classes without error, or features that are linear in each other, each under a coefficient without precision.
 * The result is empty then, and never a number of the last iteration. Any precision above zero mends it.
 *
 * <p>Source: Newton's method as in P. McCullagh and J. A. Nelder, "Generalized Linear Models", 2nd edition (1989), sections
 * 2.5 and 4.4; ridge by S. le Cessie and J. C. van Houwelingen, "Ridge estimators in logistic regression", Applied Statistics
 * 41 (1992); existence of a mode by A. Albert and J. A. Anderson, "On the existence of maximum likelihood estimates in
 * logistic regression models", Biometrika 71 (1984); Laplace's approximation in C. M. Bishop, "Pattern Recognition and
 * Machine Learning" (2006), section 4.5. Steps are halved until the posterior rises, so that it converges from anywhere.
 *
 * <p>Features of like spread around zero are best: a ridge treats all alike, and features far from zero are nearly linear in
 * the intercept. Cost: four to eight passes over the observations, each with the square of the number of features.
 *
 * <p>Immutable and thread-safe.
 */
public final class LogisticRegression {

    private static final int MOST_ITERATIONS = 100;
    private static final int MOST_HALVINGS = 50;

    /** Newton's steps square the distance: a step of this size leaves an error at the limit of a double. */
    private static final double SMALL_STEP = 1e-8;

    /** What a step has to gain at least, of what the slope promises: L. Armijo (1966). */
    private static final double LEAST_GAIN = 1e-4;

    private final double[] coefficients;
    private final double[][] precision;
    private final double[][] covariance;
    private final double logLikelihood;
    private final double effectiveCoefficients;
    private final int iterations;

    private LogisticRegression(
            double[] coefficients,
            double[][] precision,
            double[][] covariance,
            double logLikelihood,
            double effectiveCoefficients,
            int iterations) {
        this.coefficients = coefficients;
        this.precision = precision;
        this.covariance = covariance;
        this.logLikelihood = logLikelihood;
        this.effectiveCoefficients = effectiveCoefficients;
        this.iterations = iterations;
    }

    /**
     * Independent normal priors of the intercept and of each feature's coefficient. A precision is one over the variance;
     * 0 says nothing about the coefficient.
     *
     * <p>Immutable and thread-safe.
     */
    public static final class Prior {

        private final double[] means;
        private final double[] precisions;

        private Prior(double[] means, double[] precisions) {
            this.means = means;
            this.precisions = precisions;
        }

        /** No prior at all: the fit is the maximum of the likelihood. */
        public static Prior none(int features) {
            return ridge(features, 0);
        }

        /**
         * Mean 0 and the same precision for each feature's coefficient; the intercept is left alone, so that the mean
         * probability is that of the observations.
         *
         * @param features how many, at least 0
         * @param precision at least 0; 1 is mild for features of spread 1
         * @throws IllegalArgumentException if one is out of range
         */
        public static Prior ridge(int features, double precision) {
            Checks.atLeast("features", features, 0);
            double[] precisions = new double[features + 1];
            Arrays.fill(precisions, 1, precisions.length, precision);
            return of(new double[features + 1], precisions);
        }

        /**
         * A mean and a precision for each coefficient, for example from a fit of similar observations.
         *
         * @param means the intercept's, then one per feature
         * @param precisions likewise, each at least 0 and finite
         * @throws IllegalArgumentException if lengths differ, there is none, or a number is out of range
         */
        public static Prior of(double[] means, double[] precisions) {
            Checks.finite("means", means, 1);
            Checks.sameLength("precisions", precisions.length, "means", means.length);
            Checks.notNegative("precisions", precisions);
            return new Prior(means.clone(), precisions.clone());
        }

        /** How many features it is for. */
        public int features() {
            return means.length - 1;
        }

        /** The log density, without its constant. */
        private double log(double[] at) {
            double sum = 0;
            for (int j = 0; j < at.length; j++) {
                double distance = at[j] - means[j];
                sum -= precisions[j] * distance * distance / 2;
            }
            return sum;
        }

        private void derivatives(double[] at, double[] slope, double[][] curvature) {
            for (int j = 0; j < at.length; j++) {
                slope[j] -= precisions[j] * (at[j] - means[j]);
                curvature[j][j] += precisions[j];
            }
        }

        /** How many coefficients' worth of freedom it takes from the fit. */
        private double heldBack(double[][] covariance) {
            double sum = 0;
            for (int j = 0; j < precisions.length; j++) {
                sum += precisions[j] * covariance[j][j];
            }
            return sum;
        }

        /** A coefficient that no observation depends on has to settle too. */
        private boolean settled(double[] at, double[] step) {
            for (int j = 0; j < at.length; j++) {
                double scale = Math.sqrt(precisions[j]);
                if (!(scale * Math.abs(step[j]) <= SMALL_STEP * (1 + scale * Math.abs(at[j] - means[j])))) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * The fit to observations that count alike.
     *
     * @param features for each observation its numbers, as many as the prior has
     * @param outcomes for each observation yes or no
     * @return empty where there is no finite mode, see above
     * @throws IllegalArgumentException if there is no observation, lengths differ or a number is not finite
     */
    public static Optional<LogisticRegression> fit(double[][] features, boolean[] outcomes, Prior prior) {
        double[] weights = new double[outcomes.length];
        Arrays.fill(weights, 1);
        return fit(features, outcomes, weights, prior);
    }

    /**
     * The fit to observations that count by their weights: an observation of weight 3 is the same as three of weight 1.
     *
     * @param features for each observation its numbers, as many as the prior has
     * @param outcomes for each observation yes or no
     * @param weights for each observation how often it counts, at least 0 and finite
     * @return empty where there is no finite mode, see above
     * @throws IllegalArgumentException if there is no observation, lengths differ or a number is out of range
     */
    public static Optional<LogisticRegression> fit(
            double[][] features, boolean[] outcomes, double[] weights, Prior prior) {
        LogisticLikelihood likelihood = likelihood(features, outcomes, weights, prior);
        // From zero every observation tells as much as it can, so a matrix that fails is one that always fails.
        return Optional.ofNullable(climb(likelihood, prior, new double[prior.means.length]));
    }

    /**
     * Equal to {@link #fit(double[][], boolean[], double[], Prior)}, but starting at the coefficients of this fit, which is
     * faster where the observations are alike: in a bootstrap the same ones with other weights.
     */
    public Optional<LogisticRegression> refit(double[][] features, boolean[] outcomes, double[] weights, Prior prior) {
        Checks.sameLength("prior", prior.means.length, "the coefficients", coefficients.length);
        LogisticRegression fit = climb(likelihood(features, outcomes, weights, prior), prior, coefficients);
        return fit != null ? Optional.of(fit) : fit(features, outcomes, weights, prior);
    }

    /** The intercept, then the coefficient of each feature. */
    public double[] coefficients() {
        return coefficients.clone();
    }

    /** The negative second derivatives of the log posterior at the mode, in the order of the coefficients. */
    public double[][] precision() {
        return copy(precision);
    }

    /** The inverse of {@link #precision()}: the covariance of the coefficients by Laplace's approximation. */
    public double[][] covariance() {
        return copy(covariance);
    }

    /** The log likelihood at the mode, without the prior. */
    public double logLikelihood() {
        return logLikelihood;
    }

    /**
     * How many coefficients the observations decided, rather than the prior: all of them without a prior. Source: T. Hastie,
     * R. Tibshirani and J. Friedman, "The Elements of Statistical Learning", 2nd edition (2009), section 3.4.1, with the
     * weights of the mode.
     */
    public double effectiveCoefficients() {
        return effectiveCoefficients;
    }

    /** How many steps it took. */
    public int iterations() {
        return iterations;
    }

    /**
     * The log odds of a yes.
     *
     * @param features as many as in the fit
     * @throws IllegalArgumentException if there are more or fewer
     */
    public double logOdds(double... features) {
        Checks.sameLength("features", features.length, "the fit", coefficients.length - 1);
        return LogisticLikelihood.logOdds(coefficients, features);
    }

    /**
     * The probability of a yes.
     *
     * @param features as many as in the fit
     * @throws IllegalArgumentException if there are more or fewer
     */
    public double probability(double... features) {
        return LogisticLikelihood.probability(logOdds(features));
    }

    /**
     * The probability of a yes with the interval of Laplace's approximation, which is normal in the log odds.
     *
     * @param level for example 0.95
     * @param features as many as in the fit
     * @throws IllegalArgumentException if there are more or fewer, or the level is not between 0 and 1
     */
    public Interval interval(double level, double... features) {
        Checks.level(level);
        double odds = logOdds(features);
        double[] row = row(features);
        double variance = 0;
        for (int i = 0; i < row.length; i++) {
            for (int j = 0; j < row.length; j++) {
                variance += row[i] * covariance[i][j] * row[j];
            }
        }
        double half = Moments.twoSidedZ(level) * Math.sqrt(Math.max(0, variance));
        return new Interval(
                LogisticLikelihood.probability(odds),
                LogisticLikelihood.probability(odds - half),
                LogisticLikelihood.probability(odds + half),
                level);
    }

    private static LogisticLikelihood likelihood(
            double[][] features, boolean[] outcomes, double[] weights, Prior prior) {
        return LogisticLikelihood.of(features, outcomes, weights, prior.features());
    }

    /** Newton's steps from a start to the mode; null where the matrix fails or the steps do not end. */
    private static @Nullable LogisticRegression climb(LogisticLikelihood likelihood, Prior prior, double[] start) {
        double[] at = start.clone();
        double height = likelihood.log(at) + prior.log(at);
        for (int iteration = 1; iteration <= MOST_ITERATIONS; iteration++) {
            double[] slope = new double[at.length];
            double[][] curvature = new double[at.length][at.length];
            likelihood.derivatives(at, slope, curvature);
            prior.derivatives(at, slope, curvature);
            Cholesky factor = Cholesky.of(curvature);
            if (factor == null) {
                return null;
            }
            double[] step = factor.solve(slope);
            if (likelihood.settled(at, step, SMALL_STEP) && prior.settled(at, step)) {
                return finished(likelihood, prior, plus(at, step, 1), iteration);
            }
            double promised = 0;
            for (int i = 0; i < step.length; i++) {
                promised += slope[i] * step[i];
            }
            double share = 1;
            double[] next = plus(at, step, share);
            double higher = likelihood.log(next) + prior.log(next);
            double rounding = 1e-14 * (1 + Math.abs(height));
            for (int halvings = 0; !(higher >= height + LEAST_GAIN * share * promised - rounding); halvings++) {
                if (halvings == MOST_HALVINGS) {
                    return null;
                }
                share /= 2;
                next = plus(at, step, share);
                higher = likelihood.log(next) + prior.log(next);
            }
            at = next;
            height = higher;
        }
        return null;
    }

    private static @Nullable LogisticRegression finished(
            LogisticLikelihood likelihood, Prior prior, double[] mode, int iterations) {
        double[][] curvature = new double[mode.length][mode.length];
        double[] slope = new double[mode.length];
        likelihood.derivatives(mode, slope, curvature);
        prior.derivatives(mode, slope, curvature);
        Cholesky factor = Cholesky.of(curvature);
        if (factor == null) {
            return null;
        }
        double[][] covariance = factor.inverse();
        return new LogisticRegression(
                mode,
                symmetric(curvature),
                covariance,
                likelihood.log(mode),
                mode.length - prior.heldBack(covariance),
                iterations);
    }

    private static double[] plus(double[] at, double[] step, double share) {
        double[] sum = at.clone();
        for (int j = 0; j < at.length; j++) {
            sum[j] += share * step[j];
        }
        return sum;
    }

    private static double[] row(double[] features) {
        double[] row = new double[features.length + 1];
        row[0] = 1;
        System.arraycopy(features, 0, row, 1, features.length);
        return row;
    }

    /** The lower half, mirrored. */
    private static double[][] symmetric(double[][] matrix) {
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < i; j++) {
                matrix[j][i] = matrix[i][j];
            }
        }
        return matrix;
    }

    private static double[][] copy(double[][] matrix) {
        return Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
    }
}
