package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InteractionTest {

    private static final UUID ID = UUID.fromString("0190f7a0-0000-7000-8000-000000000001");

    private static final JsonObjectSchema PERSON = JsonObjectSchema.builder()
            .description("a person")
            .addStringProperty("name", "full name")
            .addIntegerProperty("age")
            .addProperty(
                    "tags",
                    JsonArraySchema.builder().items(new JsonStringSchema()).build())
            .addProperty(
                    "kind", JsonEnumSchema.builder().enumValues("USER", "GUEST").build())
            .addProperty(
                    "friend", JsonReferenceSchema.builder().reference("Person").build())
            .definitions(Map.of(
                    "Person",
                    JsonObjectSchema.builder().addStringProperty("name").build()))
            .required("name", "age")
            .additionalProperties(false)
            .build();

    @Test
    void survivesJsonWithEverythingInIt() {
        Interaction interaction = full();

        Interaction read = Interaction.fromJson(interaction.toJson());

        assertThat(read).isEqualTo(interaction);
        assertThat(read.toJson()).isEqualTo(interaction.toJson());
    }

    @Test
    void isOneLineWithItsSchemasVersionInside() throws Exception {
        String json = full().toJson();

        assertThat(json).doesNotContain("\n");
        JsonNode tree = new ObjectMapper().readTree(json);
        assertThat(tree.path("schema").asInt()).isEqualTo(1);
        assertThat(tree.path("time").asText()).isEqualTo("2026-11-22T10:15:30.123Z");
        assertThat(tree.path("latencyNanos").asLong()).isEqualTo(1_500_000);
        assertThat(tree.path("cost").path("amount").asText()).isEqualTo("0.00045");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void survivesJsonWithoutAnAnswer(Interaction.Failure failure, Outcome outcome) {
        Interaction interaction = new Interaction(
                ID,
                Instant.parse("2026-11-22T10:15:30Z"),
                CallContext.empty(),
                true,
                ChatRequest.builder().messages(UserMessage.from("hi")).build(),
                null,
                failure,
                outcome,
                "half an ans",
                "",
                null,
                null,
                Duration.ZERO,
                null,
                List.of(),
                "");

        assertThat(Interaction.fromJson(interaction.toJson())).isEqualTo(interaction);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new Interaction.Failure("java.io.IOException", "reset"), Outcome.FAILED),
                Arguments.of(new Interaction.Failure("java.lang.Error", null), Outcome.CANCELLED));
    }

    @Test
    void keepsImagesInMessages() {
        UserMessage message = UserMessage.from(
                TextContent.from("what is this?"),
                ImageContent.from("https://example.org/cat.png", ImageContent.DetailLevel.HIGH),
                ImageContent.from("aGVsbG8=", "image/png"));

        Interaction read = Interaction.fromJson(
                with(ChatRequest.builder().messages(message).build()).toJson());

        assertThat(read.request().messages()).containsExactly(message);
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void keepsAnyJsonSchema(JsonSchemaElement root) {
        ResponseFormat format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(
                        JsonSchema.builder().name("Answer").rootElement(root).build())
                .build();
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("hi"))
                .responseFormat(format)
                .build();

        Interaction read = Interaction.fromJson(with(request).toJson());

        assertThat(read.request().responseFormat()).isEqualTo(format);
    }

    static Stream<JsonSchemaElement> schemas() {
        return Stream.of(
                PERSON,
                JsonArraySchema.builder().items(PERSON).description("people").build(),
                JsonEnumSchema.builder().enumValues("YES", "NO").build(),
                new JsonStringSchema(),
                JsonRawSchema.from("{\"type\":\"string\",\"format\":\"date\"}"));
    }

    @Test
    void keepsAFormatWithoutASchema() {
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("hi"))
                .responseFormat(ResponseFormat.JSON)
                .build();

        assertThat(Interaction.fromJson(with(request).toJson()).request().responseFormat())
                .isEqualTo(ResponseFormat.JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "99", "-1", "\"one\""})
    void refusesASchemaThatItDoesNotKnow(String schema) {
        String json = full().toJson().replaceFirst("\"schema\":1", "\"schema\":" + schema);

        assertThatThrownBy(() -> Interaction.fromJson(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema of an interaction")
                .hasMessageContaining("expected: 1 to 1")
                .hasMessageNotContainingAny("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "17",
                "secret prompt",
                "{\"secret\": ",
                "{\"schema\":1}",
                "{\"schema\":1,\"id\":\"secret\"}",
                "{\"schema\":1,\"id\":\"0190f7a0-0000-7000-8000-000000000001\",\"time\":\"secret\"}"
            })
    void refusesWhatIsNoInteractionWithoutQuotingIt(String json) {
        assertThatThrownBy(() -> Interaction.fromJson(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected:")
                .satisfies(InteractionTest::quotesNothing);
    }

    @Test
    void refusesBrokenPartsWithoutQuotingThem() throws Exception {
        for (String broken : List.of(
                "{\"outcome\":\"secret\"}",
                "{\"context\":\"secret\"}",
                "{\"context\":{\"attributes\":{\"a\":\"secret\"}},\"request\":\"secret\"}",
                "{\"request\":{\"messages\":\"secret\"}}",
                "{\"request\":{\"messages\":[{\"type\":\"secret\"}]}}",
                "{\"request\":{\"messages\":[{\"type\":\"USER\",\"contents\":[{\"type\":\"TEXT\",\"text\":[\"secret\"]}]}]}}",
                "{\"request\":{\"messages\":[]}}",
                "{\"request\":{\"messages\":[{\"type\":\"USER\",\"contents\":[{\"type\":\"TEXT\",\"text\":\"secret\"}]}],"
                        + "\"parameters\":{\"toolChoice\":\"secret\"}}}",
                "{\"request\":{\"messages\":[{\"type\":\"USER\",\"contents\":[{\"type\":\"TEXT\",\"text\":\"secret\"}]}],"
                        + "\"parameters\":{\"responseFormat\":{\"type\":\"secret\"}}}}",
                "{\"request\":{\"messages\":[{\"type\":\"USER\",\"contents\":[{\"type\":\"TEXT\",\"text\":\"secret\"}]}],"
                        + "\"parameters\":{\"tools\":[\"secret\"]}}}",
                "{\"response\":{\"message\":{\"type\":\"USER\",\"contents\":[{\"type\":\"TEXT\",\"text\":\"secret\"}]}}}",
                "{\"response\":{\"message\":\"secret\"}}",
                "{\"response\":{\"message\":{\"type\":\"AI\",\"text\":\"secret\"},\"finishReason\":\"secret\"}}",
                "{\"cost\":{\"amount\":\"secret\"}}",
                "{\"decisions\":[{\"facts\":\"secret\"}]}")) {
            ObjectMapper mapper = new ObjectMapper();
            ObjectNode json = (ObjectNode) mapper.readTree(full().toJson());
            json.setAll((ObjectNode) mapper.readTree(broken));

            assertThat(catchThrowable(() -> Interaction.fromJson(json.toString())))
                    .as(broken)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected:")
                    .satisfies(InteractionTest::quotesNothing);
        }
    }

    @Test
    void readsWhatAnOlderLibraryLeftOut() {
        Interaction read = Interaction.fromJson("{\"schema\":1,\"id\":\"" + ID
                + "\",\"time\":\"2026-11-22T10:15:30Z\",\"outcome\":\"ANSWERED\",\"unknown\":{},"
                + "\"request\":{\"messages\":[{\"type\":\"SYSTEM\",\"text\":\"hi\"}]}}");

        assertThat(read.id()).isEqualTo(ID);
        assertThat(read.context()).isEqualTo(CallContext.empty());
        assertThat(read.decisions()).isEmpty();
        assertThat(read.released()).isEmpty();
        assertThat(read.latency()).isEqualTo(Duration.ZERO);
        assertThat(read.request().messages()).containsExactly(SystemMessage.from("hi"));
    }

    @Test
    void saysNothingPrivateInItsText() {
        assertThat(full()).hasToString("Interaction(" + ID + ", DEGRADED, workload=support)");
    }

    @Test
    void copiesItsDecisions() {
        Interaction interaction = full();

        assertThatThrownBy(() -> interaction.decisions().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> interaction.decisions().get(0).facts().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static void quotesNothing(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            assertThat(String.valueOf(each.getMessage())).doesNotContain("secret");
        }
    }

    private static Interaction with(ChatRequest request) {
        Interaction full = full();
        return new Interaction(
                full.id(),
                full.time(),
                full.context(),
                full.streaming(),
                request,
                full.response(),
                full.error(),
                full.outcome(),
                full.released(),
                full.servedBy(),
                full.usage(),
                full.cost(),
                full.latency(),
                full.timeToFirstToken(),
                full.decisions(),
                full.fingerprint());
    }

    private static Interaction full() {
        ToolExecutionRequest toolCall = ToolExecutionRequest.builder()
                .id("call_1")
                .name("weather")
                .arguments("{\"city\":\"Paris\"}")
                .build();
        UserMessage user = UserMessage.from("secret question");
        user.attributes().put("flywheel4j", Map.of("user", "ada"));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("similarity", 0.93);
        facts.put("key", null);
        facts.put("ids", List.of("a", Map.of("b", true)));
        return new Interaction(
                ID,
                Instant.parse("2026-11-22T10:15:30.123Z"),
                CallContext.builder()
                        .workload("support")
                        .user("ada")
                        .attribute("channel", "web")
                        .build(),
                true,
                ChatRequest.builder()
                        .messages(
                                SystemMessage.from("be brief"),
                                user,
                                AiMessage.builder()
                                        .text("let me see")
                                        .thinking("hm")
                                        .toolExecutionRequests(List.of(toolCall))
                                        .attributes(Map.of("a", "b"))
                                        .build(),
                                ToolExecutionResultMessage.from(toolCall, "sunny"))
                        .parameters(ChatRequestParameters.builder()
                                .modelName("model")
                                .temperature(0.2)
                                .topP(0.9)
                                .topK(40)
                                .frequencyPenalty(0.1)
                                .presencePenalty(0.3)
                                .maxOutputTokens(100)
                                .stopSequences("END", "STOP")
                                .toolSpecifications(ToolSpecification.builder()
                                        .name("weather")
                                        .description("the weather")
                                        .parameters(PERSON)
                                        .build())
                                .toolChoice(ToolChoice.REQUIRED)
                                .responseFormat(ResponseFormat.builder()
                                        .type(ResponseFormatType.JSON)
                                        .jsonSchema(JsonSchema.builder()
                                                .name("Person")
                                                .rootElement(PERSON)
                                                .build())
                                        .build())
                                .build())
                        .build(),
                ChatResponse.builder()
                        .aiMessage(AiMessage.from("secret answer"))
                        .id("resp-1")
                        .modelName("model-2026")
                        .finishReason(FinishReason.LENGTH)
                        .tokenUsage(new TokenUsage(1_000, 500, 1_600))
                        .build(),
                null,
                Outcome.DEGRADED,
                "",
                "model-2026",
                new TokenUsage(1_000, 500, 1_600),
                new Cost(new BigDecimal("0.00045"), "USD"),
                Duration.ofNanos(1_500_000),
                Duration.ofNanos(700_000),
                List.of(
                        new Decision("Cache", "miss", facts, Duration.ofNanos(1_200), ""),
                        new Decision("Retry", "answered", Map.of(), Duration.ZERO, "2.1")),
                "00112233445566778899aabbccddeeff");
    }
}
