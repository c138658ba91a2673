package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Quantiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a report says, as the JSON that all its forms are made of. */
final class ReportContent {

    private static final int SCHEMA = 1;
    private static final double MILLIS = 1e6;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Dataset dataset;
    private final EvalRun candidate;
    private final @Nullable EvalRun baseline;
    private final @Nullable Comparison comparison;
    private final RunSummary candidateSummary;
    private final @Nullable RunSummary baselineSummary;

    ReportContent(Dataset dataset, EvalRun candidate, @Nullable EvalRun baseline, @Nullable Comparison comparison) {
        this.dataset = dataset;
        this.candidate = candidate;
        this.baseline = baseline;
        this.comparison = comparison;
        this.candidateSummary = candidate.summary();
        this.baselineSummary = baseline == null ? null : baseline.summary();
    }

    ObjectNode toJson() {
        ObjectNode content = JSON.objectNode().put("schema", SCHEMA).put("level", Comparison.LEVEL);
        Verdict verdict = verdict();
        content.put("verdict", verdict == null ? null : verdict.name());
        content.put("summary", summary());
        content.putNull("gate");
        content.set("warnings", strings(comparison == null ? candidateSummary.warnings() : comparison.warnings()));
        content.set("candidate", run(candidate));
        content.set("baseline", baseline == null ? JSON.nullNode() : run(baseline));
        content.putObject("dataset")
                .put("name", dataset.name())
                .put("hash", dataset.hash())
                .put("cases", dataset.cases().size());
        content.set("metrics", metrics());
        content.set("slices", slices());
        content.set("failures", failures());
        content.putArray("judges");
        content.set("cases", cases());
        return content;
    }

    static ObjectNode gate(GateResult gate) {
        ObjectNode json =
                JSON.objectNode().put("outcome", gate.outcome().name()).put("mayShip", gate.mayShip());
        json.set("reasons", strings(gate.reasons()));
        return json;
    }

    /** Over the metrics that may gate; see {@link EvalReport}. */
    private @Nullable Verdict verdict() {
        if (comparison == null) {
            return null;
        }
        List<Verdict> verdicts = comparison.whole().stream()
                .filter(row -> mayGate(row.metric()))
                .map(Comparison.Row::verdict)
                .toList();
        for (Verdict verdict : List.of(Verdict.WORSE, Verdict.BETTER, Verdict.INCONCLUSIVE)) {
            if (verdicts.contains(verdict)) {
                return verdict;
            }
        }
        return null;
    }

    private boolean mayGate(String metric) {
        EvalRun.ScorerInfo scorer = candidate.info().scorers().get(metric);
        return scorer != null && scorer.mayGate();
    }

    private String summary() {
        List<String> parts = new ArrayList<>();
        if (comparison == null) {
            for (RunSummary.Metric metric : candidateSummary.metrics()) {
                if (metric.slice() == null && mayGate(metric.name()) && metric.cases() > 0) {
                    parts.add(metric.name() + " " + number(metric.estimate()));
                }
            }
            return parts.isEmpty() ? "No metric that may gate." : String.join(", ", parts) + ".";
        }
        for (Comparison.Row row : comparison.whole()) {
            if (mayGate(row.metric())) {
                parts.add(sentence(row));
            }
        }
        if (parts.isEmpty()) {
            parts.add("No metric that may gate: the rest is advice.");
        }
        comparison
                .worstSlice()
                .ifPresent(row -> parts.add("Worst slice: " + row.slice() + " (" + row.metric() + " "
                        + number(row.baseline()) + " to " + number(row.candidate()) + ")."));
        return String.join(" ", parts);
    }

    private static String sentence(Comparison.Row row) {
        Interval difference = row.difference();
        String text = row.metric() + " "
                + (difference == null
                        ? "without an interval"
                        : signed(difference.estimate()) + " (" + signed(difference.low()) + " to "
                                + signed(difference.high()) + ")");
        return row.verdict() == Verdict.INCONCLUSIVE && row.casesToDecide().isPresent()
                ? text + "; about " + row.casesToDecide().getAsLong() + " cases would decide."
                : text + ".";
    }

    private static ObjectNode run(EvalRun run) {
        RunSummary summary = run.summary();
        List<Output> outputs = run.results().stream()
                .flatMap(result -> Optional.ofNullable(result.output()).stream())
                .toList();
        double[] millis = outputs.stream()
                .mapToDouble(output -> output.latency().toNanos() / MILLIS)
                .toArray();
        ObjectNode json = JSON.objectNode()
                .put("name", run.info().candidate())
                .put("model", run.info().model())
                .put("fingerprint", run.info().candidateFingerprint())
                .put("prompt", run.info().promptHash())
                .put("started", run.info().started().toString())
                .put("ending", run.info().ending().name())
                .put("repeats", run.info().repeats())
                .put("results", summary.results())
                .put("answers", outputs.size())
                .put("errors", summary.errors())
                .put("scorerErrors", summary.scorerErrors());
        putTokens(json, "tokensIn", outputs, TokenUsage::inputTokenCount);
        putTokens(json, "tokensOut", outputs, TokenUsage::outputTokenCount);
        json.put("cost", summary.cost() == null ? null : summary.cost().amount());
        json.put("currency", summary.cost() == null ? null : summary.cost().currency());
        json.put("latencyP50", millis.length == 0 ? null : Quantiles.quantile(millis, 0.5));
        json.put("latencyP95", millis.length == 0 ? null : Quantiles.quantile(millis, 0.95));
        return json.put("seconds", run.info().took().toMillis() / 1e3);
    }

    /** Null where no answer says. */
    private static void putTokens(
            ObjectNode json, String name, List<Output> outputs, Function<TokenUsage, @Nullable Integer> count) {
        Long sum = null;
        for (Output output : outputs) {
            Integer tokens = output.usage() == null ? null : count.apply(output.usage());
            if (tokens != null) {
                sum = (sum == null ? 0 : sum) + tokens;
            }
        }
        json.put(name, sum);
    }

    private ArrayNode metrics() {
        ArrayNode metrics = JSON.arrayNode();
        for (RunSummary.Metric metric : candidateSummary.metrics()) {
            if (metric.slice() == null) {
                ObjectNode json = metrics.addObject()
                        .put("name", metric.name())
                        .put("rate", metric.isRate())
                        .put("gates", mayGate(metric.name()))
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

    private ArrayNode slices() {
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
                        : row.casesToDecide().getAsLong());
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

    private static JsonNode interval(@Nullable Interval interval) {
        if (interval == null) {
            return JSON.nullNode();
        }
        return JSON.objectNode()
                .put("estimate", interval.estimate())
                .put("low", interval.low())
                .put("high", interval.high());
    }

    private ArrayNode failures() {
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

    private ArrayNode cases() {
        Map<String, CaseResult> before = new HashMap<>();
        if (baseline != null) {
            baseline.results().forEach(result -> before.put(key(result), result));
        }
        ArrayNode cases = JSON.arrayNode();
        for (CaseResult result : candidate.results()) {
            CaseResult earlier = before.remove(key(result));
            cases.add(oneCase(result, result, earlier));
        }
        // What only the baseline got to.
        before.values().stream()
                .sorted(Comparator.comparing(CaseResult::caseId).thenComparingInt(CaseResult::repeat))
                .forEach(earlier -> cases.add(oneCase(earlier, null, earlier)));
        return cases;
    }

    private static String key(CaseResult result) {
        return result.repeat() + " " + result.caseId();
    }

    private ObjectNode oneCase(CaseResult any, @Nullable CaseResult now, @Nullable CaseResult before) {
        Optional<EvalCase> known = dataset.find(any.caseId());
        ObjectNode json = JSON.objectNode()
                .put("id", any.caseId())
                .put("repeat", any.repeat())
                .put("input", known.map(each -> text(each.input())).orElse(""))
                .put("expected", known.map(EvalCase::expected).orElse(null));
        json.set("slices", strings(any.slices()));
        json.set("candidate", answer(now));
        json.set("baseline", answer(before));
        json.set("difference", difference(now, before));
        return json;
    }

    private static String text(EvalInput input) {
        if (input instanceof EvalInput.Text text) {
            return text.text();
        }
        if (input instanceof EvalInput.Variables variables) {
            return variables.values().entrySet().stream()
                    .map(each -> each.getKey() + ": " + each.getValue())
                    .reduce((a, b) -> a + "\n" + b)
                    .orElse("");
        }
        return MessageText.of(input.messages());
    }

    private static JsonNode answer(@Nullable CaseResult result) {
        if (result == null) {
            return JSON.nullNode();
        }
        ObjectNode json = JSON.objectNode();
        Output output = result.output();
        CaseResult.Failure error = result.error();
        json.put("text", output == null ? null : MessageText.of(output));
        json.put("error", error == null ? null : text(error));
        json.put("failed", result.scores().values().stream().anyMatch(score -> Boolean.FALSE.equals(score.passed())));
        json.put("latencyMillis", output == null ? null : output.latency().toNanos() / MILLIS);
        ObjectNode scores = json.putObject("scores");
        result.scores().forEach((name, score) -> scores.putObject(name)
                .put("value", score.value())
                .put("passed", score.passed())
                .put("category", score.category())
                .put("facts", score.facts().isEmpty() ? null : score.facts().toString()));
        ObjectNode errors = json.putObject("scorerErrors");
        result.scorerErrors().forEach((name, failure) -> errors.put(name, text(failure)));
        return json;
    }

    private static String text(CaseResult.Failure failure) {
        return failure.message() == null ? failure.type() : failure.type() + ": " + failure.message();
    }

    private static JsonNode difference(@Nullable CaseResult now, @Nullable CaseResult before) {
        if (now == null || before == null || now.output() == null || before.output() == null) {
            return JSON.nullNode();
        }
        String was = MessageText.of(before.output());
        String is = MessageText.of(now.output());
        return was.equals(is) ? JSON.nullNode() : TextDifference.of(was, is);
    }

    private static ArrayNode strings(Collection<String> values) {
        ArrayNode array = JSON.arrayNode();
        values.forEach(array::add);
        return array;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.3f", value);
    }
}
