package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a layer that keeps answers knows of the stack further in, and how it works beside a call. */
class RestOfTheStackTest {

    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("hi")).build();

    @Test
    void aLayerFurtherInThePromptVersionAndTheModelsChangeTheFingerprint() {
        String plain = fingerprint(stack -> {});
        assertThat(fingerprint(stack -> {})).isEqualTo(plain);
        assertThat(fingerprint(stack -> stack.layerBefore(Stage.CACHE, new Named("a"))))
                .as("a layer further out")
                .isEqualTo(plain);
        String inner = fingerprint(stack -> stack.layerAfter(Stage.CACHE, new Named("a")));
        assertThat(inner).isNotEqualTo(plain);
        assertThat(fingerprint(stack -> stack.layerAfter(Stage.CACHE, new Named("b"))))
                .as("its settings")
                .isNotEqualTo(inner);
        assertThat(fingerprint(stack -> stack.promptVersion("p2"))).isNotEqualTo(plain);
        assertThat(fingerprint(stack -> stack.chatModel(ScriptedChatModel.builder()
                        .answering(request -> Answer.text("hello"))
                        .defaultRequestParameters(
                                ChatRequestParameters.builder().topK(3).build())
                        .build())))
                .isNotEqualTo(plain);
    }

    @Test
    void blockingAndStreamingCallsSeeTheSameFingerprint() {
        AtomicReference<String> seen = new AtomicReference<>();
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("hello"))
                .streamingChatModel(ScriptedStreamingChatModel.saying("hello"))
                .layer((call, next) -> {
                    seen.set(next.fingerprint().value());
                    return next.proceed(call);
                })
                .build();
        stack.chatModel().chat(REQUEST);
        String blocking = seen.get();
        RecordingHandler heard = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, heard);
        heard.await();

        assertThat(seen.get()).isEqualTo(blocking);
        assertThat(stack.fingerprint().value()).as("of the whole stack").isNotEqualTo(blocking);
    }

    @Test
    void aDetachedCallOutlivesTheCallThatStartedIt() {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.text("late").hang(), Answer.text("hello"));
        AtomicReference<Future<ChatResponse>> work = new AtomicReference<>();
        AtomicReference<ChatCall> detached = new AtomicReference<>();
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .deadline(Duration.ofMinutes(1))
                .layer((call, next) -> {
                    if (work.get() == null) {
                        detached.set(call.detached(ResponseStream.NONE));
                        work.set(call.submit(() -> next.proceed(detached.get())));
                        while (model.live() == 0) {
                            Thread.onSpinWait();
                        }
                        call.cancellation().cancel("a test");
                    }
                    call.cancellation().throwIfCancelled();
                    return next.proceed(call);
                })
                .build();
        assertThat(catchThrowable(() -> stack.chatModel().chat(REQUEST))).isInstanceOf(CallCancelled.class);

        assertThat(stack.callsUnderWay()).isZero();
        assertThat(detached.get().cancellation().isCancelled()).isFalse();
        assertThat(detached.get().deadline().isNone()).isTrue();
        assertThat(detached.get().trace().branch()).isEqualTo("1");
        assertThat(model.live()).isEqualTo(1);
        model.release();
        assertThat(((CompletableFuture<ChatResponse>) work.get())
                        .join()
                        .aiMessage()
                        .text())
                .isEqualTo("late");
    }

    @Test
    void aDetachedCallIsCancelledByItsOwnCancellation() {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.hanging());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .layer((call, next) -> {
                    ChatCall detached = call.detached(ResponseStream.NONE);
                    Future<ChatResponse> work = call.submit(() -> next.proceed(detached));
                    while (model.live() == 0) {
                        Thread.onSpinWait();
                    }
                    detached.cancellation().cancel("a test");
                    thrown.set(catchThrowable(() -> call.await(work)));
                    return ChatResponse.builder()
                            .aiMessage(AiMessage.from("done"))
                            .build();
                })
                .build();

        assertThat(stack.chatModel().chat(REQUEST).aiMessage().text()).isEqualTo("done");
        assertThat(thrown.get()).isInstanceOf(CallCancelled.class);
    }

    @Test
    void tellsWhatALayerFurtherInMarkedAnAnswerAs() {
        ChatResponse plain =
                ChatResponse.builder().aiMessage(AiMessage.from("hello")).build();

        assertThat(AnswerInfo.marked(plain)).isEmpty();
        assertThat(AnswerInfo.marked(AnswerInfo.note(plain, "a note"))).isEmpty();
        assertThat(AnswerInfo.marked(AnswerInfo.degraded(plain, "a guess"))).contains(Outcome.DEGRADED);
        assertThat(AnswerInfo.marked(AnswerInfo.blocked(plain, "no"))).contains(Outcome.BLOCKED);
    }

    @Test
    void parametersAreSpelledAlikeAndSayWhetherThatIsAll() {
        ChatRequestParameters parameters = ChatRequestParameters.builder()
                .modelName("small")
                .temperature(0.5)
                .stopSequences("a", "b")
                .build();
        RequestParameters spelled = RequestParameters.spell(parameters);

        assertThat(spelled.lines())
                .containsExactly("modelName small", "stopSequences [\"a\", \"b\"]", "temperature 0.5");
        assertThat(spelled.isWhole()).isTrue();
        assertThat(RequestParameters.spell(parameters, value -> value instanceof List<?> ? "known" : null)
                        .lines())
                .contains("stopSequences known");
    }

    @Test
    void listsOfOtherTextsAreSpelledOtherwise() {
        List<List<String>> lists = List.of(
                List.of("a", "b"),
                List.of("a, b"),
                List.of("[a, b]"),
                List.of("a\", \"b"),
                List.of("a\\\", \\\"b"),
                List.of("a", "b", ""),
                List.of("a", "", "b"),
                List.of("\"a\"", "b"));

        assertThat(lists.stream()
                        .map(texts -> RequestParameters.spell(ChatRequestParameters.builder()
                                .stopSequences(texts)
                                .build()))
                        .map(RequestParameters::lines))
                .doesNotHaveDuplicates();
    }

    @Test
    void valuesOfOtherKindsAreSpelledOtherwise() {
        List<Map<String, Object>> maps = List.of(
                Map.of("a", "1"),
                Map.of("a", 1),
                Map.of("a", List.of(1)),
                Map.of("a", List.of("1")),
                Map.of("a", "[1]"),
                Map.of("a", ""),
                Map.of("a", List.of()),
                Map.of("a", Map.of()),
                Map.of("a", "1", "b", "2"),
                Map.of("a", "1, b=2"),
                Map.of("a", Map.of("b", "c")),
                Map.of("a", "{b=c}"),
                Map.of("a=b", "c"),
                Map.of("a", "b=c"));

        assertThat(maps.stream()
                        .map(map -> RequestParameters.spell(OpenAiChatRequestParameters.builder()
                                .customParameters(map)
                                .build()))
                        .map(RequestParameters::lines))
                .doesNotHaveDuplicates();
    }

    @Test
    void noTokensCostNothingWhoeverAnswered() {
        PriceList prices =
                PriceList.builder("USD").perMillionTokens("small", "1", "1").build();

        assertThat(prices.cost("cache", new TokenUsage(0, 0)).orElseThrow()).hasToString("0 USD");
        assertThat(prices.cost("cache", new TokenUsage(1, 0))).isEmpty();
        assertThat(prices.cost("cache", new TokenUsage(null, 0))).isEmpty();
        assertThat(PriceList.empty().cost("cache", new TokenUsage(0, 0))).isEmpty();
    }

    private static String fingerprint(Consumer<ChatStack.Builder> more) {
        AtomicReference<String> seen = new AtomicReference<>();
        ChatStack.Builder builder = ChatStack.builder().chatModel(ScriptedChatModel.saying("hello"));
        more.accept(builder);
        builder.layer(new Kept(seen)).build().chatModel().chat(REQUEST);
        return seen.get();
    }

    /** A layer where a cache would stand. */
    private record Kept(AtomicReference<String> seen) implements ChatLayer {
        @Override
        public ChatResponse handle(ChatCall call, Next next) {
            seen.set(next.fingerprint().value());
            return next.proceed(call);
        }

        @Override
        public Stage stage() {
            return Stage.CACHE;
        }
    }

    private record Named(String settings) implements ChatLayer {
        @Override
        public ChatResponse handle(ChatCall call, Next next) {
            call.trace().record(name(), "seen", Map.of(), Duration.ZERO);
            return next.proceed(call);
        }
    }
}
