package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.EvalRun.Info;
import io.github.flywheel4j.evals.EvalRun.ScorerInfo;
import java.util.LinkedHashSet;
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

    /** The fact that names the models that judged: a list of texts, or one text. */
    static final String MODEL = "judgedBy";

    private SameJudges() {}

    /** How the judges of parts of a run differ, in words; empty if they do not. */
    static List<String> differences(List<EvalRun> parts) {
        Set<String> differences = new LinkedHashSet<>();
        for (String metric : parts.get(0).info().scorers().keySet()) {
            // Each part is held against the first that says anything: one without results or anchors knows no judge.
            Info anchored = null;
            SortedSet<String> then = new TreeSet<>();
            for (EvalRun part : parts) {
                SortedSet<String> now = models(part.results(), metric);
                if (then.isEmpty()) {
                    then = now;
                } else if (!now.isEmpty() && !then.equals(now)) {
                    differences.add("judge '" + metric + "' was answered for by " + then + " and by " + now);
                }
                ScorerInfo scorer = part.info().scorers().get(metric);
                if (anchored != null) {
                    differences.addAll(differences(metric, anchored, part.info(), Math.max(1, parts.size() - 1)));
                } else if (scorer != null && scorer.anchors() != null) {
                    anchored = part.info();
                }
            }
        }
        return List.copyOf(differences);
    }

    /**
     * How judges differ between two parts of a run, in words; empty if they do not.
     *
     * @param others how many parts the first one is held against, since each is a chance of a false alarm
     */
    static List<String> differences(Info first, Info other, int others) {
        return first.scorers().keySet().stream()
                .flatMap(metric -> differences(metric, first, other, others).stream())
                .toList();
    }

    private static List<String> differences(String metric, Info first, Info other, int others) {
        JudgeDrift drift = drift(first.scorers().get(metric), other.scorers().get(metric));
        return drift != null && drift.hasMoved(others)
                ? List.of("judge '" + metric + "' has moved between them: " + drift.inWords())
                : List.of();
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
        Object fact = score.facts().get(MODEL);
        SortedSet<String> models = new TreeSet<>();
        if (fact instanceof List<?> several) {
            several.forEach(each -> models.add(String.valueOf(each)));
        } else if (fact instanceof String one) {
            models.addAll(List.of(one.split(", "))); // as it once was written
        }
        return models;
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
