package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.ComparisonWork.Question;
import io.github.flywheel4j.evals.EvalRun.ScorerInfo;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Two runs side by side that may be compared: what they have of each metric, and what tells them apart. Immutable. */
final class PairedRuns {

    private final EvalRun baseline;
    private final EvalRun candidate;
    private final Varies varies;
    private final Map<String, MetricScores> before = new LinkedHashMap<>();
    private final Map<String, MetricScores> after = new LinkedHashMap<>();

    /**
     * Pairs two runs.
     *
     * @throws RunsNotComparable if they differ in more than what varies
     */
    PairedRuns(EvalRun baseline, EvalRun candidate, Varies varies) {
        Comparability.require(baseline.info(), candidate.info(), varies);
        this.baseline = baseline;
        this.candidate = candidate;
        this.varies = varies;
        for (String metric : candidate.info().scorers().keySet()) {
            before.put(metric, MetricScores.of(baseline, metric));
            after.put(metric, MetricScores.of(candidate, metric));
        }
    }

    EvalRun baseline() {
        return baseline;
    }

    EvalRun candidate() {
        return candidate;
    }

    Varies varies() {
        return varies;
    }

    Set<String> metrics() {
        return after.keySet();
    }

    SortedSet<String> slices() {
        SortedSet<String> slices = new TreeSet<>();
        candidate.results().forEach(result -> slices.addAll(result.slices()));
        return slices;
    }

    MetricScores before(String metric) {
        return scores(before, metric);
    }

    MetricScores after(String metric) {
        return scores(after, metric);
    }

    /** Whether the metric is a share of passes in both runs. */
    boolean isRate(String metric) {
        return after(metric).isRate() && before(metric).isRate();
    }

    /** What a metric is in, if it is an amount of money. */
    SortedSet<String> currencies(String metric) {
        SortedSet<String> currencies = new TreeSet<>(before(metric).currencies());
        currencies.addAll(after(metric).currencies());
        return currencies;
    }

    /** In words, that a metric is in several currencies; empty if it is not. */
    String severalCurrencies(String metric) {
        SortedSet<String> currencies = currencies(metric);
        return currencies.size() < 2
                ? ""
                : "metric '" + metric + "' is in " + String.join(" and ", currencies)
                        + ": amounts of several currencies are not compared";
    }

    PairedDifference difference(Question question) {
        MetricScores now = after(question.metric());
        return new PairedDifference(
                before(question.metric()),
                severalCurrencies(question.metric()).isEmpty() ? now : now.where(each -> false),
                isHigherBetter(question.metric()),
                isFromZeroToOne(question.metric()),
                question.slice());
    }

    private static MetricScores scores(Map<String, MetricScores> all, String metric) {
        MetricScores scores = all.get(metric);
        if (scores == null) {
            throw new IllegalArgumentException(
                    "metric: '" + metric + "' (expected: one of the runs' scorers, " + all.keySet() + ")");
        }
        return scores;
    }

    boolean isHigherBetter(String metric) {
        ScorerInfo scorer = candidate.info().scorers().get(metric);
        return scorer == null || scorer.higherIsBetter();
    }

    private boolean isFromZeroToOne(String metric) {
        ScorerInfo scorer = candidate.info().scorers().get(metric);
        return scorer != null && scorer.fromZeroToOne();
    }

    List<String> order() {
        Set<String> clusters = new LinkedHashSet<>();
        baseline.results().forEach(result -> clusters.add(result.cluster()));
        return CaseOrder.clusters(candidate.info().datasetHash(), clusters);
    }

    /** The clusters of which the candidate was asked every case as often as it should be. */
    Predicate<String> completeClusters() {
        Map<String, Set<String>> expected = new HashMap<>();
        baseline.results().forEach(each -> expected.computeIfAbsent(each.cluster(), cluster -> new HashSet<>())
                .add(each.caseId()));
        Map<String, Integer> found = new HashMap<>();
        candidate.results().forEach(each -> found.merge(each.cluster(), 1, Integer::sum));
        int repeats = candidate.info().repeats();
        return cluster -> found.getOrDefault(cluster, 0)
                >= expected.getOrDefault(cluster, Set.of()).size() * repeats;
    }

    /** In words, that one run is of a part of the dataset and the other is not; null if both are of as much. */
    @Nullable
    String unequalParts() {
        int before = baseline.info().planned() / Math.max(1, baseline.info().repeats());
        int after = candidate.info().planned() / Math.max(1, candidate.info().repeats());
        return before == after
                ? null
                : "the candidate's run is of " + after + " cases, the baseline's of " + before
                        + " (is a shard missing? only cases that both have are compared)";
    }

    /** How a calibrated judge's verdicts on its anchor set changed between the runs; null if none was kept. */
    @Nullable
    JudgeDrift drift(String metric) {
        return SameJudges.drift(
                baseline.info().scorers().get(metric),
                candidate.info().scorers().get(metric));
    }

    /** In words, that two models say that they gave a metric's scores; null if they do not. */
    @Nullable
    String severalJudges(String metric) {
        SortedSet<String> then = SameJudges.models(baseline.results(), metric);
        SortedSet<String> now = SameJudges.models(candidate.results(), metric);
        SortedSet<String> all = new TreeSet<>(then);
        all.addAll(now);
        return all.size() < 2
                ? null
                : "judge '" + metric + "' was answered for by " + now + ", in the baseline by " + then
                        + " (expected: one model, named by its fixed version)";
    }
}
