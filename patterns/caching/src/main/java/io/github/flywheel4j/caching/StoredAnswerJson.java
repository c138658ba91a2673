package io.github.flywheel4j.caching;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stored answers as JSON. The schema's version is a number in the field {@code schema}; a reader knows all versions up to
 * its own. Times are ISO 8601 in UTC, the message is in LangChain4j's own form.
 */
final class StoredAnswerJson {

    static final int SCHEMA = 1;

    private static final ObjectMapper JSON = new ObjectMapper();

    private StoredAnswerJson() {}

    static byte[] write(StoredAnswer answer) {
        ObjectNode json = JSON.createObjectNode();
        json.put("schema", SCHEMA);
        json.put("filledBy", answer.filledBy().toString());
        json.put("filledAt", answer.filledAt().toString());
        json.put("freshUntil", answer.freshUntil().toString());
        json.put("model", answer.model());
        if (answer.finishReason() != null) {
            json.put("finishReason", answer.finishReason().name());
        }
        if (answer.usage() != null) {
            ObjectNode usage = json.putObject("usage");
            usage.put("input", answer.usage().inputTokenCount());
            usage.put("output", answer.usage().outputTokenCount());
            usage.put("total", answer.usage().totalTokenCount());
        }
        ArrayNode versions = json.putArray("knowledgeVersions");
        answer.knowledgeVersions().forEach(versions::add);
        ArrayNode sources = json.putArray("sources");
        answer.sources().forEach(sources::add);
        try {
            json.set("message", JSON.readTree(ChatMessageSerializer.messageToJson(answer.message())));
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("LangChain4j wrote no JSON", e);
        }
    }

    static Optional<StoredAnswer> read(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            int schema = json.path("schema").asInt(0);
            if (schema < 1 || schema > SCHEMA) {
                return Optional.empty();
            }
            return Optional.of(new StoredAnswer(
                    (AiMessage) ChatMessageDeserializer.messageFromJson(
                            json.path("message").toString()),
                    json.has("finishReason")
                            ? FinishReason.valueOf(json.path("finishReason").asText())
                            : null,
                    usage(json.path("usage")),
                    json.path("model").asText(),
                    UUID.fromString(json.path("filledBy").asText()),
                    Instant.parse(json.path("filledAt").asText()),
                    Instant.parse(json.path("freshUntil").asText()),
                    texts(json.path("knowledgeVersions")),
                    texts(json.path("sources"))));
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // whatever it is, it is no answer to serve
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static @Nullable TokenUsage usage(JsonNode json) {
        return json.isObject()
                ? new TokenUsage(count(json, "input"), count(json, "output"), count(json, "total"))
                : null;
    }

    private static @Nullable Integer count(JsonNode json, String name) {
        return json.path(name).isInt() ? json.path(name).intValue() : null;
    }
}
