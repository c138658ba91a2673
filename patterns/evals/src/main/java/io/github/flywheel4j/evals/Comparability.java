package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.EvalRun.Info;
import io.github.flywheel4j.evals.EvalRun.ScorerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Function;

/** What two runs must have in common before their scores may be held against each other. */
final class Comparability {

    private Comparability() {}

    /**
     * Only what varies may differ.
     *
     * @throws RunsNotComparable if anything else does
     */
    static void require(Info baseline, Info candidate, Varies varies) {
        List<String> differences = new ArrayList<>();
        differ(differences, "dataset", baseline.datasetHash(), candidate.datasetHash());
        if (!baseline.scorers().keySet().equals(candidate.scorers().keySet())) {
            differences.add("scorers " + baseline.scorers().keySet() + " and "
                    + candidate.scorers().keySet() + " (run both with the same)");
        }
        baseline.scorers().forEach((name, scorer) -> {
            ScorerInfo other = candidate.scorers().get(name);
            if (other != null) {
                differ(differences, "scorer '" + name + "'", scorer.fingerprint(), other.fingerprint());
            }
        });
        boolean samePrompt = baseline.promptHash().equals(candidate.promptHash());
        boolean sameModel = baseline.model().equals(candidate.model());
        if (!samePrompt && (varies == Varies.MODEL || varies == Varies.STACK)) {
            differences.add("the prompt differs (expected: one prompt, since what varies is said to be the "
                    + (varies == Varies.MODEL ? "model" : "stack") + ")");
        }
        if (!sameModel && (varies == Varies.PROMPT || varies == Varies.STACK)) {
            differences.add("the model is '" + baseline.model() + "' and '" + candidate.model()
                    + "' (expected: one model, since what varies is said to be the "
                    + (varies == Varies.PROMPT ? "prompt" : "stack") + ")");
        }
        if (!differences.isEmpty()) {
            throw new RunsNotComparable(differences);
        }
    }

    private static void differ(List<String> differences, String what, String one, String other) {
        if (!one.equals(other)) {
            differences.add(what + " has the hashes " + one + " and " + other + " (expected: the same)");
        }
    }

    /**
     * An amount of one currency is neither more nor less than an amount of another.
     *
     * @throws RunsNotComparable if one of these metrics is in several
     */
    static void requireOneCurrency(Set<String> metrics, PairedRuns runs) {
        requireOneCurrency(metrics, runs::currencies);
    }

    /** The same of what is known before the candidate is asked. */
    static void requireOneCurrency(Set<String> metrics, EvalRun baseline) {
        requireOneCurrency(metrics, metric -> MetricScores.of(baseline, metric).currencies());
    }

    private static void requireOneCurrency(Set<String> metrics, Function<String, SortedSet<String>> currenciesOf) {
        List<String> differences = new ArrayList<>();
        for (String metric : metrics) {
            SortedSet<String> currencies = currenciesOf.apply(metric);
            if (currencies.size() > 1) {
                differences.add("metric '" + metric + "' is in " + String.join(" and ", currencies)
                        + " (expected: one currency; give both runs prices in one)");
            }
        }
        if (!differences.isEmpty()) {
            throw new RunsNotComparable(differences);
        }
    }
}
