package io.github.flywheel4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.store.embedding.CosineSimilarity;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OpenAiStubServerTest {

    private static final ChatRequest REQUEST = ChatRequest.builder()
            .messages(UserMessage.from("When is Paris lovely?"))
            .build();

    private static OpenAiChatModel chatModel(OpenAiStubServer server) {
        return OpenAiChatModel.builder()
                .baseUrl(server.baseUrl())
                .apiKey("demo")
                .modelName("gpt-test")
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .strictJsonSchema(true)
                .returnThinking(true)
                .maxRetries(0)
                .build();
    }

    private static OpenAiStreamingChatModel streamingModel(OpenAiStubServer server) {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(server.baseUrl())
                .apiKey("demo")
                .modelName("gpt-test")
                .returnThinking(true)
                .build();
    }

    private static HttpResponse<String> send(OpenAiStubServer server, String method, String path, String body)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(10))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    record City(String name, int inhabitants, List<String> rivers, Size size) {}

    enum Size {
        LARGE,
        SMALL
    }

    interface Guide {
        City describe(String question);

        String answer(String question);
    }

    static class Weather {
        @Tool
        String weather(String city) {
            return "sunny in " + city;
        }
    }

    @Test
    void answersAChat() {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.answer(
                Answer.text("In May.").thinking("spring").usage(10, 5).id("chatcmpl-x")))) {
            ChatResponse response = chatModel(server).chat(REQUEST);

            assertThat(response.aiMessage().text()).isEqualTo("In May.");
            assertThat(response.aiMessage().thinking()).isEqualTo("spring");
            assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(10);
            assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(5);
            assertThat(response.id()).isEqualTo("chatcmpl-x");
            assertThat(response.modelName()).isEqualTo("gpt-test");
        }
    }

    @Test
    void recordsWhatItIsAsked() {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.text("In May."))) {
            chatModel(server).chat(REQUEST);

            StubRequest request = server.lastRequest();
            assertThat(request.userText()).isEqualTo("When is Paris lovely?");
            assertThat(request.model()).isEqualTo("gpt-test");
            assertThat(request.isStreaming()).isFalse();
            assertThat(request.header("authorization")).contains("Bearer demo");
            assertThat(request).hasToString("POST /v1/chat/completions");
            assertThat(server.chatRequests()).hasSize(1);
        }
    }

    @Test
    void streamsAChat() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.answer(
                Answer.text("In May, naïve 😀.").thinking("spring").usage(10, 5)))) {
            RecordingHandler heard = new RecordingHandler();
            streamingModel(server).chat(REQUEST, heard);
            heard.await();

            assertThat(heard.events().get(0)).as("the role chunk is unmapped").startsWith("raw:");
            assertThat(heard.events())
                    .filteredOn(event -> !event.startsWith("raw:"))
                    .containsExactly(
                            "thinking:spring", "text:In", "text: May,", "text: naïve", "text: 😀.", "complete");
            ChatResponse response = heard.responses().get(0);
            assertThat(response.aiMessage().text()).isEqualTo("In May, naïve 😀.");
            assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(response.tokenUsage().totalTokenCount()).isEqualTo(15);
            assertThat(server.lastRequest().isStreaming()).isTrue();
        }
    }

    @Test
    void countsUsageInWordsWhenItIsNotTold() {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.text("In May."))) {
            ChatResponse response = chatModel(server).chat(REQUEST);

            assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(4);
            assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(2);
        }
    }

    @Test
    void asksForToolsBlockingAndStreaming() throws Exception {
        Answer answer = Answer.toolCall("weather", "{\"city\": \"Paris\"}").andToolCall("time", "{}");
        ChatRequest request = REQUEST.toBuilder()
                .toolSpecifications(
                        ToolSpecification.builder().name("weather").build(),
                        ToolSpecification.builder().name("time").build())
                .build();
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.answer(answer))) {
            ChatResponse response = chatModel(server).chat(request);
            RecordingHandler heard = new RecordingHandler();
            streamingModel(server).chat(request, heard);
            heard.await();

            assertThat(response.aiMessage().toolExecutionRequests()).isEqualTo(answer.toolCalls());
            assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
            assertThat(heard.events())
                    .filteredOn(event -> !event.startsWith("raw:"))
                    .containsExactly(
                            "partial-tool-call:weather:{\"city\":",
                            "partial-tool-call:weather: \"Paris\"}",
                            "tool-call:weather:{\"city\": \"Paris\"}",
                            "partial-tool-call:time:{}",
                            "tool-call:time:{}",
                            "complete");
            assertThat(heard.responses().get(0).aiMessage().toolExecutionRequests())
                    .isEqualTo(answer.toolCalls());
            assertThat(server.lastRequest().toolNames()).containsExactly("weather", "time");
        }
    }

    @Test
    void runsAToolLoop() {
        try (OpenAiStubServer server = OpenAiStubServer.answering(request -> request.toolResult()
                .map(result -> StubReply.text("It is " + result + "."))
                .orElseGet(() -> StubReply.answer(
                        Answer.toolCall(request.toolNames().get(0), "{\"arg0\":\"Paris\",\"city\":\"Paris\"}"))))) {
            Guide guide = AiServices.builder(Guide.class)
                    .chatModel(chatModel(server))
                    .tools(new Weather())
                    .build();

            assertThat(guide.answer("What is the weather?")).isEqualTo("It is sunny in Paris.");
            assertThat(server.chatRequests()).hasSize(2);
        }
    }

    @Test
    void followsAJsonSchema() {
        try (OpenAiStubServer server = OpenAiStubServer.builder().start()) {
            Guide guide = AiServices.create(Guide.class, chatModel(server));

            City city = guide.describe("Tell me about Paris");

            assertThat(city).isEqualTo(new City("name", 1, List.of("rivers"), Size.LARGE));
            assertThat(server.lastRequest().jsonSchema()).isPresent();
            assertThat(guide.answer("hi")).isEqualTo("ok");
        }
    }

    @Test
    void makesAnExampleOfAnySchema() throws Exception {
        JsonNode schema = new ObjectMapper().readTree("""
                {"type":"object","properties":{
                  "node":{"$ref":"#/$defs/node"},
                  "either":{"anyOf":[{"type":"boolean"},{"type":"string"}]},
                  "fixed":{"const":"f"},
                  "nullable":{"type":["number","null"]},
                  "nothing":{"type":"null"}},
                 "$defs":{"node":{"type":"object","properties":{
                  "name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/$defs/node"}}}}}}""");

        JsonNode example = JsonSchemaExample.of(schema);

        assertThat(example.at("/node/children/0/name").asText()).isEqualTo("name");
        assertThat(example.path("either").asBoolean()).isTrue();
        assertThat(example.path("fixed").asText()).isEqualTo("f");
        assertThat(example.path("nullable").asInt()).isEqualTo(1);
        assertThat(example.path("nothing").isNull()).isTrue();
    }

    @Test
    void refusesAnExampleWithoutASchema() {
        assertThatThrownBy(() -> new StubRequest("POST", "/", java.util.Map.of(), StubRequest.noBody()).jsonExample())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("response_format: none (expected: json_schema)");
    }

    @Test
    void embedsByWords() {
        try (OpenAiStubServer server =
                OpenAiStubServer.builder().embeddingDimensions(32).start()) {
            OpenAiEmbeddingModel model = OpenAiEmbeddingModel.builder()
                    .baseUrl(server.baseUrl())
                    .apiKey("demo")
                    .modelName("embed-test")
                    .maxRetries(0)
                    .build();

            List<Embedding> vectors = model.embedAll(List.of(
                            TextSegment.from("Paris is lovely in May"),
                            TextSegment.from("paris, is lovely in june!"),
                            TextSegment.from("tax return deadline"),
                            TextSegment.from("?!")))
                    .content();

            assertThat(vectors).allSatisfy(vector -> {
                assertThat(vector.dimension()).isEqualTo(32);
                assertThat(CosineSimilarity.between(vector, vector)).isCloseTo(1, within(1e-6));
            });
            assertThat(CosineSimilarity.between(vectors.get(0), vectors.get(1)))
                    .isGreaterThan(0.6)
                    .isGreaterThan(CosineSimilarity.between(vectors.get(0), vectors.get(2)) + 0.3);
            assertThat(model.embed("tax return deadline").content()).isEqualTo(vectors.get(2));
        }
    }

    @Test
    void embedsInBase64AndOtherLengthsWhenAsked() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.builder().start()) {
            String response = send(
                            server,
                            "POST",
                            "/v1/embeddings",
                            "{\"model\":\"m\",\"input\":\"hi\",\"dimensions\":8,\"encoding_format\":\"base64\"}")
                    .body();

            String vector = new ObjectMapper()
                    .readTree(response)
                    .at("/data/0/embedding")
                    .asText();
            assertThat(java.util.Base64.getDecoder().decode(vector)).hasSize(32);
        }
    }

    @Test
    void embeddingsFailAsToldAndThenWork() {
        try (OpenAiStubServer server = OpenAiStubServer.builder().start()) {
            server.enqueueEmbeddingFailures(StubReply.serverError());
            OpenAiEmbeddingModel model = OpenAiEmbeddingModel.builder()
                    .baseUrl(server.baseUrl())
                    .apiKey("demo")
                    .modelName("embed-test")
                    .maxRetries(0)
                    .build();

            assertThatThrownBy(() -> model.embed("hi")).hasMessageContaining("server_error");
            assertThat(model.embed("hi").content().dimension()).isEqualTo(64);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> server.enqueueEmbeddingFailures(StubReply.text("hi")))
                    .withMessageContaining("expected: a failure");
        }
    }

    @Test
    void listsItsModelAndKnowsNoOtherPath() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.builder().start()) {
            assertThat(send(server, "GET", "/v1/models", "").body()).contains("\"id\":\"stub\"");
            HttpResponse<String> unknown = send(server, "POST", "/v1/images?n=1", "{}");
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(unknown.body()).contains("Unknown request URL: POST /v1/images");
        }
    }

    @Test
    void refusesRequestsThatOpenAiWouldRefuse() throws Exception {
        String path = "/v1/chat/completions";
        String call = "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\"}]}";
        try (OpenAiStubServer server = OpenAiStubServer.builder().start()) {
            assertThat(send(server, "POST", path, "not json").body()).contains("body: no JSON");
            assertThat(send(server, "POST", path, "{}").body()).contains("messages: none");
            assertThat(send(server, "POST", path, "{\"messages\":[]}").statusCode())
                    .isEqualTo(400);
            assertThat(send(server, "POST", path, "{\"messages\":[{\"role\":\"user\",\"content\":null}]}")
                            .body())
                    .contains("messages[0]: content null");
            assertThat(send(server, "POST", path, "{\"messages\":[" + call + "]}")
                            .body())
                    .contains("1 tool calls at the end have no result");
            assertThat(send(
                                    server,
                                    "POST",
                                    path,
                                    "{\"messages\":[" + call + ",{\"role\":\"user\",\"content\":\"hi\"}]}")
                            .body())
                    .contains("messages[1]: 1 tool calls before it have no result");
            assertThat(send(
                                    server,
                                    "POST",
                                    path,
                                    "{\"messages\":[{\"role\":\"tool\",\"tool_call_id\":\"x\",\"content\":\"r\"}]}")
                            .body())
                    .contains("messages[0]: role tool");
        }
    }

    @Test
    void leavesOutUsageUnlessTheClientAsksForIt() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.text("hi"))) {
            String body = send(
                            server,
                            "POST",
                            "/v1/chat/completions",
                            "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}]}")
                    .body();

            assertThat(body)
                    .doesNotContain("usage")
                    .contains("\"role\":\"assistant\"")
                    .endsWith("data: [DONE]\n\n");
            assertThat(server.lastRequest().userText()).isEqualTo("a");
        }
    }

    @Test
    void repliesInOrderAndLetsQueuedRepliesGoFirst() {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.text("a"), StubReply.text("b"))) {
            OpenAiChatModel model = chatModel(server);
            server.enqueue(StubReply.text("first"));

            assertThat(List.of(model.chat("1"), model.chat("2"), model.chat("3"), model.chat("4")))
                    .containsExactly("first", "a", "b", "b");
        }
    }

    @Test
    void reusesConnections() {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.text("a"))) {
            OpenAiChatModel model = chatModel(server);

            for (int i = 0; i < 20; i++) {
                model.chat("hi");
            }

            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void servesManyAtOnce() {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.text("a b c"))) {
            OpenAiChatModel blocking = chatModel(server);
            OpenAiStreamingChatModel streaming = streamingModel(server);
            List<CompletableFuture<String>> said = new ArrayList<>();
            List<RecordingHandler> heard = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                RecordingHandler one = new RecordingHandler();
                heard.add(one);
                streaming.chat(REQUEST, one);
                said.add(CompletableFuture.supplyAsync(() -> blocking.chat("hi")));
            }

            assertThat(said).allSatisfy(future -> assertThat(future.join()).isEqualTo("a b c"));
            assertThat(heard).allSatisfy(one -> assertThat(one.await().text()).isEqualTo("a b c"));
            await().until(() -> server.live() == 0);
            assertThat(server.abandoned()).isZero();
        }
    }

    @Test
    void servesNoMoreRequestsThanTold() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.builder().maxRequests(2).start()) {
            chatModel(server).chat("1");
            chatModel(server).chat("2");

            HttpResponse<String> third = send(server, "GET", "/v1/models", "");

            assertThat(third.statusCode()).isEqualTo(503);
            assertThat(third.body()).contains("requests: 3 (expected: at most 2)");
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void opensNoMoreConnectionsThanTold() {
        try (OpenAiStubServer server = OpenAiStubServer.builder()
                .replies(StubReply.hanging(), StubReply.text("a"))
                .maxConnections(1)
                .start()) {
            RecordingHandler first = new RecordingHandler();
            streamingModel(server).chat(REQUEST, first);
            await().until(() -> server.live() == 1);

            assertThatThrownBy(() -> chatModel(server).chat("hi")).isInstanceOf(RuntimeException.class);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void leavesNothingBehindWhenClosed() {
        OpenAiStubServer server = OpenAiStubServer.replying(StubReply.hanging(), StubReply.text("a"));
        RecordingHandler hanging = new RecordingHandler();
        streamingModel(server).chat(REQUEST, hanging);
        await().until(() -> server.live() == 1);

        server.close();
        server.close();

        assertThat(server.connections()).isZero();
        assertThat(server.live()).isZero();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("openai-stub-"));
        assertThatThrownBy(server::reopen).hasMessageContaining("the server is closed");
    }

    @Test
    void refusesBadSettings() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenAiStubServer.builder().maxRequests(0))
                .withMessage("maxRequests: 0 (expected: > 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenAiStubServer.builder()
                        .replies(StubReply.text("a"))
                        .answering(request -> StubReply.text("b"))
                        .start())
                .withMessageContaining("replies: 1, function: given");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StubReply.answer(Answer.hanging()))
                .withMessageContaining("expected: a plain one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StubReply.error(200, "x", "y"))
                .withMessage("status: 200 (expected: 400 to 599)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StubReply.text("a").resetAfterTokens(-1))
                .withMessage("tokens: -1 (expected: >= 0)");
    }
}
