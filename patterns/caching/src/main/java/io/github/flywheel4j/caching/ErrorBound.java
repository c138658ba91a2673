package io.github.flywheel4j.caching;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * Finds the lowest score at which the share of wrong answers among all with that score or a higher one is below a tolerance.
 * Pure. Two estimates of that share must be below it, because each alone errs where the other does not.
 *
 * <p><b>What the model says:</b> the mean over the judged lookups above the threshold of one less the logistic function of the
 * score. As the score is the log odds less their standard error, this is on the safe side for each lookup. It uses all
 * verdicts, so it is steady while few are that high; it errs where the model is wrong about its top.
 *
 * <p><b>What was seen:</b> for a threshold the judged lookups above it are n trials with k wrong ones, each counted by its weight and both scaled to
 * the effective number of L. Kish (Survey Sampling, 1965, section 8.2). The wrong share then has a beta posterior under a
 * prior of half an error at the tolerated rate, Beta(1/2, (1/tolerance - 1)/2): Jeffreys' half an error, and as many trials
 * as make it the tolerance. It must have at least the
 * confidence below the tolerance. This knows no model; alone it would be led by luck while few are judged, because the lowest of
 * many thresholds is taken.
 */
final class ErrorBound {

    private static final int STEPS = 400;

    private ErrorBound() {}

    /** The lowest score that holds; positive infinity when none does. */
    static double threshold(List<JudgedLookup> judged, double[] scores, double tolerance, double confidence) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
        double threshold = Double.POSITIVE_INFINITY;
        double weights = 0;
        double squares = 0;
        double wrong = 0;
        double expected = 0;
        int step = Math.max(1, scores.length / STEPS);
        for (int i = 0; i < order.length; i++) {
            JudgedLookup lookup = judged.get(order[i]);
            weights += lookup.weight();
            squares += lookup.weight() * lookup.weight();
            wrong += lookup.same() ? 0 : lookup.weight();
            double score = scores[order[i]];
            expected += lookup.weight() / (1 + Math.exp(score));
            boolean last = i + 1 == order.length || scores[order[i + 1]] < score;
            if (last && i % step == 0 && Math.max(expected, wrong) / weights <= tolerance) {
                double trials = weights * weights / squares;
                if (holds(trials, trials * wrong / weights, tolerance, confidence)) {
                    threshold = score;
                }
            }
        }
        return threshold;
    }

    /** Whether so many wrong ones among so many leave the given confidence that the share is below the tolerance. */
    static boolean holds(double trials, double wrong, double tolerance, double confidence) {
        double a = 0.5 + wrong;
        double b = 0.5 * (1 / tolerance - 1) + trials - wrong;
        return BetaDistribution.of(a, b).cumulativeProbability(tolerance) >= confidence;
    }
}
