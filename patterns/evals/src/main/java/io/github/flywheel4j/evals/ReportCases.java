package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The cases of a report, as JSON: what was asked, what both runs answered, how that scored and what differs. */
final class ReportCases {

    private static final double MILLIS = 1e6;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Dataset dataset;
    private final EvalRun candidate;
    private final @Nullable EvalRun baseline;

    ReportCases(Dataset dataset, EvalRun candidate, @Nullable EvalRun baseline) {
        this.dataset = dataset;
        this.candidate = candidate;
        this.baseline = baseline;
    }

    ArrayNode toJson() {
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
        json.set("slices", ReportContent.strings(any.slices()));
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
                .set("facts", score.facts().isEmpty() ? JSON.nullNode() : CaseJson.JSON.valueToTree(score.facts())));
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
}
