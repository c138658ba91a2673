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
 * score, times the factor by which audits found the model too sure (see {@link Overconfidence}). It uses all verdicts, so it
 * is steady while few are that high.
 *
 * <p><b>What was seen:</b> for a threshold the judged lookups above it are n trials with k wrong ones, each counted by its
 * weight and both scaled to the effective number of L. Kish (Survey Sampling, 1965, section 8.2), or to the sum of the weights
 * where lookups count less than one. The wrong share then has a beta posterior under a prior of what the model expects, worth 50
 * lookups, and its median must be below the tolerance. So one wrong of twenty does not overrule a model that has all verdicts,
 * ten of a hundred do. Alone it would be led by luck while few are judged, because the lowest of many thresholds is taken. It
 * matters where a calibration is all there is and no audit can correct the model.
 */
final class ErrorBound {

    private static final int STEPS = 400;

    /** The confidence in what was seen. Not more: the caution is in the score and in the factor, and would be asked for twice. */
    private static final double EVEN = 0.5;

    /** As many lookups the model's word counts among those that were seen. With 100 it is the same, as a rule. */
    private static final double WORTH_OF_MODEL = 50;

    private ErrorBound() {}

    /**
     * A threshold and what was expected of it.
     *
     * @param score the lowest that is served; positive infinity where none may be
     * @param expected the share of wrong ones among the judged from there on, by their scores alone
     */
    record Threshold(double score, double expected) {}

    /**
     * The lowest score that holds; positive infinity when none does.
     *
     * @param factor how many times more wrong ones are to be expected than the scores say
     */
    static Threshold threshold(List<JudgedLookup> judged, double[] scores, double tolerance, double factor) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
        Threshold threshold = new Threshold(Double.POSITIVE_INFINITY, tolerance);
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
            if (last && i % step == 0 && factor * expected / weights <= tolerance) {
                double trials = Math.min(weights, weights * weights / squares);
                double share = expected / weights;
                if (holds(
                        WORTH_OF_MODEL * share + trials * wrong / weights,
                        WORTH_OF_MODEL * (1 - share) + trials * (1 - wrong / weights),
                        tolerance)) {
                    threshold = new Threshold(score, share);
                }
            }
        }
        return threshold;
    }

    private static boolean holds(double wrong, double right, double tolerance) {
        return BetaDistribution.of(wrong, right).cumulativeProbability(tolerance) >= EVEN;
    }

    /**
     * Whether so many wrong ones among so many leave the given confidence that the share is below the tolerance, where no model
     * says anything: under a prior of half an error at the tolerated rate, Beta(1/2, (1/tolerance - 1)/2), which is Jeffreys'
     * half an error and as many trials as make it the tolerance.
     */
    static boolean holds(double trials, double wrong, double tolerance, double confidence) {
        double a = 0.5 + wrong;
        double b = 0.5 * (1 / tolerance - 1) + trials - wrong;
        return BetaDistribution.of(a, b).cumulativeProbability(tolerance) >= confidence;
    }
}
