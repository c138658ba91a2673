package io.github.flywheel4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Interactions as JSON. The schema's version is a number in the field {@code schema}; a reader knows all versions up to
 * its own. Durations are nanoseconds, times are ISO 8601 in UTC, messages are in LangChain4j's own form.
 */
final class InteractionJson {

    static final int SCHEMA = 1;

    private static final String SCHEMA_ROOT = "root";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String AS_WRITTEN = " (expected: one JSON object, as written by Interaction.toJson)";

    private InteractionJson() {}

    /** What was given is not what {@link #write} wrote; its message quotes nothing of it. */
    private static final class NoInteraction extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        NoInteraction(String message) {
            super(message);
        }
    }

    static String write(Interaction interaction) {
        ObjectNode json = JSON.createObjectNode();
        json.put("schema", SCHEMA);
        json.put("id", interaction.id().toString());
        json.put("time", interaction.time().toString());
        json.put("outcome", interaction.outcome().name());
        json.put("streaming", interaction.streaming());
        json.put("servedBy", interaction.servedBy());
        json.put("latencyNanos", interaction.latency().toNanos());
        if (interaction.timeToFirstToken() != null) {
            json.put("timeToFirstTokenNanos", interaction.timeToFirstToken().toNanos());
        }
        if (interaction.usage() != null) {
            json.set("usage", usage(interaction.usage()));
        }
        if (interaction.cost() != null) {
            json.putObject("cost")
                    .put("amount", interaction.cost().amount().toPlainString())
                    .put("currency", interaction.cost().currency());
        }
        json.put("fingerprint", interaction.fingerprint());
        json.set("context", JSON.valueToTree(interaction.context().toJson()));
        json.set("request", request(interaction.request()));
        if (interaction.response() != null) {
            json.set("response", response(interaction.response()));
        }
        if (interaction.error() != null) {
            json.putObject("error")
                    .put("type", interaction.error().type())
                    .put("message", interaction.error().message());
        }
        if (!interaction.released().isEmpty()) {
            json.put("released", interaction.released());
        }
        ArrayNode decisions = json.putArray("decisions");
        for (Decision decision : interaction.decisions()) {
            ObjectNode each = decisions.addObject();
            each.put("layer", decision.layer());
            each.put("outcome", decision.outcome());
            each.set("facts", JSON.valueToTree(decision.facts()));
            each.put("tookNanos", decision.took().toNanos());
            each.put("branch", decision.branch());
        }
        return json.toString();
    }

    static Interaction read(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            int schema = json.path("schema").asInt(0);
            if (schema < 1 || schema > SCHEMA) {
                throw new NoInteraction("schema of an interaction: "
                        + (schema == 0 ? "none" : String.valueOf(schema)) + " (expected: 1 to " + SCHEMA
                        + "; a newer one needs a newer version of the library)");
            }
            return read(json);
        } catch (JsonProcessingException e) {
            // Its message may quote the line, and with it the prompt; the place is enough. So below, where the kind is.
            throw new NoInteraction("no JSON of an interaction at " + place(e) + AS_WRITTEN);
        } catch (NoInteraction e) {
            throw e;
        } catch (RuntimeException e) {
            throw new NoInteraction("JSON that is no interaction: reading a part of it ended in a "
                    + e.getClass().getName() + AS_WRITTEN);
        }
    }

    private static Interaction read(JsonNode json) throws JsonProcessingException {
        JsonNode usage = json.get("usage");
        JsonNode cost = json.get("cost");
        JsonNode response = json.get("response");
        JsonNode error = json.get("error");
        JsonNode firstToken = json.get("timeToFirstTokenNanos");
        return new Interaction(
                UUID.fromString(required(json, "id").asText()),
                Instant.parse(required(json, "time").asText()),
                CallContext.fromJson(map(json.get("context"))),
                json.path("streaming").asBoolean(),
                readRequest(required(json, "request")),
                response == null ? null : readResponse(response),
                error == null
                        ? null
                        : new Interaction.Failure(error.path("type").asText(), text(error, "message")),
                Outcome.valueOf(required(json, "outcome").asText()),
                json.path("released").asText(),
                json.path("servedBy").asText(),
                usage == null ? null : readUsage(usage),
                cost == null
                        ? null
                        : new Cost(
                                new BigDecimal(required(cost, "amount").asText()),
                                cost.path("currency").asText()),
                Duration.ofNanos(json.path("latencyNanos").asLong()),
                firstToken == null ? null : Duration.ofNanos(firstToken.asLong()),
                readDecisions(json.path("decisions")),
                json.path("fingerprint").asText());
    }

    private static ObjectNode request(ChatRequest request) {
        ObjectNode json = JSON.createObjectNode();
        json.set("messages", tree(ChatMessageSerializer.messagesToJson(request.messages())));
        json.set("parameters", parameters(request.parameters()));
        return json;
    }

    private static ChatRequest readRequest(JsonNode json) {
        return ChatRequest.builder()
                .messages(ChatMessageDeserializer.messagesFromJson(
                        required(json, "messages").toString()))
                .parameters(readParameters(json.path("parameters")))
                .build();
    }

    private static ObjectNode parameters(ChatRequestParameters parameters) {
        ObjectNode json = JSON.createObjectNode();
        json.put("modelName", parameters.modelName());
        json.put("temperature", parameters.temperature());
        json.put("topP", parameters.topP());
        json.put("topK", parameters.topK());
        json.put("frequencyPenalty", parameters.frequencyPenalty());
        json.put("presencePenalty", parameters.presencePenalty());
        json.put("maxOutputTokens", parameters.maxOutputTokens());
        ArrayNode stop = JSON.createArrayNode();
        parameters.stopSequences().forEach(stop::add);
        json.set("stopSequences", stop);
        ArrayNode tools = JSON.createArrayNode();
        parameters.toolSpecifications().forEach(tool -> tools.add(tree(tool.toJson())));
        json.set("tools", tools);
        json.put(
                "toolChoice",
                parameters.toolChoice() == null ? null : parameters.toolChoice().name());
        if (parameters.responseFormat() != null) {
            json.set("responseFormat", format(parameters.responseFormat()));
        }
        json.properties()
                .removeIf(each -> each.getValue().isNull()
                        || (each.getValue().isArray() && each.getValue().isEmpty()));
        return json;
    }

    private static ChatRequestParameters readParameters(JsonNode json) {
        DefaultChatRequestParameters.Builder<?> parameters = ChatRequestParameters.builder();
        parameters.modelName(text(json, "modelName"));
        parameters.temperature(number(json, "temperature"));
        parameters.topP(number(json, "topP"));
        parameters.topK(integer(json, "topK"));
        parameters.frequencyPenalty(number(json, "frequencyPenalty"));
        parameters.presencePenalty(number(json, "presencePenalty"));
        parameters.maxOutputTokens(integer(json, "maxOutputTokens"));
        List<String> stop = new ArrayList<>();
        json.path("stopSequences").forEach(each -> stop.add(each.asText()));
        parameters.stopSequences(stop);
        List<ToolSpecification> tools = new ArrayList<>();
        json.path("tools").forEach(each -> tools.add(ToolSpecification.fromJson(each.toString())));
        parameters.toolSpecifications(tools);
        String toolChoice = text(json, "toolChoice");
        if (toolChoice != null) {
            parameters.toolChoice(ToolChoice.valueOf(toolChoice));
        }
        if (json.has("responseFormat")) {
            parameters.responseFormat(readFormat(json.get("responseFormat")));
        }
        return parameters.build();
    }

    /** LangChain4j writes a schema only as part of a tool; so a schema is kept as the one parameter of a tool. */
    static ObjectNode format(ResponseFormat format) {
        ObjectNode json = JSON.createObjectNode().put("type", format.type().name());
        JsonSchema schema = format.jsonSchema();
        if (schema != null) {
            json.put("name", schema.name());
            JsonObjectSchema parameters = JsonObjectSchema.builder()
                    .addProperty(SCHEMA_ROOT, schema.rootElement())
                    .build();
            json.set(
                    "schema",
                    tree(ToolSpecification.builder()
                            .name("schema")
                            .parameters(parameters)
                            .build()
                            .toJson()));
        }
        return json;
    }

    private static ResponseFormat readFormat(JsonNode json) {
        ResponseFormat.Builder format = ResponseFormat.builder()
                .type(ResponseFormatType.valueOf(required(json, "type").asText()));
        if (json.has("schema")) {
            format.jsonSchema(JsonSchema.builder()
                    .name(json.path("name").asText())
                    .rootElement(ToolSpecification.fromJson(json.get("schema").toString())
                            .parameters()
                            .properties()
                            .get(SCHEMA_ROOT))
                    .build());
        }
        return format.build();
    }

    private static ObjectNode response(ChatResponse response) {
        ObjectNode json = JSON.createObjectNode();
        json.set("message", tree(ChatMessageSerializer.messageToJson(response.aiMessage())));
        json.put("id", response.id());
        json.put("modelName", response.modelName());
        json.put(
                "finishReason",
                response.finishReason() == null ? null : response.finishReason().name());
        if (response.tokenUsage() != null) {
            json.set("usage", usage(response.tokenUsage()));
        }
        json.properties().removeIf(each -> each.getValue().isNull());
        return json;
    }

    private static ChatResponse readResponse(JsonNode json) {
        ChatResponse.Builder response = ChatResponse.builder()
                .aiMessage((AiMessage) ChatMessageDeserializer.messageFromJson(
                        required(json, "message").toString()))
                .id(text(json, "id"))
                .modelName(text(json, "modelName"));
        String finishReason = text(json, "finishReason");
        if (finishReason != null) {
            response.finishReason(FinishReason.valueOf(finishReason));
        }
        if (json.has("usage")) {
            response.tokenUsage(readUsage(json.get("usage")));
        }
        return response.build();
    }

    private static ObjectNode usage(TokenUsage usage) {
        return JSON.createObjectNode()
                .put("input", usage.inputTokenCount())
                .put("output", usage.outputTokenCount())
                .put("total", usage.totalTokenCount());
    }

    private static TokenUsage readUsage(JsonNode json) {
        return new TokenUsage(integer(json, "input"), integer(json, "output"), integer(json, "total"));
    }

    private static List<Decision> readDecisions(JsonNode json) {
        List<Decision> decisions = new ArrayList<>();
        for (JsonNode each : json) {
            decisions.add(new Decision(
                    each.path("layer").asText(),
                    each.path("outcome").asText(),
                    map(each.get("facts")),
                    Duration.ofNanos(each.path("tookNanos").asLong()),
                    each.path("branch").asText()));
        }
        return decisions;
    }

    private static Map<String, Object> map(@Nullable JsonNode json) {
        return json == null ? Map.of() : JSON.convertValue(json, new TypeReference<Map<String, Object>>() {});
    }

    private static JsonNode required(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null) {
            throw new NoInteraction("interaction without " + name + " (expected: one with it)");
        }
        return value;
    }

    private static @Nullable String text(JsonNode json, String name) {
        return json.hasNonNull(name) ? json.get(name).asText() : null;
    }

    private static @Nullable Double number(JsonNode json, String name) {
        return json.hasNonNull(name) ? Double.valueOf(json.get(name).asDouble()) : null;
    }

    private static @Nullable Integer integer(JsonNode json, String name) {
        return json.hasNonNull(name) ? Integer.valueOf(json.get(name).asInt()) : null;
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("LangChain4j wrote no JSON at " + place(e), e);
        }
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? "an unknown place"
                : "column " + e.getLocation().getColumnNr();
    }
}
