package io.github.flywheel4j.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The bodies of OpenAI's chat completion, embedding, model list and error messages. */
final class OpenAiJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Always the same, so that recorded traffic can be compared: 2026-01-01T00:00:00Z. */
    private static final long CREATED = 1_767_225_600L;

    private final String id;
    private final String model;
    private final Answer answer;
    private final TokenUsage usage;
    private final int cachedTokens;

    /** What is said in reply to one chat request. */
    OpenAiJson(StubRequest request, StubReply reply, long number) {
        Answer answer = reply.answer();
        cachedTokens = reply.cachedTokens();
        String givenId = answer.id();
        id = givenId != null ? givenId : "chatcmpl-" + number;
        String givenModel = answer.modelName();
        model = givenModel != null ? givenModel : request.model().isEmpty() ? "stub" : request.model();
        this.answer = answer;
        TokenUsage givenUsage = answer.usage();
        usage = givenUsage != null ? givenUsage : count(request, answer);
    }

    static JsonNode parse(ByteBuffer body) throws JsonProcessingException {
        return body.hasRemaining()
                ? MAPPER.readTree(
                        StandardCharsets.UTF_8.decode(body.duplicate()).toString())
                : StubRequest.noBody();
    }

    static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A server-sent event with this data. */
    static byte[] event(String data) {
        return ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static TokenUsage count(StubRequest request, Answer answer) {
        int input = 0;
        for (JsonNode message : request.body().path("messages")) {
            input += words(StubRequest.text(message));
        }
        int output = 0;
        for (String said : new String[] {answer.text(), answer.thinking()}) {
            output += words(said);
        }
        for (ToolExecutionRequest call : answer.toolCalls()) {
            output += words(call.arguments());
        }
        return new TokenUsage(input, output);
    }

    private static int words(@Nullable String text) {
        return text == null || text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
    }

    JsonNode completion() {
        ObjectNode json = head("chat.completion");
        ObjectNode choice = choice(json);
        ObjectNode message =
                choice.putObject("message").put("role", "assistant").put("content", answer.text());
        message.putNull("refusal");
        if (answer.thinking() != null) {
            message.put("reasoning_content", answer.thinking());
        }
        if (!answer.toolCalls().isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            for (ToolExecutionRequest call : answer.toolCalls()) {
                ObjectNode function = calls.addObject()
                        .put("id", call.id())
                        .put("type", "function")
                        .putObject("function");
                function.put("name", call.name()).put("arguments", call.arguments());
            }
        }
        choice.put("finish_reason", finishReason());
        json.set("usage", usage());
        return json;
    }

    JsonNode roleChunk() {
        ObjectNode json = head("chat.completion.chunk");
        delta(json).put("role", "assistant").put("content", "");
        return json;
    }

    JsonNode textChunk(String token) {
        ObjectNode json = head("chat.completion.chunk");
        delta(json).put("content", token);
        return json;
    }

    JsonNode thinkingChunk(String token) {
        ObjectNode json = head("chat.completion.chunk");
        delta(json).put("reasoning_content", token);
        return json;
    }

    JsonNode toolCallChunk(int index, ToolExecutionRequest call) {
        ObjectNode json = head("chat.completion.chunk");
        ObjectNode toolCall = delta(json).putArray("tool_calls").addObject();
        toolCall.put("index", index).put("id", call.id()).put("type", "function");
        toolCall.putObject("function").put("name", call.name()).put("arguments", "");
        return json;
    }

    JsonNode argumentsChunk(int index, String token) {
        ObjectNode json = head("chat.completion.chunk");
        ObjectNode toolCall = delta(json).putArray("tool_calls").addObject();
        toolCall.put("index", index).putObject("function").put("arguments", token);
        return json;
    }

    /** The chunk that says why the answer ended, or null when it does not say. */
    @Nullable
    JsonNode finishChunk() {
        String reason = finishReason();
        if (reason == null) {
            return null;
        }
        ObjectNode json = head("chat.completion.chunk");
        ObjectNode choice = choice(json);
        choice.putObject("delta");
        choice.put("finish_reason", reason);
        return json;
    }

    JsonNode usageChunk() {
        ObjectNode json = head("chat.completion.chunk");
        json.putArray("choices");
        json.set("usage", usage());
        return json;
    }

    private ObjectNode head(String object) {
        return MAPPER.createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", CREATED)
                .put("model", model)
                .put("system_fingerprint", "fp_stub");
    }

    private static ObjectNode choice(ObjectNode json) {
        ObjectNode choice = json.putArray("choices").addObject().put("index", 0);
        choice.putNull("logprobs");
        return choice;
    }

    private static ObjectNode delta(ObjectNode json) {
        ObjectNode choice = choice(json);
        choice.putNull("finish_reason");
        return choice.putObject("delta");
    }

    private ObjectNode usage() {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("prompt_tokens", usage.inputTokenCount());
        json.put("completion_tokens", usage.outputTokenCount());
        json.put("total_tokens", usage.totalTokenCount());
        if (cachedTokens > 0) {
            json.putObject("prompt_tokens_details").put("cached_tokens", cachedTokens);
        }
        return json;
    }

    private @Nullable String finishReason() {
        FinishReason reason = answer.effectiveFinishReason();
        if (reason == null) {
            return null;
        }
        return switch (reason) {
            case LENGTH -> "length";
            case TOOL_EXECUTION -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
            case STOP -> "stop";
            case OTHER -> "other";
        };
    }

    static JsonNode error(String type, String message) {
        ObjectNode json = MAPPER.createObjectNode();
        ObjectNode error = json.putObject("error").put("message", message).put("type", type);
        error.putNull("param");
        error.putNull("code");
        return json;
    }

    static JsonNode models(List<String> models) {
        ObjectNode json = MAPPER.createObjectNode().put("object", "list");
        ArrayNode data = json.putArray("data");
        for (String model : models) {
            data.addObject()
                    .put("id", model)
                    .put("object", "model")
                    .put("created", CREATED)
                    .put("owned_by", "flywheel4j");
        }
        return json;
    }

    static JsonNode embeddings(StubRequest request, int defaultDimensions) {
        int dimensions = request.body().path("dimensions").asInt(defaultDimensions);
        boolean base64 = request.body().path("encoding_format").asText().equals("base64");
        JsonNode input = request.body().path("input");
        boolean single = input.isTextual() || input.path(0).isNumber();
        Iterable<JsonNode> texts = single ? List.of(input) : input;
        ObjectNode json = MAPPER.createObjectNode().put("object", "list");
        ArrayNode data = json.putArray("data");
        int tokens = 0;
        int index = 0;
        for (JsonNode node : texts) {
            String text = node.isTextual() ? node.asText() : node.toString();
            tokens += words(text);
            float[] vector = WordEmbedding.of(text, dimensions);
            ObjectNode item = data.addObject().put("object", "embedding").put("index", index++);
            if (base64) {
                item.put("embedding", base64(vector));
            } else {
                ArrayNode values = item.putArray("embedding");
                for (float value : vector) {
                    values.add(value);
                }
            }
        }
        json.put("model", request.model());
        json.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return json;
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            bytes.putFloat(value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** What OpenAI would refuse a chat request for, or null: no message, no content, tool results without their call. */
    static @Nullable String chatFault(JsonNode body) {
        JsonNode messages = body.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            return "messages: none (expected: at least one)";
        }
        Set<String> open = new HashSet<>();
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            String role = message.path("role").asText();
            if (role.equals("tool")) {
                if (!open.remove(message.path("tool_call_id").asText())) {
                    return "messages[" + i + "]: role tool does not answer a tool call of the message before it";
                }
                continue;
            }
            if (!open.isEmpty()) {
                return "messages[" + i + "]: " + open.size() + " tool calls before it have no result";
            }
            message.path("tool_calls").forEach(call -> open.add(call.path("id").asText()));
            if (open.isEmpty() && !message.hasNonNull("content")) {
                return "messages[" + i + "]: content null (expected: text)";
            }
        }
        return open.isEmpty() ? null : "messages: " + open.size() + " tool calls at the end have no result";
    }
}
