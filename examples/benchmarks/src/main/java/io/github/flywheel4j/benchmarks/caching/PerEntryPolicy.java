package io.github.flywheel4j.benchmarks.caching;

import io.github.flywheel4j.stats.LogisticRegression;
import io.github.flywheel4j.stats.LogisticRegression.Prior;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The published policy of a logistic boundary per entry, as a peer: L. Schroeder et al., "vCache: Verified Semantic Prompt
 * Caching", arXiv:2502.03771 (2025), sections 4 and 5. Not thread-safe.
 *
 * <p>Each entry keeps the similarities at which it was explored and whether its answer was right. From these the probability
 * of a right answer is a logistic function of the similarity with threshold t and slope g. For a confidence 1 - e, t' is the
 * upper limit of t, and (1 - e) L(s; t', g) bounds the probability from below. It must be explored with probability
 * tau = 1 - d / (1 - bound), the least over e, so that at most a share d of <em>all</em> answers is wrong; that is more
 * lenient than a bound on the hits. As in the authors' program an entry begins with two observations, wrong at similarity 0 and
 * right at 1, and is explored until it has six.
 *
 * <p>Where the observations are separated without error there is no finite fit. The authors take the variance of t from a table
 * that they measured; here a wide normal prior (standard deviation 100) makes the fit finite, and Laplace's approximation and the
 * delta method give the variance.
 */
final class PerEntryPolicy {

    private static final int FEWEST = 6;
    private static final int GRID = 50;
    private static final double EDGE = 1e-6;
    private static final Prior WIDE = Prior.of(new double[2], new double[] {1e-4, 1e-4});

    private final double delta;
    private final RandomGenerator random;
    private final Map<Integer, Observations> entries = new HashMap<>();

    private static final class Observations {
        final List<double[]> similarities = new ArrayList<>(List.of(new double[] {0}, new double[] {1}));
        final List<Boolean> right = new ArrayList<>(List.of(false, true));
    }

    PerEntryPolicy(double delta, RandomGenerator random) {
        this.delta = delta;
        this.random = random;
    }

    /** Whether the entry is served at this similarity; otherwise it is explored. */
    boolean serves(int entry, double similarity) {
        Observations seen = entries.get(entry);
        if (seen == null || seen.right.size() < FEWEST) {
            return false;
        }
        return random.nextDouble() > exploration(seen, similarity);
    }

    private double exploration(Observations seen, double similarity) {
        boolean[] right = new boolean[seen.right.size()];
        for (int i = 0; i < right.length; i++) {
            right[i] = seen.right.get(i);
        }
        LogisticRegression fit = LogisticRegression.fit(seen.similarities.toArray(double[][]::new), right, WIDE)
                .orElse(null);
        if (fit == null) {
            return 1;
        }
        double intercept = fit.coefficients()[0];
        double slope = Math.max(fit.coefficients()[1], EDGE);
        double threshold = clip(-intercept / slope);
        double[] gradient = {-1 / slope, intercept / (slope * slope)};
        double[][] covariance = fit.covariance();
        double variance = 0;
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                variance += gradient[i] * covariance[i][j] * gradient[j];
            }
        }
        double least = 1;
        for (int i = 0; i < GRID; i++) {
            double e = EDGE + i * (1 - 2 * EDGE) / (GRID - 1);
            double upper = clip(threshold
                    + NormalDistribution.of(0, 1).inverseSurvivalProbability(e) * Math.sqrt(Math.max(0, variance)));
            double bound = (1 - e) / (1 + Math.exp(-slope * (similarity - upper)));
            least = Math.min(least, 1 - delta / (1 - bound));
        }
        return least;
    }

    private static double clip(double value) {
        return Math.min(1, Math.max(0, value));
    }

    void explored(int entry, double similarity, boolean right) {
        Observations seen = entries.computeIfAbsent(entry, e -> new Observations());
        seen.similarities.add(new double[] {similarity});
        seen.right.add(right);
    }
}
