package io.github.flywheel4j.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.SystemMessage;
import dev.langchain4j.service.TokenStream;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.OpenAiStubServer;
import io.github.flywheel4j.testkit.StubReply;
import io.github.flywheel4j.testkit.StubRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An assistant with memory, two tools and JSON output over HTTP, with and without ten layers that do nothing. */
class AssistantOverHttpTest {

    private static final int LAYERS = 10;

    private static final CallContext ADA = CallContext.builder()
            .workload("travel")
            .user("ada-lovelace")
            .tenant("acme-corp")
            .attribute("channel", "web")
            .build();

    record Advice(String city, int degrees, List<String> reasons) {}

    interface Assistant {
        @SystemMessage("Advise on travel.")
        Result<Advice> advise(String question);
    }

    interface Talking {
        @SystemMessage("Advise on travel.")
        TokenStream advise(String question);
    }

    static final class Tools {

        private final List<String> ran = new CopyOnWriteArrayList<>();

        @Tool
        String weather() {
            ran.add("weather");
            return "sunny";
        }

        @Tool
        String time() {
            ran.add("time");
            return "noon";
        }
    }

    /** What can be told apart from outside. */
    private record Run(
            List<Advice> advice,
            List<String> texts,
            List<String> toolsRun,
            List<JsonNode> bodies,
            List<String> memory,
            List<String> usage) {}

    @Test
    void behavesTheSameWithAndWithoutLayers() throws Exception {
        Run bare = advise(model -> model);
        List<ChatStack> stacks = new ArrayList<>();
        List<Interaction> interactions = new CopyOnWriteArrayList<>();
        List<Calls> layers = layers();

        Run layered = advise(model -> {
            ChatStack stack = around(layers, interactions).chatModel(model).build();
            stacks.add(stack);
            return stack.chatModel();
        });
        stacks.forEach(ChatStack::close);

        assertThat(layered).usingRecursiveComparison().isEqualTo(bare);
        assertThat(bare.advice()).hasSize(2).allSatisfy(advice -> assertThat(advice.city())
                .isNotBlank());
        assertThat(bare.toolsRun()).containsExactly("weather", "time", "weather", "time");
        assertThat(bare.bodies()).hasSize(4);
        assertThat(bare.bodies()).allSatisfy(body -> {
            assertThat(body.path("tools")).hasSize(2);
            assertThat(body.at("/response_format/type").asText()).isEqualTo("json_schema");
        });
        assertThat(layers).allSatisfy(layer -> assertThat(layer.seen()).hasSize(4));
        assertThat(interactions).hasSize(4);
        assertThat(interactions.stream().map(each -> each.context().turn()).distinct())
                .hasSize(2);
    }

    @Test
    void streamsTheSameWithAndWithoutLayers() throws Exception {
        Run bare = talk(model -> model);
        List<Interaction> interactions = new CopyOnWriteArrayList<>();
        List<Calls> layers = layers();

        Run layered = talk(model ->
                around(layers, interactions).streamingChatModel(model).build().streamingChatModel());

        assertThat(layered).usingRecursiveComparison().isEqualTo(bare);
        assertThat(bare.toolsRun()).containsExactly("weather", "time", "weather", "time");
        assertThat(bare.texts()).containsExactly("Go to Paris.", "Go to Paris.");
        assertThat(bare.bodies()).hasSize(4);
        assertThat(layers).allSatisfy(layer -> assertThat(layer.seen()).hasSize(4));
        await().until(() -> interactions.size() == 4);
    }

    @Test
    void sendsNothingOfTheContextToTheModel() throws Exception {
        List<Calls> layers = layers();
        List<Interaction> interactions = new CopyOnWriteArrayList<>();

        Run blocking = advise(
                model -> around(layers, interactions).chatModel(model).build().chatModel());
        Run streaming = talk(model ->
                around(layers, interactions).streamingChatModel(model).build().streamingChatModel());

        // It was there to be sent: the second question carries the first one's messages and answers.
        assertThat(layers.get(0).seen()).hasSize(8).allSatisfy(call -> {
            assertThat(call.context().user()).isEqualTo("ada-lovelace");
            assertThat(call.request().messages().stream()
                            .filter(UserMessage.class::isInstance)
                            .map(message -> ((UserMessage) message).attributes()))
                    .allSatisfy(attributes -> assertThat(attributes).isNotEmpty());
        });
        List<JsonNode> bodies = new ArrayList<>(blocking.bodies());
        bodies.addAll(streaming.bodies());
        assertThat(bodies).hasSize(8).allSatisfy(body -> assertThat(body.toString())
                .doesNotContainIgnoringCase("flywheel4j")
                .doesNotContain("ada-lovelace", "acme-corp", "travel\"", "\"web\"", "attributes", "servedBy"));
    }

    @Test
    void keepsOpenAisOwnKindOfMetadata() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.text("hello"))) {
            ChatStack stack = around(layers(), new ArrayList<>())
                    .chatModel(blocking(server))
                    .streamingChatModel(streaming(server))
                    .build();
            Listening heard = new Listening();

            stack.streamingChatModel().chat(Calls.request("hi"), heard);

            for (ChatResponse answer : List.of(stack.chatModel().chat(Calls.request("hi")), heard.response())) {
                assertThat(answer.metadata()).isInstanceOf(OpenAiChatResponseMetadata.class);
                assertThat(answer.tokenUsage()).isInstanceOf(OpenAiTokenUsage.class);
                assertThat(AnswerInfo.of(answer).orElseThrow().servedBy()).isEqualTo("gpt-test");
            }
        }
    }

    private static Run advise(java.util.function.UnaryOperator<ChatModel> wrap) throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.answering(AssistantOverHttpTest::toolsThenAdvice)) {
            Tools tools = new Tools();
            MessageWindowChatMemory memory = MessageWindowChatMemory.withMaxMessages(30);
            Assistant assistant = AiServices.builder(Assistant.class)
                    .chatModel(wrap.apply(blocking(server)))
                    .chatMemory(memory)
                    .tools(tools)
                    .registerListener(CallContext.listener())
                    .build();
            List<Result<Advice>> results = new ArrayList<>();
            for (String question : List.of("Where to in May?", "And in June?")) {
                results.add(
                        CallContext.call(ADA, () -> assistant.advise(question)).value());
            }
            return new Run(
                    results.stream().map(Result::content).toList(),
                    List.of(),
                    List.copyOf(tools.ran),
                    bodies(server),
                    said(memory.messages()),
                    results.stream()
                            .map(result -> result.tokenUsage().totalTokenCount() + " " + result.finishReason() + " "
                                    + result.toolExecutions().size() + " "
                                    + result.intermediateResponses().size())
                            .toList());
        }
    }

    private static Run talk(java.util.function.UnaryOperator<StreamingChatModel> wrap) throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.answering(AssistantOverHttpTest::toolsThenAdvice)) {
            Tools tools = new Tools();
            MessageWindowChatMemory memory = MessageWindowChatMemory.withMaxMessages(30);
            Talking assistant = AiServices.builder(Talking.class)
                    .streamingChatModel(wrap.apply(streaming(server)))
                    .chatMemory(memory)
                    .tools(tools)
                    .registerListener(CallContext.listener())
                    .build();
            List<String> texts = new ArrayList<>();
            List<String> usage = new ArrayList<>();
            for (String question : List.of("Where to in May?", "And in June?")) {
                StringBuilder text = new StringBuilder();
                CompletableFuture<ChatResponse> end = new CompletableFuture<>();
                TokenStream stream =
                        CallContext.call(ADA, () -> assistant.advise(question)).value();
                stream.onPartialResponse(text::append)
                        .onCompleteResponse(end::complete)
                        .onError(end::completeExceptionally)
                        .start();
                ChatResponse answer = end.get(20, TimeUnit.SECONDS);
                assertThat(answer.aiMessage().text()).isEqualTo(text.toString());
                texts.add(text.toString());
                usage.add(answer.tokenUsage().totalTokenCount() + " " + answer.finishReason());
            }
            return new Run(List.of(), texts, List.copyOf(tools.ran), bodies(server), said(memory.messages()), usage);
        }
    }

    private static StubReply toolsThenAdvice(StubRequest request) {
        if (request.toolResult().isEmpty()) {
            return StubReply.answer(Answer.toolCall("weather", "{}").andToolCall("time", "{}"));
        }
        return StubReply.text(request.jsonSchema().isPresent() ? request.jsonExample() : "Go to Paris.");
    }

    private static List<JsonNode> bodies(OpenAiStubServer server) {
        return server.chatRequests().stream().map(StubRequest::body).toList();
    }

    /** The messages of a memory without our stamps, by role, text and tool calls. */
    private static List<String> said(List<ChatMessage> messages) {
        return messages.stream()
                .map(message -> switch (message.type()) {
                    case AI -> "AI " + ((AiMessage) message).text() + ((AiMessage) message).toolExecutionRequests();
                    case USER -> "USER " + ((UserMessage) message).singleText();
                    default -> message.toString();
                })
                .toList();
    }

    private static List<Calls> layers() {
        List<Calls> layers = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            layers.add(new Calls());
        }
        return layers;
    }

    private static ChatStack.Builder around(List<Calls> layers, List<Interaction> interactions) {
        ChatStack.Builder builder = ChatStack.builder().interactionListener(interactions::add);
        layers.forEach(builder::layer);
        return builder;
    }

    private static OpenAiChatModel blocking(OpenAiStubServer server) {
        return OpenAiChatModel.builder()
                .baseUrl(server.baseUrl())
                .apiKey("none")
                .modelName("gpt-test")
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .strictJsonSchema(true)
                .maxRetries(0)
                .build();
    }

    private static OpenAiStreamingChatModel streaming(OpenAiStubServer server) {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(server.baseUrl())
                .apiKey("none")
                .modelName("gpt-test")
                .build();
    }
}
