package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.flywheel4j.stats.Interval;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The figures of a report, as JSON: each metric over all cases and over each slice, and what failed how often. */
final class ReportFigures {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final EvalRun candidate;
    private final @Nullable Comparison comparison;
    private final RunSummary candidateSummary;
    private final @Nullable RunSummary baselineSummary;

    ReportFigures(EvalRun candidate, @Nullable EvalRun baseline, @Nullable Comparison comparison) {
        this.candidate = candidate;
        this.comparison = comparison;
        this.candidateSummary = candidate.summary();
        this.baselineSummary = baseline == null ? null : baseline.summary();
    }

    static boolean mayGate(EvalRun run, String metric) {
        EvalRun.ScorerInfo scorer = run.info().scorers().get(metric);
        return scorer != null && scorer.mayGate();
    }

    ArrayNode metrics() {
        ArrayNode metrics = JSON.arrayNode();
        for (RunSummary.Metric metric : candidateSummary.metrics()) {
            if (metric.slice() == null) {
                ObjectNode json = metrics.addObject()
                        .put("name", metric.name())
                        .put("rate", metric.isRate())
                        .put("gates", mayGate(candidate, metric.name()))
                        .put("higherIsBetter", metric.higherIsBetter())
                        .put("cases", metric.cases())
                        .put("flakiness", metric.flakiness());
                json.set("candidate", estimate(metric));
                json.set(
                        "baseline",
                        baselineSummary == null ? JSON.nullNode() : estimate(baselineSummary.metric(metric.name())));
                putRow(json, row(metric.name(), null));
            }
        }
        return metrics;
    }

    ArrayNode slices() {
        ArrayNode slices = JSON.arrayNode();
        Optional<Comparison.Row> worst = comparison == null ? Optional.empty() : comparison.worstSlice();
        candidateSummary.metrics().stream()
                .filter(metric -> metric.slice() != null)
                .sorted(Comparator.comparing((RunSummary.Metric metric) -> Objects.requireNonNull(metric.slice()))
                        .thenComparing(RunSummary.Metric::name))
                .forEach(metric -> {
                    ObjectNode json = slices.addObject()
                            .put("slice", metric.slice())
                            .put("metric", metric.name())
                            .put("cases", metric.cases())
                            .put("worst", isWorst(metric, worst));
                    json.set("candidate", estimate(metric));
                    putRow(json, row(metric.name(), metric.slice()));
                });
        return slices;
    }

    /** Of a comparison the slice that loses most; of one run each metric's lowest. */
    private boolean isWorst(RunSummary.Metric metric, Optional<Comparison.Row> ofComparison) {
        if (comparison != null) {
            return ofComparison
                    .filter(row -> row.metric().equals(metric.name()) && Objects.equals(row.slice(), metric.slice()))
                    .isPresent();
        }
        return candidateSummary.worstSlice(metric.name()).filter(metric::equals).isPresent();
    }

    private Comparison.@Nullable Row row(String metric, @Nullable String slice) {
        return comparison == null
                ? null
                : comparison.rows().stream()
                        .filter(row -> row.metric().equals(metric) && Objects.equals(row.slice(), slice))
                        .findFirst()
                        .orElse(null);
    }

    private static void putRow(ObjectNode json, Comparison.@Nullable Row row) {
        json.set("difference", row == null ? JSON.nullNode() : interval(row.difference()));
        json.put("adjustedPValue", row == null || Double.isNaN(row.adjustedPValue()) ? null : row.adjustedPValue());
        json.put("verdict", row == null ? null : row.verdict().name());
        json.put(
                "casesToDecide",
                row == null || row.casesToDecide().isEmpty()
                        ? null
                        : (Long) Roughly.cases(row.casesToDecide().getAsLong()));
        json.put("note", row == null || row.note().isEmpty() ? null : row.note());
    }

    /** Without limits where the cases say nothing about others. */
    private static JsonNode estimate(RunSummary.Metric metric) {
        if (metric.interval() != null) {
            return interval(metric.interval());
        }
        return metric.cases() == 0
                ? JSON.nullNode()
                : JSON.objectNode()
                        .put("estimate", metric.estimate())
                        .putNull("low")
                        .putNull("high");
    }

    static JsonNode interval(@Nullable Interval interval) {
        if (interval == null) {
            return JSON.nullNode();
        }
        return JSON.objectNode()
                .put("estimate", interval.estimate())
                .put("low", interval.low())
                .put("high", interval.high());
    }

    ArrayNode failures() {
        Map<String, long[]> counts = new LinkedHashMap<>();
        count(counts, candidateSummary, 0);
        if (baselineSummary != null) {
            count(counts, baselineSummary, 1);
        }
        ArrayNode failures = JSON.arrayNode();
        counts.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, long[]> each) -> -each.getValue()[0])
                        .thenComparing(Map.Entry::getKey))
                .forEach(each -> {
                    ObjectNode json =
                            failures.addObject().put("category", each.getKey()).put("candidate", each.getValue()[0]);
                    json.put("baseline", baselineSummary == null ? null : (Long) each.getValue()[1]);
                });
        return failures;
    }

    private static void count(Map<String, long[]> counts, RunSummary summary, int run) {
        summary.categories()
                .forEach((metric, categories) -> categories.forEach((category, count) ->
                        counts.computeIfAbsent(metric + ": " + category, name -> new long[2])[run] += count));
    }
}
