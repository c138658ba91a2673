package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import io.github.flywheel4j.evals.DatasetFile.MalformedCase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conversations as JSON: role and content, as OpenAI and most tools write them, and LangChain4j's own form for messages that
 * are more than text and tool calls. Attributes are never written: memories put ids there, which would make equal
 * conversations differ.
 */
final class MessageJson {

    private static final String EXPECTED =
            " (expected: role system, user, assistant or tool with a text as content, or LangChain4j's JSON)";

    private MessageJson() {}

    static ArrayNode write(List<ChatMessage> messages) {
        ArrayNode array = CaseJson.JSON.createArrayNode();
        messages.forEach(each -> array.add(write(each)));
        return array;
    }

    private static JsonNode write(ChatMessage message) {
        ObjectNode json = CaseJson.JSON.createObjectNode();
        if (message instanceof SystemMessage system) {
            return json.put("role", "system").put("content", system.text());
        }
        if (message instanceof UserMessage user && user.hasSingleText()) {
            json.put("role", "user").put("content", user.singleText());
            return user.name() == null ? json : json.put("name", user.name());
        }
        if (message instanceof AiMessage ai
                && ai.thinking() == null
                && ai.images().isEmpty()) {
            json.put("role", "assistant").put("content", ai.text());
            if (ai.hasToolExecutionRequests()) {
                ArrayNode calls = json.putArray("tool_calls");
                for (ToolExecutionRequest call : ai.toolExecutionRequests()) {
                    calls.addObject()
                            .put("id", call.id())
                            .put("type", "function")
                            .putObject("function")
                            .put("name", call.name())
                            .put("arguments", call.arguments());
                }
            }
            return json;
        }
        if (message instanceof ToolExecutionResultMessage result
                && result.hasSingleText()
                && result.isError() == null) {
            return json.put("role", "tool")
                    .put("tool_call_id", result.id())
                    .put("name", result.toolName())
                    .put("content", result.text());
        }
        return plain(message);
    }

    private static JsonNode plain(ChatMessage message) {
        try {
            JsonNode json = CaseJson.tree(ChatMessageSerializer.messageToJson(message));
            if (json instanceof ObjectNode object) {
                object.remove("attributes");
            }
            return json;
        } catch (MalformedCase e) {
            throw new IllegalStateException("LangChain4j writes messages as JSON", e);
        }
    }

    static List<ChatMessage> read(JsonNode array) throws MalformedCase {
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode each : array) {
            try {
                messages.add(message(each));
            } catch (IllegalArgumentException e) {
                // LangChain4j's message may quote the text.
                throw new MalformedCase("message " + (messages.size() + 1) + " has no content" + EXPECTED);
            } catch (RuntimeException e) {
                throw new MalformedCase("message " + (messages.size() + 1) + " cannot be read" + EXPECTED);
            }
        }
        return messages;
    }

    private static ChatMessage message(JsonNode json) throws MalformedCase {
        if (json.has("type")) {
            return ChatMessageDeserializer.messageFromJson(json.toString());
        }
        String content = text(json, "content");
        return switch (json.path("role").asText()) {
            case "system", "developer" -> SystemMessage.from(present(content));
            case "user" -> {
                String name = text(json, "name");
                yield name == null ? UserMessage.from(present(content)) : UserMessage.from(name, present(content));
            }
            case "assistant" ->
                AiMessage.builder()
                        .text(content)
                        .toolExecutionRequests(calls(json.path("tool_calls")))
                        .build();
            case "tool" ->
                ToolExecutionResultMessage.from(text(json, "tool_call_id"), text(json, "name"), present(content));
            default -> throw new MalformedCase("a message has no known role" + EXPECTED);
        };
    }

    private static List<ToolExecutionRequest> calls(JsonNode array) {
        List<ToolExecutionRequest> calls = new ArrayList<>();
        for (JsonNode each : array) {
            JsonNode function = each.path("function");
            JsonNode arguments = function.path("arguments");
            calls.add(ToolExecutionRequest.builder()
                    .id(text(each, "id"))
                    .name(function.path("name").asText())
                    .arguments(arguments.isTextual() ? arguments.textValue() : arguments.toString())
                    .build());
        }
        return calls;
    }

    private static String present(@Nullable String content) throws MalformedCase {
        if (content == null) {
            throw new MalformedCase("a message has no text as content" + EXPECTED);
        }
        return content;
    }

    private static @Nullable String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isTextual() ? value.textValue() : null;
    }
}
