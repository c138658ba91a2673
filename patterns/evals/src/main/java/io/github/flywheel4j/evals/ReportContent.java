package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Quantiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
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

    ReportContent(Dataset dataset, EvalRun candidate, @Nullable EvalRun baseline, @Nullable Comparison comparison) {
        this.dataset = dataset;
        this.candidate = candidate;
        this.baseline = baseline;
        this.comparison = comparison;
        this.candidateSummary = candidate.summary();
    }

    ObjectNode toJson() {
        ObjectNode content = JSON.objectNode().put("schema", SCHEMA).put("level", Comparison.LEVEL);
        Verdict verdict = verdict();
        content.put("verdict", verdict == null ? null : verdict.name());
        content.put("summary", summary());
        content.put(
                "title",
                comparison == null ? candidate.info().candidate() + " on " + dataset.name() : comparison.title());
        content.putNull("gate");
        content.set("warnings", strings(comparison == null ? candidateSummary.warnings() : comparison.warnings()));
        content.set("candidate", run(candidate));
        content.set("baseline", baseline == null ? JSON.nullNode() : run(baseline));
        content.putObject("dataset")
                .put("name", dataset.name())
                .put("hash", dataset.hash())
                .put("cases", dataset.cases().size());
        ReportFigures figures = new ReportFigures(candidate, baseline, comparison);
        content.set("metrics", figures.metrics());
        content.set("slices", figures.slices());
        content.set("failures", figures.failures());
        content.putArray("judges");
        content.set("cases", new ReportCases(dataset, candidate, baseline).toJson());
        return content;
    }

    static ObjectNode gate(GateResult gate) {
        ObjectNode json =
                JSON.objectNode().put("outcome", gate.outcome().name()).put("mayShip", gate.mayShip());
        json.set("reasons", strings(gate.reasons()));
        return json;
    }

    static ObjectNode judge(CalibratedJudge judge, EvalRun run) {
        CalibratedJudge.Confusion confusion = judge.confusion();
        ObjectNode json = JSON.objectNode()
                .put("name", judge.name())
                .put("sensitivity", judge.sensitivity())
                .put("specificity", judge.specificity())
                .put(
                        "labels",
                        confusion.bothPassed()
                                + confusion.onlyHuman()
                                + confusion.onlyJudge()
                                + confusion.bothFailed());
        json.set("kappa", ReportFigures.interval(judge.kappa()));
        json.set("corrected", ReportFigures.interval(judge.correctedRate(run.results(), Comparison.LEVEL)));
        json.set(
                "disagreements",
                strings(judge.disagreements().stream()
                        .map(each ->
                                each.caseId() + ": people " + word(each.human()) + ", the judge " + word(!each.human()))
                        .toList()));
        return json;
    }

    private static String word(boolean passed) {
        return passed ? "passed it" : "failed it";
    }

    /** Over the metrics that may gate; see {@link EvalReport}. */
    private @Nullable Verdict verdict() {
        if (comparison == null) {
            return null;
        }
        List<Verdict> verdicts = comparison.whole().stream()
                .filter(row -> ReportFigures.mayGate(candidate, row.metric()))
                .map(Comparison.Row::verdict)
                .toList();
        for (Verdict verdict : List.of(Verdict.WORSE, Verdict.BETTER, Verdict.INCONCLUSIVE)) {
            if (verdicts.contains(verdict)) {
                return verdict;
            }
        }
        return null;
    }

    private String summary() {
        List<String> parts = new ArrayList<>();
        if (comparison == null) {
            for (RunSummary.Metric metric : candidateSummary.metrics()) {
                if (metric.slice() == null && ReportFigures.mayGate(candidate, metric.name()) && metric.cases() > 0) {
                    parts.add(metric.name() + " " + number(metric.estimate()));
                }
            }
            return parts.isEmpty() ? "No metric that may gate." : String.join(", ", parts) + ".";
        }
        for (Comparison.Row row : comparison.whole()) {
            if (ReportFigures.mayGate(candidate, row.metric())) {
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
                ? text + "; about " + Roughly.inWords(row.casesToDecide().getAsLong()) + " cases would decide."
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
        putCosts(json, "costs", Spent.byAnswers(run));
        putCosts(json, "costsBeside", summary.beside());
        json.put("tokensBeside", summary.beside().tokens());
        json.put("workBeside", hasWorkBeside(run, summary));
        json.put("latencyP50", millis.length == 0 ? null : Quantiles.quantile(millis, 0.5));
        json.put("latencyP95", millis.length == 0 ? null : Quantiles.quantile(millis, 0.95));
        return json.put("seconds", run.info().took().toMillis() / 1e3);
    }

    /** Whether there was anything but answers: judges, or calls that failed, known to have used something or not. */
    private static boolean hasWorkBeside(EvalRun run, RunSummary summary) {
        return !summary.beside().equals(Spent.NOTHING)
                || summary.errors() > 0
                || run.info().scorers().keySet().stream().anyMatch(scorer -> !SameJudges.models(run.results(), scorer)
                        .isEmpty());
    }

    /** An amount for each currency. */
    private static void putCosts(ObjectNode json, String name, Spent spent) {
        ArrayNode costs = json.putArray(name);
        spent.costs()
                .forEach(cost -> costs.addObject().put("amount", cost.amount()).put("currency", cost.currency()));
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

    static ArrayNode strings(Collection<String> values) {
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
