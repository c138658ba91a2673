package io.github.flywheel4j;

import static io.github.flywheel4j.Layers.hedge;
import static io.github.flywheel4j.Layers.named;
import static io.github.flywheel4j.Layers.passing;
import static io.github.flywheel4j.Layers.retry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rule 4: a cancel wakes the layers, closes the stream, and ends the provider's work at its next or first event. */
class CancelRuleTest {

    private static final ChatRequestOptions TURN =
            CallContext.builder().turn("turn").build().options();

    private final Recorded recorded = new Recorded();

    @Test
    void aStreamIsCancelledByItsTurnBeforeTheFirstToken() throws Exception {
        HandDriven model = new HandDriven();
        ChatStack stack = streaming(model);
        Caller caller = new Caller();
        stack.streamingChatModel().chat(Shape.request(), TURN, caller);
        HandDriven.Stream stream = model.next();

        assertThat(stack.cancel("another turn")).isZero();
        assertThat(stack.callsUnderWay()).isOne();
        assertThat(stack.cancel("turn")).isOne();

        Interaction interaction = recorded.only(stack);
        assertThat(interaction.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(interaction.released()).isEmpty();
        assertThat(stream.cancels())
                .as("before the first event there is no handle")
                .isZero();
        stream.text("late");
        assertThat(stream.cancels())
                .as("the provider is cancelled at its first event")
                .isOne();
        stream.text("later");
        stream.complete("late later");
        assertThat(caller.events()).isEmpty();
        assertThat(stack.cancel("turn")).isZero();
    }

    @Test
    void aStreamIsCancelledByItsHandleAfterTheFirstToken() throws Exception {
        HandDriven model = new HandDriven();
        ChatStack stack = streaming(model, passing("Outer"));
        Caller caller = new Caller();
        stack.streamingChatModel().chat(Shape.request(), caller);
        HandDriven.Stream stream = model.next();
        stream.text("one ");

        assertThat(caller.handle().isCancelled()).isFalse();
        caller.handle().cancel();

        assertThat(caller.handle().isCancelled()).isTrue();
        assertThat(stream.cancels()).isOne();
        Interaction interaction = recorded.only(stack);
        assertThat(interaction.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(interaction.released()).isEqualTo("one ");
        assertThat(interaction.error().type()).isEqualTo(CallCancelled.class.getName());
        assertThat(AnswerInfo.of(new PartialResponseContext(caller.handle()))
                        .orElseThrow()
                        .id())
                .isEqualTo(interaction.id());
        stream.text("two");
        stream.complete("one two");
        assertThat(caller.events()).containsExactly("text:one ");
        assertThat(stream.cancels()).isOne();
    }

    @Test
    void aProviderWithoutAHandleIsMuted() throws Exception {
        HandDriven model = new HandDriven();
        ChatStack stack = streaming(model, passing("Outer"));
        Caller caller = new Caller();
        stack.streamingChatModel().chat(Shape.request(), caller);
        HandDriven.Stream stream = model.next();
        stream.handler.onPartialResponse("one ");

        caller.handle().cancel();
        stream.handler.onPartialResponse("two");
        stream.handler.onUnmappedRawEvent("raw");
        stream.handler.onError(new RuntimeException("reset"));

        assertThat(recorded.only(stack).released()).isEqualTo("one ");
        assertThat(caller.events()).containsExactly("text:one ");
    }

    @Test
    void aHandleThatFailsToCancelHarmsNobody() throws Exception {
        HandDriven model = new HandDriven();
        ChatStack stack = streaming(model);
        Caller caller = new Caller();
        stack.streamingChatModel().chat(Shape.request(), caller);
        HandDriven.Stream stream = model.next();
        stream.handler.onPartialResponse(new PartialResponse("one "), new PartialResponseContext(new StreamingHandle() {
            @Override
            public void cancel() {
                throw new UnsupportedOperationException("cannot be cancelled");
            }

            @Override
            public boolean isCancelled() {
                return false;
            }
        }));

        caller.handle().cancel();

        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void aCancelFromWithinTheHandlerIsTheLastThingItHears() throws Exception {
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Answer.tokens("one ", "two ", "three").ignoringCancel());
        ChatStack stack = streaming(model, passing("Outer"));
        Caller caller = new Caller((event, handle) -> handle.cancel());

        stack.streamingChatModel().chat(Shape.request(), caller);
        caller.awaitFirst();

        assertThat(recorded.only(stack).released()).isEqualTo("one ");
        await().until(() -> model.live() == 0);
        assertThat(caller.events()).containsExactly("text:one ");
        assertThat(model.cancelled()).isOne();
    }

    @Test
    void aBlockingCallIsCancelledByItsTurn() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.hanging());
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .layer(retry(3))
                .interactionListener(recorded)
                .build();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            try {
                stack.chatModel().chat(Shape.request(), TURN);
            } catch (Throwable e) {
                thrown.set(e);
            }
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        await().until(() -> model.live() == 1);

        assertThat(stack.cancel("turn")).isOne();
        caller.join(20_000);

        assertThat(thrown.get()).isInstanceOf(CallCancelled.class);
        assertThat(interrupted).isFalse();
        assertThat(model.calls()).isOne();
        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void aTurnIsCancelledWithAllOfItsCalls() throws Exception {
        HandDriven model = new HandDriven();
        ChatStack stack = streaming(model);
        for (int i = 0; i < 5; i++) {
            stack.streamingChatModel().chat(Shape.request(), TURN, new Caller());
            model.next();
        }
        Caller other = new Caller();
        stack.streamingChatModel()
                .chat(
                        Shape.request(),
                        CallContext.builder().turn("other").build().options(),
                        other);
        HandDriven.Stream stream = model.next();

        assertThat(stack.cancel("turn")).isEqualTo(5);
        await().until(() -> stack.callsUnderWay() == 1);
        stream.text("hello");
        stream.complete("hello");

        assertThat(other.awaitEnd().text()).isEqualTo("hello");
        Recorded.idle(stack);
    }

    @Test
    void aCallThatWasCancelledWhileItWaitedForAThreadNeverAsksTheModel() {
        List<Runnable> waiting = new CopyOnWriteArrayList<>();
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.saying("hello");
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(model)
                .executor(waiting::add)
                .interactionListener(recorded)
                .build();
        Caller caller = new Caller();
        stack.streamingChatModel().chat(Shape.request(), TURN, caller);

        stack.cancel("turn");
        waiting.forEach(Runnable::run);

        assertThat(model.calls()).isZero();
        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(caller.events()).isEmpty();
    }

    static Stream<Arguments> waits() {
        ChatLayer sleeping = named("Sleeping", (call, next) -> {
            call.sleep(Duration.ofDays(1));
            return next.proceed(call);
        });
        ChatLayer awaiting = named("Awaiting", (call, next) -> call.await(new CompletableFuture<>()));
        ChatLayer blocked = named(
                "Blocked",
                (call, next) -> call.interruptibly(() -> {
                    try {
                        new CountDownLatch(1).await();
                        return Shape.answer("never");
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
        return Stream.of(sleeping, awaiting, blocked, hedge(2), retry(2))
                .flatMap(layer -> Stream.of(Shape.values()).map(shape -> Arguments.of(layer.name(), shape, layer)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("waits")
    void aLayerThatWaitsWakesWithCallCancelled(String name, Shape shape, ChatLayer layer) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        AtomicBoolean stray = new AtomicBoolean();
        ChatLayer outer = named("Outer", (call, next) -> {
            reached.countDown();
            try {
                return next.proceed(call);
            } catch (RuntimeException e) {
                seen.set(e);
                stray.set(Thread.currentThread().isInterrupted());
                throw e;
            }
        });
        ChatStack stack = shape.model(Answer.hanging())
                .stack()
                .layer(outer)
                .layer(layer)
                .defaultContext(CallContext.builder().turn("turn").build())
                .interactionListener(recorded)
                .build();
        Thread caller = new Thread(() -> {
            try {
                shape.ask(stack);
            } catch (CallCancelled | InterruptedException e) {
                // a blocking caller gets it, one that streams hears nothing and is let go below
            }
        });
        caller.setDaemon(true);
        caller.start();
        reached.await();

        stack.cancel("turn");

        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(seen.get()).isInstanceOf(CallCancelled.class);
        assertThat(stray).isFalse();
        caller.interrupt();
        caller.join(20_000);
    }

    @Test
    void cancellingAFutureCancelsItsCall() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.hanging());
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .layer(passing("Outer"))
                .interactionListener(recorded)
                .build();
        CompletableFuture<ChatResponse> future = chatAsync(stack.chatModel());
        await().until(() -> model.live() == 1);

        assertThat(future.cancel(true)).isTrue();

        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.CANCELLED);
        await().until(() -> model.live() == 0);
    }

    @Test
    void aFutureThatTimesOutCancelsItsCall() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.hanging());
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .interactionListener(recorded)
                .build();
        CompletableFuture<ChatResponse> future = chatAsync(stack.chatModel());
        await().until(() -> model.live() == 1);

        future.completeExceptionally(new TimeoutException("as orTimeout does it"));

        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.CANCELLED);
        await().until(() -> model.live() == 0);
    }

    @Test
    void aFutureHoldsTheAnswerOrTheSameFailure() throws Exception {
        RuntimeException failure = new RuntimeException("reset");
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.of(Answer.text("hello"), Answer.failure(failure)))
                .interactionListener(recorded)
                .build();

        assertThat(chatAsync(stack.chatModel())
                        .get(20, TimeUnit.SECONDS)
                        .aiMessage()
                        .text())
                .isEqualTo("hello");
        assertThatThrownBy(() -> chatAsync(stack.chatModel()).get(20, TimeUnit.SECONDS))
                .hasCause(failure);
        assertThat(recorded.of(stack))
                .extracting(Interaction::outcome)
                .containsExactly(Outcome.ANSWERED, Outcome.FAILED);
    }

    /** LangChain4j has this method from 1.20 on; the stack's model has it always. */
    @SuppressWarnings("unchecked") // the method's own type
    private static CompletableFuture<ChatResponse> chatAsync(ChatModel model) throws ReflectiveOperationException {
        Method method = model.getClass().getMethod("chatAsync", ChatRequest.class);
        method.setAccessible(true);
        return (CompletableFuture<ChatResponse>) method.invoke(model, Shape.request());
    }

    interface Assistant {
        TokenStream ask(String question);
    }

    @Test
    void aTokenStreamIsCancelledByItsHandle() throws Exception {
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.tokens("one ", "two").hangAfterTokens(1));
        ChatStack stack = streaming(model, passing("Outer"));
        List<String> heard = new CopyOnWriteArrayList<>();

        AiServices.create(Assistant.class, stack.streamingChatModel())
                .ask("question")
                .onPartialResponseWithContext((part, context) -> {
                    heard.add(part.text());
                    context.streamingHandle().cancel();
                })
                .onCompleteResponse(response -> heard.add("complete"))
                .onError(error -> heard.add("error"))
                .start();

        await().until(() -> !heard.isEmpty());
        Interaction interaction = recorded.only(stack);
        assertThat(interaction.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(interaction.released()).isEqualTo("one ");
        await().until(() -> model.live() == 0);
        assertThat(heard).containsExactly("one ");
    }

    @Test
    void aTokenStreamIsCancelledByItsTurnBeforeTheFirstToken() throws Exception {
        HandDriven model = new HandDriven();
        ChatStack stack = streaming(model);
        List<String> heard = new CopyOnWriteArrayList<>();
        Assistant assistant = AiServices.builder(Assistant.class)
                .streamingChatModel(stack.streamingChatModel())
                .registerListener(CallContext.listener())
                .build();

        try (ContextScope scope =
                CallContext.open(CallContext.builder().turn("turn").build())) {
            assistant
                    .ask("question")
                    .onPartialResponse(heard::add)
                    .onCompleteResponse(response -> heard.add("complete"))
                    .onError(error -> heard.add("error"))
                    .start();
        }
        HandDriven.Stream stream = model.next();

        assertThat(stack.cancel("turn")).isOne();
        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.CANCELLED);
        stream.text("late");
        assertThat(heard).isEmpty();
        assertThat(stream.cancels()).isOne();
    }

    @Test
    void aCancelThatMeetsTheFirstTokenAlwaysReachesTheProvider() throws Exception {
        try (Races races = new Races("aCancelThatMeetsTheFirstTokenAlwaysReachesTheProvider")) {
            HandDriven model = new HandDriven();
            ChatStack stack = streaming(model, passing("Outer"), retry(2));
            int number = 5_000;
            int heard = 0;
            for (int race = 0; race < number; race++) {
                Caller caller = new Caller();
                stack.streamingChatModel().chat(Shape.request(), TURN, caller);
                HandDriven.Stream stream = model.next();
                races.run(() -> stream.text("first"), () -> stack.cancel("turn"));
                Recorded.idle(stack);

                assertThat(stream.cancels()).isOne();
                assertThat(caller.terminals()).isZero();
                assertThat(caller.text()).isIn("", "first");
                heard += caller.text().isEmpty() ? 0 : 1;
            }
            assertThat(recorded.of(stack))
                    .hasSize(number)
                    .allMatch(interaction -> interaction.outcome() == Outcome.CANCELLED)
                    .filteredOn(interaction -> interaction.released().equals("first"))
                    .hasSize(heard);
            assertThat(heard).isBetween(1, number - 1);
        }
    }

    /** A call is known by its turn before it begins to wait: a cancel in between must not be lost. */
    @Test
    void aCancelThatMeetsTheBeginOfABlockingCallAlwaysEndsIt() throws Exception {
        try (Races races = new Races("aCancelThatMeetsTheBeginOfABlockingCallAlwaysEndsIt")) {
            ScriptedChatModel model = ScriptedChatModel.of(Answer.hanging());
            ChatStack stack =
                    ChatStack.builder().chatModel(model).layer(passing("Outer")).build();
            for (int race = 0; race < 3_000; race++) {
                races.run(
                        () -> {
                            while (stack.cancel("turn") == 0) {
                                Thread.onSpinWait();
                            }
                        },
                        () -> assertThatThrownBy(() -> stack.chatModel().chat(Shape.request(), TURN))
                                .isInstanceOf(CallCancelled.class));
            }
        }
    }

    private ChatStack streaming(StreamingChatModel model, ChatLayer... layers) {
        ChatStack.Builder builder =
                ChatStack.builder().streamingChatModel(model).interactionListener(recorded);
        for (ChatLayer layer : layers) {
            builder.layer(layer);
        }
        return builder.build();
    }
}
