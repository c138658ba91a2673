package io.github.flywheel4j.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallCancelled;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Futures and publishers, which LangChain4j has from 1.20 on. */
class ReactiveStreamTest {

    private static final String REACTIVE = "io.github.flywheel4j.adapters.Reactive#available";

    @Test
    @DisabledIf(REACTIVE)
    void refusesAPublisherByNameOnAnOlderLangChain4j() {
        ChatStack stack = streaming(Answer.text("hello"));

        assertThatThrownBy(() -> Reactive.invoke(
                        stack.streamingChatModel().getClass(),
                        stack.streamingChatModel(),
                        "chat",
                        ChatRequest.class,
                        Calls.request("hi")))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("1.20")
                .hasMessageContaining("chat(request, handler)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "doChat"})
    @EnabledIf(REACTIVE)
    void publishesEveryKindOfEventAndThenTheAnswer(String method) throws Exception {
        ChatStack stack = streaming(Answer.text("hello world")
                .rawEvents("role")
                .thinking("hm")
                .andToolCall("weather", "{}")
                .usage(3, 2));
        Reactive.Listener listener = new Reactive.Listener(Long.MAX_VALUE);

        Reactive.publisher(stack.streamingChatModel(), method, ChatRequest.class, Calls.request("hi"))
                .subscribe(listener);
        listener.await();

        assertThat(listener.events.stream().map(event -> event.getClass().getSimpleName()))
                .containsExactly(
                        "DefaultRawStreamingEvent",
                        "PartialThinking",
                        "PartialResponse",
                        "PartialResponse",
                        "PartialToolCall",
                        "CompleteToolCall",
                        "CompleteResponse");
        assertThat(Reactive.property(listener.events.get(0), "rawEvent")).isEqualTo("role");
        assertThat(listener.events.get(1)).isEqualTo(new PartialThinking("hm"));
        assertThat(listener.events.get(2)).isEqualTo(new PartialResponse("hello"));
        assertThat(listener.events.get(4)).isInstanceOf(PartialToolCall.class);
        assertThat(((CompleteToolCall) listener.events.get(5))
                        .toolExecutionRequest()
                        .name())
                .isEqualTo("weather");
        assertThat(Reactive.complete(listener.events.get(6)).tokenUsage().totalTokenCount())
                .isEqualTo(5);
        assertThat(AnswerInfo.of(Reactive.complete(listener.events.get(6)))).isPresent();
        assertThat(listener.signals).startsWith("subscribe").endsWith("complete");
    }

    @Test
    @EnabledIf(REACTIVE)
    void publishesTheTextAlone() throws Exception {
        ChatStack stack =
                streaming(Answer.text("hello big world").rawEvents("role").thinking("hm"));
        Reactive.Listener listener = new Reactive.Listener(1) {
            @Override
            public void onNext(Object event) {
                super.onNext(event);
                subscription.request(1);
            }
        };

        Reactive.publisher(stack.streamingChatModel(), "chat", String.class, "hi")
                .subscribe(listener);
        listener.await();

        assertThat(listener.events).containsExactly("hello", " big", " world");
    }

    @Test
    @EnabledIf(REACTIVE)
    void doesNothingBeforeSomebodySubscribesAndCallsForEachThatDoes() throws Exception {
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.saying("hello");
        Calls layer = new Calls();
        ChatStack stack =
                ChatStack.builder().streamingChatModel(model).layer(layer).build();
        Flow.Publisher<Object> publisher =
                Reactive.publisher(stack.streamingChatModel(), "chat", ChatRequest.class, Calls.request("hi"));

        assertThat(layer.seen()).isEmpty();
        assertThat(stack.callsUnderWay()).isZero();

        for (int i = 1; i <= 3; i++) {
            Reactive.Listener listener = new Reactive.Listener(Long.MAX_VALUE);
            publisher.subscribe(listener);
            listener.await();
            assertThat(model.calls()).isEqualTo(i);
        }
        assertThat(layer.seen().stream().map(call -> call.id()).distinct()).hasSize(3);
    }

    @Test
    @EnabledIf(REACTIVE)
    void hearsTheScopeOfWhoeverSubscribes() throws Exception {
        Calls layer = new Calls();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.saying("hello"))
                .layer(layer)
                .build();
        Reactive.Listener listener = new Reactive.Listener(Long.MAX_VALUE);
        Flow.Publisher<Object> publisher =
                Reactive.publisher(stack.streamingChatModel(), "chat", ChatRequest.class, Calls.request("hi"));

        CallContext.call(CallContext.builder().user("ada").build(), () -> {
            publisher.subscribe(listener);
            return null;
        });
        listener.await();

        assertThat(layer.only().context().user()).isEqualTo("ada");
    }

    @Test
    @EnabledIf(REACTIVE)
    void givesNoMoreThanIsWanted() throws Exception {
        ChatStack stack = streaming(Answer.tokens("a", "b", "c"));
        Reactive.Listener listener = new Reactive.Listener(0);

        Reactive.publisher(stack.streamingChatModel(), "chat", ChatRequest.class, Calls.request("hi"))
                .subscribe(listener);
        await().until(() -> stack.callsUnderWay() == 0);
        assertThat(listener.signals).containsExactly("subscribe");

        for (int i = 1; i <= 4; i++) {
            listener.subscription.request(1);
            assertThat(listener.events).hasSize(i);
        }
        // The end is no event: it needs no demand.
        listener.await();
        assertThat(listener.signals).containsExactly("subscribe", "next", "next", "next", "next", "complete");
    }

    @Test
    @EnabledIf(REACTIVE)
    void cancelsTheCallWithTheSubscription() throws Exception {
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.tokens("a", "b", "c").hangAfterTokens(2));
        List<Interaction> interactions = new CopyOnWriteArrayList<>();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(model)
                .interactionListener(interactions::add)
                .build();
        Reactive.Listener listener = new Reactive.Listener(Long.MAX_VALUE);
        Reactive.publisher(stack.streamingChatModel(), "chat", ChatRequest.class, Calls.request("hi"))
                .subscribe(listener);
        await().until(() -> listener.events.size() == 2);

        listener.subscription.cancel();

        await().until(() -> !interactions.isEmpty());
        assertThat(interactions.get(0).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(interactions.get(0).released()).isEqualTo("ab");
        assertThat(model.cancelled()).isEqualTo(1);
        assertThat(stack.callsUnderWay()).isZero();
        assertThat(listener.signals).containsExactly("subscribe", "next", "next");
    }

    @Test
    @EnabledIf(REACTIVE)
    void startsNoCallForASubscriberThatCancelsAtOnce() {
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.saying("hello");
        ChatStack stack = ChatStack.builder().streamingChatModel(model).build();
        Reactive.Listener listener = new Reactive.Listener(0) {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                given.cancel();
            }
        };

        Reactive.publisher(stack.streamingChatModel(), "chat", ChatRequest.class, Calls.request("hi"))
                .subscribe(listener);

        assertThat(stack.callsUnderWay()).isZero();
        assertThat(model.calls()).isZero();
        assertThat(listener.signals).isEmpty();
    }

    @Test
    @EnabledIf(REACTIVE)
    void bringsTheErrorAfterWhatCameBefore() throws Exception {
        IllegalStateException failure = new IllegalStateException("reset");
        ChatStack stack = streaming(Answer.tokens("a", "b", "c").failAfterTokens(2, failure));
        Reactive.Listener listener = new Reactive.Listener(Long.MAX_VALUE);

        Reactive.publisher(stack.streamingChatModel(), "chat", ChatRequest.class, Calls.request("hi"))
                .subscribe(listener);

        assertThat(listener.error()).isSameAs(failure);
        assertThat(listener.signals).containsExactly("subscribe", "next", "next", "error");
    }

    @Test
    @EnabledIf(REACTIVE)
    void tellsASubscriberThatItsTurnWasCancelledByOthers() throws Exception {
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.tokens("a", "b").hangAfterTokens(1));
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(model)
                .defaultContext(CallContext.builder().turn("t").build())
                .build();
        Reactive.Listener listener = new Reactive.Listener(Long.MAX_VALUE);
        Reactive.publisher(stack.streamingChatModel(), "chat", ChatRequest.class, Calls.request("hi"))
                .subscribe(listener);
        await().until(() -> listener.events.size() == 1);

        assertThat(stack.cancel("t")).isEqualTo(1);

        // A publisher that ends without a word leaves its subscriber waiting for ever.
        assertThat(listener.error()).isInstanceOf(CallCancelled.class);
        assertThat(listener.signals).containsExactly("subscribe", "next", "error");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    @EnabledIf(REACTIVE)
    void failsASubscriberThatAsksForNothing(long demand) throws Exception {
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.tokens("a", "b", "c").hangAfterTokens(2));
        ChatStack stack = ChatStack.builder().streamingChatModel(model).build();
        Reactive.Listener listener = new Reactive.Listener(1);
        Reactive.publisher(stack.streamingChatModel(), "chat", ChatRequest.class, Calls.request("hi"))
                .subscribe(listener);
        await().until(() -> model.hanging() == 1);

        listener.subscription.request(demand);

        assertThat(listener.error())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("request: " + demand);
        await().until(() -> stack.callsUnderWay() == 0);
        assertThat(model.cancelled()).isEqualTo(1);
        assertThat(listener.signals).containsExactly("subscribe", "next", "error");
    }

    @Test
    @EnabledIf(REACTIVE)
    void cancelsASubscriberThatThrows() {
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.tokens("a", "b", "c").hangAfterTokens(2));
        ChatStack stack = ChatStack.builder().streamingChatModel(model).build();
        Reactive.Listener listener = new Reactive.Listener(Long.MAX_VALUE) {
            @Override
            public void onNext(Object event) {
                super.onNext(event);
                throw new IllegalStateException("bad subscriber");
            }
        };

        Reactive.publisher(stack.streamingChatModel(), "chat", ChatRequest.class, Calls.request("hi"))
                .subscribe(listener);

        await().until(() -> stack.callsUnderWay() == 0 && listener.events.size() == 1);
        assertThat(listener.signals).containsExactly("subscribe", "next");
    }

    @Test
    @EnabledIf(REACTIVE)
    void signalsOneAfterAnotherWhoeverAsks() throws Exception {
        ChatStack stack =
                streaming(Answer.text("x".repeat(2_000)).tokens(io.github.flywheel4j.testkit.TokenSplit.characters()));
        AtomicReference<Thread> inside = new AtomicReference<>();
        List<String> overlaps = new CopyOnWriteArrayList<>();
        Reactive.Listener listener = new Reactive.Listener(1) {
            @Override
            public void onNext(Object event) {
                if (!inside.compareAndSet(null, Thread.currentThread())) {
                    overlaps.add(Thread.currentThread().getName());
                }
                super.onNext(event);
                inside.set(null);
            }
        };
        Reactive.publisher(stack.streamingChatModel(), "chat", ChatRequest.class, Calls.request("hi"))
                .subscribe(listener);
        while (!listener.end.isDone()) {
            listener.subscription.request(3);
        }

        listener.await();
        assertThat(overlaps).isEmpty();
        assertThat(listener.text()).hasSize(2_000);
    }

    @Test
    @EnabledIf(REACTIVE)
    void cancelsTheCallWithItsFuture() {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.hanging());
        List<Interaction> interactions = new CopyOnWriteArrayList<>();
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .interactionListener(interactions::add)
                .build();
        CompletableFuture<?> future = (CompletableFuture<?>) Reactive.invoke(
                ChatModel.class, stack.chatModel(), "chatAsync", ChatRequest.class, Calls.request("hi"));
        await().until(() -> model.live() == 1);

        assertThat(future.cancel(false)).isTrue();

        await().until(() -> model.live() == 0 && stack.callsUnderWay() == 0);
        await().until(() -> interactions.size() == 1);
        assertThat(interactions.get(0).outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    @EnabledIf(REACTIVE)
    void completesAFutureWhoseTurnWasCancelled() {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.hanging());
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .defaultContext(CallContext.builder().turn("t").build())
                .build();
        CompletableFuture<?> future = (CompletableFuture<?>) Reactive.invoke(
                ChatModel.class, stack.chatModel(), "chatAsync", ChatRequest.class, Calls.request("hi"));
        await().until(() -> model.live() == 1);

        stack.cancel("t");

        assertThat(future)
                .failsWithin(java.time.Duration.ofSeconds(20))
                .withThrowableThat()
                .isInstanceOf(CallCancelled.class);
    }

    @Test
    @EnabledIf(REACTIVE)
    void returnsAFutureBeforeTheModelAnswers() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.text("hello").hang());
        ChatStack stack = ChatStack.builder().chatModel(model).build();
        Thread caller = Thread.currentThread();
        CompletableFuture<?> future = (CompletableFuture<?>) Reactive.invoke(
                ChatModel.class, stack.chatModel(), "chatAsync", ChatRequest.class, Calls.request("hi"));
        assertThat(future).isNotDone();

        await().until(() -> model.live() == 1);
        model.release();

        assertThat(future).succeedsWithin(java.time.Duration.ofSeconds(20));
        assertThat(caller.isInterrupted()).isFalse();
    }

    private static ChatStack streaming(Answer answer) {
        return ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.of(answer))
                .build();
    }
}
