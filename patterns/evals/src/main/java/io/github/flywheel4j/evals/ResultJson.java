package io.github.flywheel4j.evals;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import io.github.flywheel4j.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One result, an answer and its scores, as JSON. */
final class ResultJson {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private ResultJson() {}

    /**
     * Refuses a score that no file and no report can hold, while there is still somebody to tell.
     *
     * @throws IllegalArgumentException if a fact is no JSON value
     */
    static void requireJson(Score score) {
        if (!score.facts().isEmpty()) {
            JSON.valueToTree(score.facts());
        }
    }

    static ObjectNode write(CaseResult result) {
        ObjectNode json = JSON.createObjectNode()
                .put("case", result.caseId())
                .put("repeat", result.repeat())
                .put("cluster", result.cluster());
        ArrayNode slices = json.putArray("slices");
        result.slices().forEach(slices::add);
        if (result.output() != null) {
            json.set("output", output(result.output()));
        }
        if (result.error() != null) {
            json.set("error", failure(result.error()));
        }
        ObjectNode scores = json.putObject("scores");
        result.scores().forEach((name, score) -> scores.set(name, score(score)));
        ObjectNode errors = json.putObject("scorerErrors");
        result.scorerErrors().forEach((name, error) -> errors.set(name, failure(error)));
        if (!result.beside().equals(Spent.NOTHING)) {
            json.set("beside", UsageJson.of(result.beside()));
        }
        return json;
    }

    private static ObjectNode output(Output output) {
        ObjectNode json = JSON.createObjectNode()
                .put("text", output.text())
                .put("outcome", output.outcome().name())
                .put("latencyNanos", output.latency().toNanos());
        ArrayNode calls = json.putArray("toolCalls");
        for (ToolExecutionRequest call : output.toolCalls()) {
            calls.addObject().put("id", call.id()).put("name", call.name()).put("arguments", call.arguments());
        }
        ArrayNode retrieved = json.putArray("retrieved");
        output.retrieved().forEach(retrieved::add);
        if (output.usage() != null) {
            json.set("usage", UsageJson.of(output.usage()));
        }
        if (output.cost() != null) {
            json.set("cost", UsageJson.of(output.cost()));
        }
        if (output.model() != null) {
            json.put("model", output.model());
        }
        if (output.interactionId() != null) {
            json.put("interaction", output.interactionId().toString());
        }
        return json;
    }

    private static ObjectNode score(Score score) {
        ObjectNode json = JSON.createObjectNode().put("value", score.value());
        if (score.passed() != null) {
            json.put("passed", score.passed());
        }
        if (score.category() != null) {
            json.put("category", score.category());
        }
        if (!score.facts().isEmpty()) {
            json.set("facts", JSON.valueToTree(score.facts()));
        }
        return json;
    }

    private static ObjectNode failure(CaseResult.Failure failure) {
        ObjectNode json = JSON.createObjectNode().put("type", failure.type());
        return failure.message() == null ? json : json.put("message", failure.message());
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if something is missing
     */
    static CaseResult read(JsonNode json) {
        SortedSet<String> slices = new TreeSet<>();
        json.path("slices").forEach(each -> slices.add(each.asText()));
        Map<String, Score> scores = new LinkedHashMap<>();
        json.path("scores").properties().forEach(each -> scores.put(each.getKey(), score(each.getValue())));
        Map<String, CaseResult.Failure> errors = new LinkedHashMap<>();
        json.path("scorerErrors").properties().forEach(each -> errors.put(each.getKey(), failure(each.getValue())));
        return new CaseResult(
                JsonText.required(json, "case"),
                json.path("repeat").asInt(),
                JsonText.required(json, "cluster"),
                slices,
                json.has("output") ? output(json.get("output")) : null,
                json.has("error") ? failure(json.get("error")) : null,
                scores,
                errors,
                UsageJson.spent(json.path("beside")));
    }

    private static Output output(JsonNode json) {
        List<ToolExecutionRequest> calls = new ArrayList<>();
        json.path("toolCalls")
                .forEach(each -> calls.add(ToolExecutionRequest.builder()
                        .id(JsonText.optional(each, "id"))
                        .name(JsonText.optional(each, "name"))
                        .arguments(JsonText.optional(each, "arguments"))
                        .build()));
        List<String> retrieved = new ArrayList<>();
        json.path("retrieved").forEach(each -> retrieved.add(each.asText()));
        JsonNode cost = json.path("cost");
        String interaction = JsonText.optional(json, "interaction");
        return new Output(
                JsonText.required(json, "text"),
                calls,
                retrieved,
                Outcome.valueOf(JsonText.required(json, "outcome")),
                UsageJson.tokens(json.path("usage")),
                cost.isObject() ? UsageJson.cost(cost) : null,
                Duration.ofNanos(json.path("latencyNanos").asLong()),
                interaction == null ? null : UUID.fromString(interaction),
                JsonText.optional(json, "model"));
    }

    private static Score score(JsonNode json) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        if (json.has("facts")) {
            facts.putAll(JSON.convertValue(json.get("facts"), new TypeReference<Map<String, @Nullable Object>>() {}));
        }
        return new Score(
                json.path("value").asDouble(),
                json.has("passed") ? json.get("passed").asBoolean() : null,
                JsonText.optional(json, "category"),
                facts);
    }

    private static CaseResult.Failure failure(JsonNode json) {
        return new CaseResult.Failure(JsonText.required(json, "type"), JsonText.optional(json, "message"));
    }
}
