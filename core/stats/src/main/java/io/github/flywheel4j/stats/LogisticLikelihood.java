package io.github.flywheel4j.stats;

/** The logistic log likelihood of weighted observations and its derivatives; coefficients begin with the intercept. */
final class LogisticLikelihood {

    private final double[][] features;
    private final boolean[] outcomes;
    private final double[] weights;

    private LogisticLikelihood(double[][] features, boolean[] outcomes, double[] weights) {
        this.features = features;
        this.outcomes = outcomes;
        this.weights = weights;
    }

    static LogisticLikelihood of(double[][] features, boolean[] outcomes, double[] weights, int width) {
        Checks.atLeast("features.length", features.length, 1);
        Checks.sameLength("outcomes", outcomes.length, "the observations", features.length);
        Checks.sameLength("weights", weights.length, "the observations", features.length);
        Checks.notNegative("weights", weights);
        for (int i = 0; i < features.length; i++) {
            if (features[i].length != width) {
                Checks.sameLength("features[" + i + "]", features[i].length, "the prior's features", width);
            }
            for (double feature : features[i]) {
                if (!Double.isFinite(feature)) {
                    Checks.finite("features[" + i + "]", features[i], 0);
                }
            }
        }
        return new LogisticLikelihood(features, outcomes, weights);
    }

    double log(double[] at) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                double odds = logOdds(at, features[i]);
                double towards = outcomes[i] ? odds : -odds;
                // log(1 / (1 + exp(-t))) without overflow, and without losing all digits where it is near 0.
                sum -= weights[i] * (Math.max(0, -towards) + Math.log1p(Math.exp(-Math.abs(towards))));
            }
        }
        return sum;
    }

    /** Adds to the slope and to the lower half of the negative curvature. */
    void derivatives(double[] at, double[] slope, double[][] curvature) {
        for (int i = 0; i < weights.length; i++) {
            double weight = weights[i];
            if (weight == 0) {
                continue;
            }
            double[] x = features[i];
            double probability = probability(logOdds(at, x));
            double error = weight * ((outcomes[i] ? 1 : 0) - probability);
            double information = weight * probability * (1 - probability);
            slope[0] += error;
            curvature[0][0] += information;
            for (int j = 0; j < x.length; j++) {
                double share = information * x[j];
                double[] into = curvature[j + 1];
                slope[j + 1] += error * x[j];
                into[0] += share;
                for (int k = 0; k <= j; k++) {
                    into[k + 1] += share * x[k];
                }
            }
        }
    }

    /**
     * Whether a step changes no log odds. A vanishing slope is no sign of that: where the classes are separated it vanishes
     * while the coefficients go on growing, by about one in the log odds at each step.
     */
    boolean settled(double[] at, double[] step, double small) {
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                double change = logOdds(step, features[i]);
                if (!(Math.abs(change) <= small * (1 + Math.abs(logOdds(at, features[i]))))) {
                    return false;
                }
            }
        }
        return true;
    }

    static double logOdds(double[] coefficients, double[] features) {
        double sum = coefficients[0];
        for (int j = 0; j < features.length; j++) {
            sum += coefficients[j + 1] * features[j];
        }
        return sum;
    }

    static double probability(double logOdds) {
        return 1 / (1 + Math.exp(-logOdds));
    }
}
