package io.github.flywheel4j.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that {@link OpenAiStubServer} received.
 *
 * @param method the HTTP method, {@code "POST"}
 * @param path the path without query, {@code "/v1/chat/completions"}
 * @param headers all headers; names compare without regard to case
 * @param body the body as JSON; a missing node when there was none
 */
public record StubRequest(String method, String path, Map<String, List<String>> headers, JsonNode body) {

    /** The first value of this header, if there is one. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** Whether the client asked for server-sent events. */
    public boolean isStreaming() {
        return body.path("stream").asBoolean(false);
    }

    /** The model that the client named, or empty text. */
    public String model() {
        return body.path("model").asText("");
    }

    /** The text of the last message by the user, parts joined, or empty text. */
    public String userText() {
        String last = "";
        for (JsonNode message : body.path("messages")) {
            if (message.path("role").asText().equals("user")) {
                last = text(message);
            }
        }
        return last;
    }

    /** The text of the last message when that is a tool's result; empty otherwise. */
    public Optional<String> toolResult() {
        JsonNode messages = body.path("messages");
        JsonNode last = messages.path(messages.size() - 1);
        return last.path("role").asText().equals("tool") ? Optional.of(text(last)) : Optional.empty();
    }

    /** The names of the tools that the client offers. */
    public List<String> toolNames() {
        List<String> names = new ArrayList<>();
        body.path("tools")
                .forEach(tool -> names.add(tool.path("function").path("name").asText()));
        return List.copyOf(names);
    }

    /** The JSON schema that the answer must follow, if the client asks for one. */
    public Optional<JsonNode> jsonSchema() {
        JsonNode schema = body.path("response_format").path("json_schema").path("schema");
        return schema.isObject() ? Optional.of(schema) : Optional.empty();
    }

    /**
     * A JSON text that follows {@link #jsonSchema()}: each string is its property's name, each number 1, each list one
     * element long.
     *
     * @throws IllegalStateException when the client asks for no schema
     */
    public String jsonExample() {
        JsonNode schema = jsonSchema()
                .orElseThrow(() -> new IllegalStateException("response_format: "
                        + body.path("response_format").path("type").asText("none") + " (expected: json_schema)"));
        return JsonSchemaExample.of(schema).toString();
    }

    static String text(JsonNode message) {
        JsonNode content = message.path("content");
        if (content.isArray()) {
            StringBuilder joined = new StringBuilder();
            content.forEach(part -> joined.append(part.path("text").asText("")));
            return joined.toString();
        }
        return content.asText("");
    }

    static JsonNode noBody() {
        return MissingNode.getInstance();
    }

    /** The method and path alone: headers hold keys, and the body somebody's words. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
