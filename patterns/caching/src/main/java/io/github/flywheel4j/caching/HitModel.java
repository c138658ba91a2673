package io.github.flywheel4j.caching;

import io.github.flywheel4j.stats.LogisticRegression;
import io.github.flywheel4j.stats.LogisticRegression.Prior;
import java.util.List;
import java.util.Optional;

/**
 * The probability that a candidate's answer is right, learned from judged lookups: a logistic regression on standardised
 * features under a mild normal prior. Immutable.
 *
 * <p>Decisions use the {@link #score}: the log odds less a quarter of a standard error of them, so that a candidate unlike all that was
 * judged is trusted less than its probability says.
 */
final class HitModel {

    private static final double FARTHEST = 4;

    /**
     * In standard errors. Little, because caution in the score costs the first hits most; what it lets through is met by
     * the confidence in {@link Overconfidence#factor}, which asks less the more is known.
     */
    private static final double CAUTION = 0.25;

    /** What a feature is divided by while it never varied, as in calibration pairs, which have no history. */
    private static final double UNKNOWN_SCALE = 0.25;

    private final double[] means;
    private final double[] scales;
    private final LogisticRegression regression;
    private final double[][] covariance;

    private HitModel(double[] means, double[] scales, LogisticRegression regression) {
        this.means = means;
        this.scales = scales;
        this.regression = regression;
        this.covariance = regression.covariance();
    }

    /** The fit to judged lookups alone; empty without observations of both classes, or where the fit does not settle. */
    static Optional<HitModel> fit(List<JudgedLookup> judged) {
        if (judged.isEmpty()) {
            return Optional.empty();
        }
        int size = judged.get(0).size();
        double[] means = new double[size];
        double[] scales = new double[size];
        for (int i = 0; i < size; i++) {
            double sum = 0;
            double squares = 0;
            for (JudgedLookup lookup : judged) {
                double x = lookup.feature(i);
                sum += x;
                squares += x * x;
            }
            means[i] = sum / judged.size();
            double variance = Math.max(0, squares / judged.size() - means[i] * means[i]);
            scales[i] = variance < 1e-9 ? UNKNOWN_SCALE : Math.sqrt(variance);
        }
        return fit(judged, means, scales);
    }

    /** The fit to other lookups, with features measured as they were for this one: few do not tell how they spread. */
    Optional<HitModel> refit(List<JudgedLookup> judged) {
        return fit(judged, means, scales);
    }

    private static Optional<HitModel> fit(List<JudgedLookup> judged, double[] means, double[] scales) {
        long same = judged.stream().filter(JudgedLookup::same).count();
        if (same == 0 || same == judged.size()) {
            return Optional.empty();
        }
        double[] precisions = new double[means.length + 1];
        for (int i = 0; i < means.length; i++) {
            precisions[i + 1] = PairContext.precision(i);
        }
        Prior prior = Prior.of(new double[precisions.length], precisions);
        double[] worth = judged.stream().mapToDouble(JudgedLookup::worth).toArray();
        double[][] features = new double[judged.size()][];
        boolean[] outcomes = new boolean[judged.size()];
        for (int i = 0; i < features.length; i++) {
            features[i] = standardised(judged.get(i).features(), means, scales);
            outcomes[i] = judged.get(i).same();
        }
        return LogisticRegression.fit(features, outcomes, worth, prior).map(fit -> new HitModel(means, scales, fit));
    }

    double probability(double[] features) {
        return regression.probability(standardised(features, means, scales));
    }

    /** The log odds less a quarter of a standard error. */
    double score(double[] features) {
        double[] x = standardised(features, means, scales);
        return regression.logOdds(x) - CAUTION * Math.sqrt(spread(x));
    }

    /**
     * The score that this lookup would have had, had the model not learned from it. By one step of Newton's method from the
     * fit, as in D. Pregibon, "Logistic Regression Diagnostics", Annals of Statistics 9 (1981), section 4.
     */
    double scoreWithout(JudgedLookup lookup) {
        double[] x = standardised(lookup.features(), means, scales);
        double probability = regression.probability(x);
        double leverage = spread(x);
        double residual = (lookup.same() ? 1 : 0) - probability;
        double without = residual * leverage / Math.max(0.05, 1 - probability * (1 - probability) * leverage);
        return regression.logOdds(x) - without - CAUTION * Math.sqrt(leverage);
    }

    private double spread(double[] x) {
        double sum = 0;
        for (int i = 0; i <= x.length; i++) {
            double a = i == 0 ? 1 : x[i - 1];
            double row = 0;
            for (int j = 0; j <= x.length; j++) {
                row += covariance[i][j] * (j == 0 ? 1 : x[j - 1]);
            }
            sum += a * row;
        }
        return Math.max(0, sum);
    }

    private static double[] standardised(double[] features, double[] means, double[] scales) {
        double[] x = new double[features.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.min(FARTHEST, Math.max(-FARTHEST, (features[i] - means[i]) / scales[i]));
        }
        return x;
    }
}
