package io.github.flywheel4j;

import static io.github.flywheel4j.Layers.passing;
import static io.github.flywheel4j.Layers.retry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import io.github.flywheel4j.testkit.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 5: a stream that stalls or ends early is told from an answer. */
class BrokenStreamRuleTest {

    /** For streams that never say anything: whoever is late only makes these tests slower. */
    private static final Duration IDLE = Duration.ofMillis(50);

    /** For streams that say something first, which must be in time on the busiest machine. */
    private static final Duration LONGER = Duration.ofSeconds(1);

    private final Recorded recorded = new Recorded();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamThatIsSilentFromTheStartStalls(boolean onCallersThread) throws Exception {
        ScriptedStreamingChatModel model = model(onCallersThread, Answer.hanging());
        ChatStack stack = stack(model).idleTimeout(IDLE).build();

        Caller caller = ask(stack);

        assertThat(caller.error()).isInstanceOf(StreamStalled.class).hasMessageContaining(IDLE.toString());
        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.FAILED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamThatFallsSilentStalls(boolean onCallersThread) throws Exception {
        ScriptedStreamingChatModel model =
                model(onCallersThread, Answer.tokens("one ", "two").hangAfterTokens(1));
        ChatStack stack =
                stack(model).layer(passing("Outer")).idleTimeout(LONGER).build();

        Caller caller = ask(stack);

        assertThat(caller.error()).isInstanceOf(StreamStalled.class);
        assertThat(caller.events()).containsExactly("text:one ", "error");
        assertThat(recorded.only(stack).released()).isEqualTo("one ");
        await().until(() -> model.live() == 0);
        assertThat(model.cancelled())
                .as("a model on our own thread is interrupted")
                .isEqualTo(onCallersThread ? 0 : 1);
    }

    @Test
    void aStalledStreamStaysMuteWhenItGoesOn() throws Exception {
        HandDriven model = new HandDriven();
        ChatStack stack = stack(model).idleTimeout(IDLE).build();
        Caller caller = new Caller();
        stack.streamingChatModel().chat(Shape.request(), caller);
        HandDriven.Stream stream = model.next();

        caller.awaitEnd();
        stream.text("late");
        stream.complete("late");

        assertThat(caller.error()).isInstanceOf(StreamStalled.class);
        assertThat(caller.events()).containsExactly("error");
        assertThat(stream.cancels()).as("at its first event").isOne();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStallBeforeTheFirstTokenIsRetried(boolean onCallersThread) throws Exception {
        ScriptedStreamingChatModel model = model(onCallersThread, Answer.hanging(), Answer.text("hello"));
        ChatStack stack = stack(model).layer(retry(2)).idleTimeout(LONGER).build();

        assertThat(ask(stack).text()).isEqualTo("hello");
        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void aModelOnTheCallersThreadThatIgnoresItsHandleAndHangsIsInterrupted() throws Exception {
        AtomicReference<Boolean> stray = new AtomicReference<>();
        StreamingChatModel model = new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                handler.onPartialResponse("one ");
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("wrapped by the client", e);
                }
            }
        };
        ChatStack stack = stack(model)
                .layer((call, next) -> {
                    try {
                        return next.proceed(call);
                    } finally {
                        stray.set(Thread.currentThread().isInterrupted());
                    }
                })
                .idleTimeout(LONGER)
                .build();

        Caller caller = ask(stack);

        assertThat(caller.error()).isInstanceOf(StreamStalled.class);
        assertThat(stray).hasValue(false);
    }

    @Test
    void aHandlerThatTakesItsTimeIsNoStall() throws Exception {
        HandDriven model = new HandDriven();
        ChatStack stack = stack(model).idleTimeout(LONGER).build();
        CountDownLatch idleTimePassed = new CountDownLatch(1);
        Caller slow = new Caller((event, handle) -> {
            if (event.startsWith("text:")) {
                awaitOpen(idleTimePassed);
            }
        });
        stack.streamingChatModel().chat(Shape.request(), slow);
        HandDriven.Stream stream = model.next();
        Thread provider = new Thread(() -> stream.text("one "));
        provider.setDaemon(true);
        provider.start();
        slow.awaitFirst();
        // Another stream of the same stack stalls twice over; the slow one, begun before, must not.
        for (int i = 0; i < 2; i++) {
            Caller silent = new Caller();
            stack.streamingChatModel().chat(Shape.request(), silent);
            model.next();
            assertThat(silent.awaitEnd().error()).isInstanceOf(StreamStalled.class);
        }

        assertThat(slow.terminals()).isZero();
        assertThat(stack.callsUnderWay()).isOne();
        slow.handle().cancel();
        idleTimePassed.countDown();
        Recorded.idle(stack);
    }

    @Test
    void eachEventStartsTheIdleTimeAnew() throws Exception {
        HandDriven model = new HandDriven();
        ChatStack stack = stack(model).idleTimeout(LONGER).build();
        Caller caller = new Caller();
        stack.streamingChatModel().chat(Shape.request(), caller);
        HandDriven.Stream stream = model.next();
        StringBuilder sent = new StringBuilder();
        long last = System.nanoTime();
        long end = last + LONGER.multipliedBy(2).toNanos();
        long longestPause = 0;
        while (last < end) {
            LockSupport.parkNanos(10_000_000);
            stream.text("a");
            sent.append('a');
            longestPause = Math.max(longestPause, System.nanoTime() - last);
            last = System.nanoTime();
        }
        stream.complete(sent.toString());

        caller.awaitEnd();
        assumeTrue(longestPause < LONGER.toNanos() / 2, "this machine was too busy to send in time");
        assertThat(caller.error()).isNull();
    }

    @Test
    void anAnswerWithoutAFinishReasonIsBrokenOff() throws Exception {
        ChatStack stack = stack(ScriptedStreamingChatModel.of(
                        Answer.tokens("one ", "two ", "three").breakOffAfterTokens(2)))
                .layer(passing("Outer"))
                .build();

        Caller caller = ask(stack);

        assertThat(caller.error())
                .isInstanceOf(StreamBroken.class)
                .hasMessageContaining("8 characters")
                .hasMessageContaining("finishReasonOptional");
        assertThat(caller.events()).containsExactly("text:one ", "text:two ", "error");
        assertThat(recorded.only(stack)).satisfies(interaction -> {
            assertThat(interaction.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(interaction.released()).isEqualTo("one two ");
            assertThat(interaction.response()).isNull();
        });
    }

    @Test
    void anEmptyAnswerWithoutAFinishReasonIsRetried() throws Exception {
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.text("hello").breakOffAfterTokens(0), Answer.text("hello"));
        ChatStack stack = stack(model).layer(retry(2)).build();

        assertThat(ask(stack).text()).isEqualTo("hello");
        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void anAnswerWithoutAFinishReasonCountsWhereTheProviderNeverSendsOne() throws Exception {
        ChatStack stack = stack(
                        ScriptedStreamingChatModel.of(Answer.text("hello").withoutFinishReason()))
                .finishReasonOptional()
                .build();

        assertThat(ask(stack).response().aiMessage().text()).isEqualTo("hello");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aNullAnswerIsAFailureThatNamesTheModel(Shape shape) {
        ChatStack stack = shape.model(Answer.none()).stack().build();

        assertThatThrownBy(() -> shape.ask(stack))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Scripted");
    }

    @Test
    void aNullErrorIsAFailureToo() throws Exception {
        HandDriven model = new HandDriven();
        ChatStack stack = stack(model).build();
        Caller caller = new Caller();
        stack.streamingChatModel().chat(Shape.request(), caller);

        model.next().handler.onError(null);

        assertThat(caller.awaitEnd().error())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("HandDriven");
    }

    @Test
    void aStreamThatJustStopsStalls() throws Exception {
        ChatStack stack = stack(
                        ScriptedStreamingChatModel.of(Answer.text("hello").terminals(new Terminal[0])))
                .idleTimeout(LONGER)
                .build();

        Caller caller = ask(stack);

        assertThat(caller.error()).isInstanceOf(StreamStalled.class);
        assertThat(caller.text()).isEqualTo("hello");
    }

    interface Assistant {
        TokenStream ask(String question);
    }

    @Test
    void aTokenStreamThatStallsGetsOneError() throws Exception {
        ChatStack stack = stack(ScriptedStreamingChatModel.of(
                        Answer.tokens("one ", "two").hangAfterTokens(1)))
                .idleTimeout(LONGER)
                .build();
        List<String> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<ChatResponse> end = new CompletableFuture<>();

        AiServices.create(Assistant.class, stack.streamingChatModel())
                .ask("question")
                .onPartialResponse(heard::add)
                .onCompleteResponse(end::complete)
                .onError(end::completeExceptionally)
                .start();

        assertThatThrownBy(() -> end.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(StreamStalled.class);
        assertThat(String.join("", heard)).isEqualTo("one ");
    }

    private ChatStack.Builder stack(StreamingChatModel model) {
        return ChatStack.builder().streamingChatModel(model).interactionListener(recorded);
    }

    private static ScriptedStreamingChatModel model(boolean onCallersThread, Answer... answers) {
        ScriptedStreamingChatModel.Builder builder =
                ScriptedStreamingChatModel.builder().answers(answers);
        return (onCallersThread ? builder.onCallersThread() : builder).build();
    }

    private static Caller ask(ChatStack stack) throws InterruptedException {
        Caller caller = new Caller();
        stack.streamingChatModel().chat(Shape.request(), caller);
        caller.awaitEnd();
        assertThat(caller.terminals()).isOne();
        assertThat(caller.disorder()).isZero();
        return caller;
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("the latch did not open within 20 s");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
