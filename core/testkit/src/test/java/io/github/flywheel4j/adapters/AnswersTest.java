package io.github.flywheel4j.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.guardrail.OutputGuardrails;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.Answered;
import io.github.flywheel4j.CallBlocked;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The id of the interaction, and what else the answer says of itself, on every way an answer takes. */
class AnswersTest {

    private final Calls layer = new Calls();

    interface Assistant {
        String ask(@UserMessage String question);
    }

    interface Telling {
        Result<String> ask(@UserMessage String question);
    }

    interface Streaming {
        TokenStream ask(@UserMessage String question);
    }

    @OutputGuardrails(Polishing.class)
    interface Guarded {
        Result<String> ask(@UserMessage String question);
    }

    @OutputGuardrails(Polishing.class)
    interface GuardedStream {
        TokenStream ask(@UserMessage String question);
    }

    public static final class Polishing implements OutputGuardrail {
        @Override
        public OutputGuardrailResult validate(AiMessage answer) {
            return successWith(answer.text() + ", please");
        }
    }

    static final class Tools {
        @Tool
        String weather() {
            return "sunny";
        }
    }

    @Test
    void isOnAFreshAnswer() {
        ChatStack stack = stack(Answer.text("hello").modelName("small-2026"));

        AnswerInfo info =
                AnswerInfo.of(stack.chatModel().chat(Calls.request("hi"))).orElseThrow();

        assertThat(info).isEqualTo(new AnswerInfo(layer.only().id(), Outcome.ANSWERED, "small-2026", List.of(), null));
    }

    @Test
    void isOnAStreamFromItsFirstPartOn() throws Exception {
        ChatStack stack = stack(Answer.text("hello big world"));
        Listening heard = new Listening();

        stack.streamingChatModel().chat(Calls.request("hi"), heard);

        assertThat(AnswerInfo.of(heard.response()).orElseThrow().id())
                .isEqualTo(layer.only().id());
        assertThat(heard.contexts).hasSize(3).allSatisfy(context -> assertThat(AnswerInfo.of(context))
                .hasValue(new AnswerInfo(layer.only().id(), null, "", List.of(), null)));
    }

    @Test
    void isThereForAStreamThatIsGivenUp() throws Exception {
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.tokens("a", "b").hangAfterTokens(1));
        ChatStack stack =
                ChatStack.builder().streamingChatModel(model).layer(layer).build();
        CompletableFuture<AnswerInfo> first = new CompletableFuture<>();
        Streaming assistant = AiServices.builder(Streaming.class)
                .streamingChatModel(stack.streamingChatModel())
                .build();

        assistant
                .ask("hi")
                .onPartialResponseWithContext((part, context) -> {
                    context.streamingHandle().cancel();
                    first.complete(AnswerInfo.of(context).orElseThrow());
                })
                .onError(error -> {})
                .start();

        assertThat(first.get(20, TimeUnit.SECONDS).id()).isEqualTo(layer.only().id());
    }

    @Test
    void keepsWhatTheLayersSay() throws Exception {
        ChatLayer fallback = at(
                Stage.ROUTE,
                (call, next) ->
                        AnswerInfo.servedBy(AnswerInfo.degraded(next.proceed(call), "fallback model used"), "tiny"));
        ChatLayer dating =
                at(Stage.AUGMENT, (call, next) -> AnswerInfo.note(next.proceed(call), "from a document of 2023"));
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("hello"))
                .streamingChatModel(ScriptedStreamingChatModel.saying("hello"))
                .layer(fallback)
                .layer(dating)
                .build();
        Listening heard = new Listening();

        stack.streamingChatModel().chat(Calls.request("hi"), heard);

        for (ChatResponse answer : List.of(stack.chatModel().chat(Calls.request("hi")), heard.response())) {
            AnswerInfo info = AnswerInfo.of(answer).orElseThrow();
            assertThat(info.outcome()).isEqualTo(Outcome.DEGRADED);
            assertThat(info.servedBy()).isEqualTo("tiny");
            assertThat(info.notes()).containsExactly("fallback model used", "from a document of 2023");
        }
    }

    @Test
    void isOnAnAnswerThatNoModelMade() throws Exception {
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("never"))
                .streamingChatModel(ScriptedStreamingChatModel.saying("never"))
                .layer((call, next) -> AnswerInfo.servedBy(
                        ChatResponse.builder()
                                .aiMessage(AiMessage.from("from store"))
                                .build(),
                        "cache"))
                .build();
        Listening heard = new Listening();

        stack.streamingChatModel().chat(Calls.request("hi"), heard);

        for (ChatResponse answer : List.of(stack.chatModel().chat(Calls.request("hi")), heard.response())) {
            assertThat(answer.aiMessage().text()).isEqualTo("from store");
            assertThat(AnswerInfo.of(answer).orElseThrow().servedBy()).isEqualTo("cache");
        }
        assertThat(heard.events).containsExactly("text from store", "complete");
    }

    @Test
    void isOnEachRoundOfAToolLoopAndInTheMemory() {
        MessageWindowChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);
        Telling assistant = AiServices.builder(Telling.class)
                .chatModel(withTools().chatModel())
                .tools(new Tools())
                .chatMemory(memory)
                .registerListener(CallContext.listener())
                .build();

        Result<String> result = assistant.ask("hi");

        assertThat(result.content()).isEqualTo("done");
        List<UUID> ids = layer.seen().stream().map(call -> call.id()).toList();
        assertThat(AnswerInfo.of(result.intermediateResponses().get(0))
                        .orElseThrow()
                        .id())
                .isEqualTo(ids.get(0));
        assertThat(AnswerInfo.of(result.finalResponse()).orElseThrow().id()).isEqualTo(ids.get(1));
        List<ChatMessage> stored =
                ChatMessageDeserializer.messagesFromJson(ChatMessageSerializer.messagesToJson(memory.messages()));
        assertThat(stored.stream().filter(AiMessage.class::isInstance).map(message -> AnswerInfo.of((AiMessage) message)
                        .orElseThrow()
                        .id()))
                .isEqualTo(ids);
    }

    @Test
    void survivesAGuardrailThatRewritesTheAnswer() {
        Guarded assistant = AiServices.builder(Guarded.class)
                .chatModel(stack(Answer.text("done")).chatModel())
                .build();

        Answered<Result<String>> answered = CallContext.call(CallContext.empty(), () -> assistant.ask("hi"));

        assertThat(answered.value().content()).isEqualTo("done, please");
        assertThat(AnswerInfo.of(answered.value().finalResponse()).orElseThrow().id())
                .isEqualTo(layer.only().id());
        assertThat(answered.info().orElseThrow().id()).isEqualTo(layer.only().id());
    }

    /** LangChain4j makes a new message of the guardrail's text there, and hands out no other. */
    @Test
    void isKnownByTheGivenIdWhereAGuardrailRewritesAStream() throws Exception {
        MessageWindowChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);
        GuardedStream assistant = AiServices.builder(GuardedStream.class)
                .streamingChatModel(stack(Answer.text("done")).streamingChatModel())
                .chatMemory(memory)
                .build();
        CompletableFuture<ChatResponse> end = new CompletableFuture<>();
        UUID id = UUID.randomUUID();

        CallContext.call(CallContext.builder().interactionId(id).build(), () -> {
            assistant
                    .ask("hi")
                    .onPartialResponse(part -> {})
                    .onCompleteResponse(end::complete)
                    .onError(end::completeExceptionally)
                    .start();
            return null;
        });

        ChatResponse rewritten = end.get(20, TimeUnit.SECONDS);
        assertThat(rewritten.aiMessage().text()).isEqualTo("done, please");
        assertThat(AnswerInfo.of(rewritten)).isEmpty();
        assertThat(layer.only().id()).isEqualTo(id);
        assertThat(AnswerInfo.of((AiMessage) memory.messages().get(1))
                        .orElseThrow()
                        .id())
                .isEqualTo(id);
    }

    @Test
    void comesWithTheValueOfAMethodThatReturnsNoResponse() {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(withTools().chatModel())
                .tools(new Tools())
                .build();
        CallContext context = CallContext.builder().user("ada").build();

        Answered<String> answered = CallContext.call(context, () -> assistant.ask("hi"));

        assertThat(answered.value()).isEqualTo("done");
        assertThat(answered.infos()).hasSize(2);
        assertThat(answered.info().orElseThrow().id())
                .isEqualTo(layer.seen().get(1).id());
        assertThat(CallContext.call(context, () -> "no call").info()).isEmpty();
    }

    @Test
    void isOnAnAnswerThatSaysItIsARefusal() {
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("never"))
                .layer((call, next) -> AnswerInfo.blocked(
                        ChatResponse.builder()
                                .aiMessage(AiMessage.from("I may not"))
                                .build(),
                        "off topic"))
                .build();

        AnswerInfo info =
                AnswerInfo.of(stack.chatModel().chat(Calls.request("hi"))).orElseThrow();

        assertThat(info.outcome()).isEqualTo(Outcome.BLOCKED);
        assertThat(info.notes()).containsExactly("off topic");
    }

    @Test
    void isNotCollectedForCallsThatFailed() {
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("never"))
                .layer((call, next) -> {
                    throw new CallBlocked("Guard", "off topic");
                })
                .build();
        List<Throwable> failures = new CopyOnWriteArrayList<>();

        Answered<String> answered = CallContext.call(CallContext.empty(), () -> {
            try {
                stack.chatModel().chat(Calls.request("hi"));
            } catch (CallBlocked e) {
                failures.add(e);
            }
            return "sorry";
        });

        assertThat(failures).hasSize(1);
        assertThat(answered.value()).isEqualTo("sorry");
        assertThat(answered.infos()).isEmpty();
        assertThat(answered.interactions()).extracting(Interaction::outcome).containsExactly(Outcome.BLOCKED);
    }

    private ChatStack stack(Answer answer) {
        return ChatStack.builder()
                .chatModel(ScriptedChatModel.of(answer))
                .streamingChatModel(ScriptedStreamingChatModel.of(answer))
                .layer(layer)
                .build();
    }

    private ChatStack withTools() {
        return ChatStack.builder()
                .chatModel(ScriptedChatModel.answering(AnswersTest::toolThenText))
                .layer(layer)
                .build();
    }

    private static Answer toolThenText(ChatRequest request) {
        List<ChatMessage> messages = request.messages();
        return messages.get(messages.size() - 1) instanceof ToolExecutionResultMessage
                ? Answer.text("done")
                : Answer.toolCall("weather", "{}");
    }

    private static ChatLayer at(Stage stage, ChatLayer layer) {
        return new ChatLayer() {
            @Override
            public ChatResponse handle(io.github.flywheel4j.ChatCall call, io.github.flywheel4j.Next next) {
                return layer.handle(call, next);
            }

            @Override
            public Stage stage() {
                return stage;
            }
        };
    }
}
