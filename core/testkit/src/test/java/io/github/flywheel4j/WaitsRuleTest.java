package io.github.flywheel4j;

import static io.github.flywheel4j.Layers.named;
import static io.github.flywheel4j.Layers.passing;
import static io.github.flywheel4j.Layers.retry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 6: cancellation, deadline and interrupts reach every wait, and leave no stray interrupt behind. */
class WaitsRuleTest {

    private final ExecutorService tasks = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "task");
        thread.setDaemon(true);
        return thread;
    });

    @AfterEach
    void endTasks() {
        tasks.shutdownNow();
    }

    /** Heeds interrupts as LangChain4j's JDK client does: the flag is gone, the exception is a plain one. */
    private static final class Client implements ChatModel {

        private volatile int turns;
        private volatile boolean parks;
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public ChatResponse doChat(ChatRequest request) {
            calls.incrementAndGet();
            if (parks) {
                LockSupport.parkNanos(20_000);
            }
            for (int i = 0; i < turns; i++) {
                Thread.onSpinWait();
                if (Thread.interrupted()) {
                    throw new RuntimeException(new InterruptedException());
                }
            }
            return Shape.answer("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noInterruptIsLeftWhereAnAnswerMeetsACancellation(boolean parks) throws Exception {
        try (Races races = new Races("noInterruptIsLeftWhereAnAnswerMeetsACancellation")) {
            Client client = new Client();
            client.parks = parks;
            ChatStack stack = ChatStack.builder()
                    .chatModel(client)
                    .layer(passing("Outer"))
                    .defaultContext(CallContext.builder().turn("turn").build())
                    .build();
            AtomicInteger cancelled = new AtomicInteger();
            AtomicInteger answered = new AtomicInteger();
            AtomicInteger strays = new AtomicInteger();
            int number = 10_000;
            for (int race = 0; race < number; race++) {
                client.turns = races.random().nextInt(3_000);
                races.run(
                        () -> {
                            try {
                                stack.chatModel().chat(Shape.request());
                                answered.incrementAndGet();
                            } catch (CallCancelled e) {
                                cancelled.incrementAndGet();
                            }
                            strays.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                        },
                        () -> stack.cancel("turn"));
                // The canceller is done by now: an interrupt that was still under way has arrived.
                strays.addAndGet(Thread.interrupted() ? 1 : 0);
            }
            assertThat(strays).hasValue(0);
            assertThat(answered.get() + cancelled.get()).isEqualTo(number);
            assertThat(cancelled.get()).isBetween(1, number - 1);
            assertThat(stack.callsUnderWay()).isZero();
        }
    }

    @Test
    void noInterruptIsLeftWhereAnAnswerMeetsTheDeadline() {
        long seed = Long.getLong("flywheel4j.seed", System.nanoTime());
        System.out.println("noInterruptIsLeftWhereAnAnswerMeetsTheDeadline: seed " + seed);
        Random random = new Random(seed);
        Client client = new Client();
        AtomicReference<Deadline> deadline = new AtomicReference<>();
        ChatStack stack = ChatStack.builder()
                .chatModel(client)
                .layer(named("Limit", (call, next) -> next.proceed(call.withDeadline(deadline.get()))))
                .build();
        int late = 0;
        int number = 4_000;
        for (int race = 0; race < number; race++) {
            client.turns = random.nextInt(6_000);
            deadline.set(Deadline.after(Duration.ofNanos(random.nextInt(200_000))));
            try {
                stack.chatModel().chat(Shape.request());
            } catch (DeadlineExceeded e) {
                late++;
            }
            assertThat(Thread.interrupted()).isFalse();
        }
        assertThat(late).isBetween(1, number);
        assertThat(stack.callsUnderWay()).isZero();
    }

    @Test
    void noInterruptIsLeftOnAThreadThatStreamsItself() throws Exception {
        try (Races races = new Races("noInterruptIsLeftOnAThreadThatStreamsItself")) {
            AtomicInteger strays = new AtomicInteger();
            AtomicInteger asked = new AtomicInteger();
            CountDownLatch never = new CountDownLatch(1);
            ScriptedStreamingChatModel model = ScriptedStreamingChatModel.builder()
                    .recording(false)
                    .onCallersThread()
                    .answering(request -> {
                        asked.incrementAndGet();
                        return Answer.tokens("a", "b").waitAfterTokens(1, never);
                    })
                    .build();
            ChatStack stack = ChatStack.builder()
                    .streamingChatModel(model)
                    .layer((call, next) -> {
                        try {
                            return next.proceed(call);
                        } finally {
                            strays.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                        }
                    })
                    .build();
            for (int race = 0; race < 2_000; race++) {
                Caller caller = new Caller();
                stack.streamingChatModel()
                        .chat(
                                Shape.request(),
                                CallContext.builder().turn("turn").build().options(),
                                caller);
                int spin = races.random().nextInt(3_000);
                Races.spin(spin);
                stack.cancel("turn");
                Recorded.idle(stack);
                assertThat(caller.terminals()).isZero();
            }
            assertThat(strays).hasValue(0);
            assertThat(asked.get()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptOfTheCallersThreadIsRestoredAndEndsTheCall(boolean clientKeepsTheFlag) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(1);
        ChatModel client = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                calls.incrementAndGet();
                asked.countDown();
                try {
                    new CountDownLatch(1).await();
                    return Shape.answer("never");
                } catch (InterruptedException e) {
                    if (clientKeepsTheFlag) {
                        Thread.currentThread().interrupt();
                    }
                    throw new RetriableException(e);
                }
            }
        };
        Recorded recorded = new Recorded();
        ChatStack stack = ChatStack.builder()
                .chatModel(client)
                .layer(retry(3))
                .interactionListener(recorded)
                .build();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                stack.chatModel().chat(Shape.request());
            } catch (Throwable e) {
                thrown.set(e);
            }
            flag.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        asked.await();
        caller.interrupt();
        caller.join(20_000);

        assertThat(flag).hasValue(true);
        assertThat(calls).hasValue(1);
        assertThat(thrown.get()).isNotNull();
        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void aThreadThatComesInterruptedAsksNobody() {
        ScriptedChatModel model = ScriptedChatModel.saying("hello");
        ChatStack stack = ChatStack.builder().chatModel(model).build();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> stack.chatModel().chat(Shape.request())).isInstanceOf(CallCancelled.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(model.calls()).isZero();
        assertThat(stack.chatModel().chat(Shape.request()).aiMessage().text()).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sleep", "await", "stream"})
    void anInterruptOfALayersThreadEndsItsWait(String wait) throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        CountDownLatch waiting = new CountDownLatch(1);
        ChatLayer layer = named("Waiting", (call, next) -> {
            thread.set(Thread.currentThread());
            waiting.countDown();
            try {
                return switch (wait) {
                    case "sleep" -> {
                        call.sleep(Duration.ofDays(1));
                        yield next.proceed(call);
                    }
                    case "await" -> call.await(new CompletableFuture<>());
                    default -> next.proceed(call);
                };
            } finally {
                flag.set(Thread.interrupted());
            }
        });
        Recorded recorded = new Recorded();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(new HandDriven())
                .layer(layer)
                .interactionListener(recorded)
                .build();
        Caller caller = new Caller();
        stack.streamingChatModel().chat(Shape.request(), caller);
        waiting.await();

        thread.get().interrupt();

        assertThat(caller.awaitEnd().error()).isInstanceOf(CallCancelled.class);
        assertThat(flag).hasValue(true);
        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void aRetrySeesTheCancellationBeforeTheClientsException() throws Exception {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Client client = new Client();
        client.turns = Integer.MAX_VALUE;
        ChatStack stack = ChatStack.builder()
                .chatModel(client)
                .layer(named("Eager", (call, next) -> {
                    Attempts attempts = call.attempts();
                    for (int tries = 0; ; tries++) {
                        Attempt attempt = attempts.start();
                        try {
                            return attempt.commit(next.proceed(attempt.call()));
                        } catch (CallCancelled e) {
                            seen.set(e);
                            throw e;
                        } catch (RuntimeException e) {
                            if (tries == 3) {
                                throw e;
                            }
                        }
                    }
                }))
                .defaultContext(CallContext.builder().turn("turn").build())
                .build();
        Future<ChatResponse> call = tasks.submit(() -> stack.chatModel().chat(Shape.request()));
        await().until(() -> client.calls.get() == 1);

        stack.cancel("turn");

        assertThatThrownBy(call::get).hasCauseInstanceOf(CallCancelled.class);
        assertThat(seen.get()).isInstanceOf(CallCancelled.class);
        assertThat(seen.get().getSuppressed()).hasSize(1);
        assertThat(client.calls).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aDeadlineEndsACallThatHangs(Shape shape) {
        Recorded recorded = new Recorded();
        ChatStack stack = shape.model(Answer.hanging())
                .stack()
                .deadline(Duration.ofMillis(50))
                .layer(passing("Outer"))
                .interactionListener(recorded)
                .build();

        assertThatThrownBy(() -> shape.ask(stack)).isInstanceOf(DeadlineExceeded.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aDeadlineEndsAStreamOnTheCallersThread() throws Exception {
        for (Answer answer : List.of(Answer.hanging(), Answer.text("never").waitFor(new CountDownLatch(1)))) {
            Caller caller = new Caller();
            ChatStack stack = ChatStack.builder()
                    .streamingChatModel(ScriptedStreamingChatModel.builder()
                            .answers(answer)
                            .onCallersThread()
                            .build())
                    .deadline(Duration.ofMillis(50))
                    .layer(passing("Outer"))
                    .build();

            stack.streamingChatModel().chat(Shape.request(), caller);

            assertThat(caller.awaitEnd().error()).isInstanceOf(DeadlineExceeded.class);
            Recorded.idle(stack);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aDeadlineEndsAPauseAndAnAwaitedTask(Shape shape) {
        for (ChatLayer layer : List.<ChatLayer>of(
                (call, next) -> {
                    call.sleep(Duration.ofDays(1));
                    return next.proceed(call);
                },
                (call, next) -> call.await(new CompletableFuture<>()))) {
            ChatStack stack = shape.model(Answer.text("hello"))
                    .stack()
                    .deadline(Duration.ofMillis(50))
                    .layer(layer)
                    .build();

            assertThatThrownBy(() -> shape.ask(stack)).isInstanceOf(DeadlineExceeded.class);
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aDeadlineThatHasPassedAsksNobody(Shape shape) {
        Shape.Scripted model = shape.model(Answer.text("hello"));
        ChatStack stack = model.stack()
                .layer((call, next) -> next.proceed(call.withDeadline(Deadline.after(Duration.ZERO))))
                .build();

        assertThatThrownBy(() -> shape.ask(stack)).isInstanceOf(DeadlineExceeded.class);
        assertThat(model.calls().getAsLong()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aLayerCanOnlyTightenTheDeadline(Shape shape) throws Exception {
        List<Duration> left = new CopyOnWriteArrayList<>();
        ChatStack stack = shape.model(Answer.text("hello"))
                .stack()
                .deadline(Duration.ofHours(2))
                .layer((call, next) -> {
                    ChatCall longer = call.withDeadline(Deadline.after(Duration.ofDays(1)));
                    ChatCall none = longer.withDeadline(Deadline.none());
                    ChatCall shorter = none.withDeadline(Deadline.after(Duration.ofHours(1)));
                    left.add(longer.deadline().remaining());
                    left.add(none.deadline().remaining());
                    left.add(shorter.deadline().remaining());
                    return next.proceed(shorter);
                })
                .build();

        shape.ask(stack);

        assertThat(left.get(0)).isLessThanOrEqualTo(Duration.ofHours(2));
        assertThat(left.get(1)).isLessThanOrEqualTo(Duration.ofHours(2));
        assertThat(left.get(2)).isLessThanOrEqualTo(Duration.ofHours(1));
    }

    @Test
    void aTaskThatRanOutOfItsOwnTimeDoesNotEndTheCall() {
        // The task's DeadlineExceeded is caused by the interrupt that ended the client on the task's thread.
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.of(Answer.hanging(), Answer.text("fallback")))
                .layer(named("Fallback", (call, next) -> {
                    Attempts attempts = call.attempts();
                    Attempt first = attempts.start();
                    try {
                        ChatCall hurried = first.call().withDeadline(Deadline.after(Duration.ofMillis(50)));
                        return call.await(tasks.submit(() -> first.commit(next.proceed(hurried))));
                    } catch (DeadlineExceeded e) {
                        first.cancel();
                    }
                    Attempt second = attempts.start();
                    return second.commit(next.proceed(second.call()));
                }))
                .build();
        try {
            assertThat(stack.chatModel().chat(Shape.request()).aiMessage().text())
                    .isEqualTo("fallback");
        } finally {
            assertThat(Thread.interrupted()).as("a stray interrupt").isFalse();
        }
    }

    @Test
    void aStepThatRanOutOfItsOwnTimeDoesNotEndTheCall() {
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.of(Answer.hanging(), Answer.text("fallback")))
                .layer(named("Fallback", (call, next) -> {
                    Attempts attempts = call.attempts();
                    Attempt first = attempts.start();
                    try {
                        return call.interruptibly(() -> first.commit(
                                next.proceed(first.call().withDeadline(Deadline.after(Duration.ofMillis(50))))));
                    } catch (DeadlineExceeded e) {
                        first.cancel();
                    }
                    Attempt second = attempts.start();
                    return second.commit(next.proceed(second.call()));
                }))
                .build();
        try {
            assertThat(stack.chatModel().chat(Shape.request()).aiMessage().text())
                    .isEqualTo("fallback");
        } finally {
            assertThat(Thread.interrupted()).as("a stray interrupt").isFalse();
        }
    }

    @Test
    void aTaskThatWasInterruptedForReasonsOfItsOwnLeavesTheAwaitingThreadAlone() {
        RuntimeException failure = new RuntimeException(new InterruptedException("of the task's thread"));
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("hello"))
                .layer((call, next) -> {
                    try {
                        return call.await(CompletableFuture.failedFuture(failure));
                    } catch (RuntimeException e) {
                        assertThat(e).isSameAs(failure);
                        return next.proceed(call);
                    }
                })
                .build();
        try {
            assertThat(stack.chatModel().chat(Shape.request()).aiMessage().text())
                    .isEqualTo("hello");
        } finally {
            assertThat(Thread.interrupted()).as("a stray interrupt").isFalse();
        }
    }

    @Test
    void aTaskThatIsGivenUpByInterruptEndsOnlyItself() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.hanging(), Answer.text("second"));
        CountDownLatch ended = new CountDownLatch(1);
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .layer(named("Impatient", (call, next) -> {
                    Attempts attempts = call.attempts();
                    Attempt first = attempts.start();
                    Future<?> task = tasks.submit(() -> {
                        try {
                            return next.proceed(first.call());
                        } finally {
                            ended.countDown();
                        }
                    });
                    await().until(() -> model.live() == 1);
                    task.cancel(true);
                    call.interruptibly(() -> {
                        try {
                            ended.await();
                            return true;
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
                    Attempt second = attempts.start();
                    return second.commit(next.proceed(second.call()));
                }))
                .build();

        assertThat(stack.chatModel().chat(Shape.request()).aiMessage().text()).isEqualTo("second");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aTaskThatWasGivenUpByInterruptLeavesTheAnswerOfItsLayerAlone() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.hanging());
        Recorded recorded = new Recorded();
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .layer(named("Graceful", (call, next) -> {
                    CountDownLatch ended = new CountDownLatch(1);
                    Future<?> task = tasks.submit(() -> {
                        try {
                            return next.proceed(call);
                        } finally {
                            ended.countDown();
                        }
                    });
                    await().until(() -> model.live() == 1);
                    task.cancel(true);
                    await().until(() -> ended.getCount() == 0);
                    return Shape.answer("sorry");
                }))
                .interactionListener(recorded)
                .build();

        assertThat(stack.chatModel().chat(Shape.request()).aiMessage().text()).isEqualTo("sorry");
        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.ANSWERED);
    }

    @Test
    void anAwaitedTaskIsCancelledWhenTheCallEndsFirst() throws Exception {
        CompletableFuture<ChatResponse> task = new CompletableFuture<>();
        CountDownLatch waiting = new CountDownLatch(1);
        Recorded recorded = new Recorded();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(new HandDriven())
                .layer((call, next) -> {
                    waiting.countDown();
                    return call.await(task);
                })
                .defaultContext(CallContext.builder().turn("turn").build())
                .interactionListener(recorded)
                .build();
        stack.streamingChatModel().chat(Shape.request(), new Caller());
        waiting.await();

        stack.cancel("turn");

        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(task).isCancelled();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aFailureOfAnAwaitedTaskArrivesAsTheSameInstance(Shape shape) {
        RuntimeException failure = new RuntimeException("task");
        ChatStack stack = shape.model(Answer.text("hello"))
                .stack()
                .layer((call, next) -> call.await(CompletableFuture.failedFuture(failure)))
                .build();

        assertThatThrownBy(() -> shape.ask(stack)).isSameAs(failure);
    }

    @Test
    void aThousandWaitsLeaveNoListenersBehind() {
        AtomicReference<Cancellation> cancellation = new AtomicReference<>();
        AtomicInteger run = new AtomicInteger();
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("hello"))
                .layer((call, next) -> {
                    cancellation.set(call.cancellation());
                    for (int i = 0; i < 1_000; i++) {
                        call.sleep(Duration.ZERO);
                        call.cancellation().onCancel(run::incrementAndGet).close();
                    }
                    return next.proceed(call);
                })
                .build();

        stack.chatModel().chat(Shape.request());

        assertThat(cancellation.get().cancel("after the end"))
                .as("a call that has ended")
                .isFalse();
        assertThat(run).hasValue(0);
    }
}
