package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.EvalRun.Info;
import io.github.flywheel4j.evals.EvalRun.ScorerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether parts of one run were scored by the same judges. Their hashes tell that they were asked alike; what a judge said of
 * its anchors, and which model says that it answered, tell whether it still is what it was.
 */
final class SameJudges {

    /** The fact that names the model that judged. */
    static final String MODEL = "judgedBy";

    private SameJudges() {}

    /**
     * How judges differ between two parts of a run, in words; empty if they do not.
     *
     * @param others how many parts the first one is held against, since each is a chance of a false alarm
     */
    static List<String> differences(Info first, Info other, int others) {
        List<String> differences = new ArrayList<>();
        first.scorers().forEach((name, scorer) -> {
            JudgeDrift drift = drift(scorer, other.scorers().get(name));
            if (drift != null && drift.hasMoved(others)) {
                differences.add("judge '" + name + "' has moved between them: " + drift.inWords());
            }
        });
        return differences;
    }

    /** How verdicts on the anchor set changed; null if they were not kept. */
    static @Nullable JudgeDrift drift(@Nullable ScorerInfo then, @Nullable ScorerInfo now) {
        String before = then == null ? null : then.anchors();
        String after = now == null ? null : now.anchors();
        return before == null || after == null || before.length() != after.length()
                ? null
                : JudgeDrift.between(before, after);
    }

    /** The models that say that they gave a metric's scores. */
    static SortedSet<String> models(List<CaseResult> results, String metric) {
        SortedSet<String> models = new TreeSet<>();
        for (CaseResult result : results) {
            Score score = result.scores().get(metric);
            if (score != null) {
                models.addAll(models(score));
            }
        }
        return models;
    }

    private static SortedSet<String> models(Score score) {
        return score.facts().get(MODEL) instanceof String model ? new TreeSet<>(Set.of(model)) : new TreeSet<>();
    }

    /**
     * Refuses a score that goes on where another model left off.
     *
     * @param before the models that gave the metric's scores in earlier parts of the run; none if nobody says
     * @throws IllegalStateException if another one gave this score
     */
    static void requireSame(String metric, Set<String> before, Score score) {
        SortedSet<String> now = models(score);
        if (!before.isEmpty() && !before.containsAll(now)) {
            throw new IllegalStateException("judge '" + metric + "' was answered for by " + now
                    + ", in an earlier part of the run by " + before
                    + " (expected: one judge for the whole run; begin another journal)");
        }
    }
}
