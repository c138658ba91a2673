package io.github.flywheel4j;

import static io.github.flywheel4j.Layers.hedge;
import static io.github.flywheel4j.Layers.named;
import static io.github.flywheel4j.Layers.passing;
import static io.github.flywheel4j.Layers.retry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import io.github.flywheel4j.testkit.TokenSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rule 2: of several attempts the caller hears one. */
class AttemptsRuleTest {

    private static final int RACES = 5_000;

    @Test
    void hedgesOfStreamsNeverMixTwoAttempts() throws Exception {
        raceHedges("hedgesOfStreamsNeverMixTwoAttempts", RACES, 2, hedge(2));
    }

    @Test
    void hedgesOfHedgesNeverMixTwoAttempts() throws Exception {
        raceHedges("hedgesOfHedgesNeverMixTwoAttempts", 1_500, 4, hedge(2), passing("Between"), hedge(2));
    }

    /** Each attempt speaks a letter of its own, with random tokens and pauses; the caller must hear one letter only. */
    private static void raceHedges(String test, int races, int letters, ChatLayer... layers) throws Exception {
        try (Races random = new Races(test)) {
            AtomicInteger asked = new AtomicInteger();
            List<String> texts = IntStream.range(0, letters)
                    .mapToObj(i -> String.valueOf((char) ('a' + i)).repeat(12))
                    .toList();
            Random pauses = random.random();
            ScriptedStreamingChatModel model = ScriptedStreamingChatModel.builder()
                    .recording(false)
                    .answering(request -> {
                        int spin;
                        TokenSplit split;
                        synchronized (pauses) {
                            spin = pauses.nextInt(1_500);
                            split = TokenSplit.random(pauses.nextLong());
                        }
                        String text = texts.get(asked.getAndIncrement() % letters);
                        return Answer.text(text).rawEvents(text.charAt(0)).tokens(whole -> {
                            Races.spin(spin);
                            return split.split(whole);
                        });
                    })
                    .build();
            Recorded recorded = new Recorded();
            ChatStack.Builder builder =
                    ChatStack.builder().streamingChatModel(model).interactionListener(recorded);
            for (ChatLayer layer : layers) {
                builder.layer(layer);
            }
            ChatStack stack = builder.build();
            AtomicInteger[] winners = IntStream.range(0, letters)
                    .mapToObj(i -> new AtomicInteger())
                    .toArray(AtomicInteger[]::new);
            for (int race = 0; race < races; race++) {
                Caller caller = new Caller();
                stack.streamingChatModel().chat(Shape.request(), caller);
                caller.awaitEnd();

                assertThat(caller.error()).isNull();
                assertThat(caller.text())
                        .isIn(texts)
                        .isEqualTo(caller.response().aiMessage().text());
                assertThat(caller.events("raw:"))
                        .containsOnly("raw:" + caller.text().charAt(0));
                assertThat(caller.terminals()).isOne();
                assertThat(caller.disorder()).isZero();
                winners[texts.indexOf(caller.text())].incrementAndGet();
            }
            assertThat(recorded.of(stack)).hasSize(races);
            assertThat(winners)
                    .as("races that only one attempt can win prove nothing")
                    .noneMatch(won -> won.get() == 0);
        }
    }

    @Test
    void exactlyOneOfTwoBlockingAttemptsIsChosen() throws Exception {
        try (Races races = new Races("exactlyOneOfTwoBlockingAttemptsIsChosen")) {
            AtomicReference<String> heard = new AtomicReference<>();
            ChatLayer racing = named("Racing", (call, next) -> {
                Attempts attempts = call.attempts();
                Attempt one = attempts.start();
                Attempt two = attempts.start();
                List<ChatResponse> chosen = new CopyOnWriteArrayList<>();
                List<Throwable> refused = new CopyOnWriteArrayList<>();
                race(races, commit(one, "one", chosen, refused), commit(two, "two", chosen, refused));
                assertThat(chosen).hasSize(1);
                assertThat(refused).hasSize(1).allMatch(CallCancelled.class::isInstance);
                assertThat(attempts.committed()).isTrue();
                assertThat(List.of(one, two))
                        .filteredOn(attempt -> attempt.call().cancellation().isCancelled())
                        .hasSize(1);
                heard.set(chosen.get(0).aiMessage().text());
                return chosen.get(0);
            });
            ChatStack stack = ChatStack.builder()
                    .chatModel(ScriptedChatModel.saying("unused"))
                    .layer(racing)
                    .build();
            for (int race = 0; race < RACES; race++) {
                assertThat(Shape.BLOCKING.text(stack)).isEqualTo(heard.get());
            }
        }
    }

    @Test
    void anAttemptThatWasGivenUpBeforeItWasChosenIsNeverChosen() throws Exception {
        try (Races races = new Races("anAttemptThatWasGivenUpBeforeItWasChosenIsNeverChosen")) {
            AtomicInteger late = new AtomicInteger();
            ChatLayer racing = named("Impatient", (call, next) -> {
                Attempts attempts = call.attempts();
                Attempt slow = attempts.start();
                race(races, slow::cancel, () -> slow.call().stream().text("slow"));
                if (attempts.committed()) {
                    return Shape.answer("slow and sure");
                }
                late.incrementAndGet();
                slow.call().stream().text("too late");
                return attempts.start().commit(Shape.answer("second"));
            });
            ChatStack stack = ChatStack.builder()
                    .streamingChatModel(ScriptedStreamingChatModel.saying("unused"))
                    .layer(racing)
                    .build();
            for (int race = 0; race < RACES; race++) {
                assertThat(Shape.STREAMING.text(stack)).isIn("slow and sure", "second");
            }
            assertThat(late.get()).isBetween(1, RACES - 1);
        }
    }

    @Test
    void anAttemptThatIsGivenUpWhileItSpeaksIsEitherChosenOrForgotten() throws Exception {
        try (Races races = new Races("anAttemptThatIsGivenUpWhileItSpeaksIsEitherChosenOrForgotten")) {
            ChatLayer racing = named("Impatient", (call, next) -> {
                Attempts attempts = call.attempts();
                Attempt slow = attempts.start();
                AtomicReference<ChatResponse> second = new AtomicReference<>();
                race(
                        races,
                        () -> {
                            slow.cancel();
                            if (!attempts.committed()) {
                                second.set(attempts.start().commit(Shape.answer("second")));
                            }
                        },
                        () -> slow.call().stream().text("slow"));
                return second.get() != null ? second.get() : Shape.answer("slow and sure");
            });
            ChatStack stack = ChatStack.builder()
                    .streamingChatModel(ScriptedStreamingChatModel.saying("unused"))
                    .layer(racing)
                    .build();
            for (int race = 0; race < 10_000; race++) {
                assertThat(Shape.STREAMING.text(stack)).isIn("slow and sure", "second");
            }
        }
    }

    @Test
    void rawEventsAreHeldUntilTheAttemptIsChosen() {
        List<String> heard = new ArrayList<>();
        Attempts attempts = streaming(heard).attempts();
        Attempt one = attempts.start();
        Attempt two = attempts.start();

        one.call().stream().raw("role 1");
        two.call().stream().raw("role 2");
        assertThat(heard).isEmpty();
        assertThat(attempts.committed()).as("a raw event chooses nothing").isFalse();
        two.call().stream().text("hello");
        one.call().stream().raw("later 1");
        two.call().stream().raw("later 2");

        assertThat(heard).containsExactly("raw:role 2", "text:hello", "raw:later 2");
    }

    @Test
    void rawEventsAreHeldInBoundedNumbersTheNewestOnes() {
        List<String> heard = new ArrayList<>();
        Attempt attempt = streaming(heard).attempts().start();

        for (int i = 0; i < 100_000; i++) {
            attempt.call().stream().raw(i);
        }
        attempt.commit(Shape.answer("hello"));

        assertThat(heard).hasSizeBetween(1, 1_000).last().isEqualTo("raw:99999");
        assertThat(heard).first().isEqualTo("raw:" + (100_000 - heard.size()));
    }

    static Stream<Arguments> firstEvents() {
        return Stream.of(
                Arguments.of("text", first(stream -> stream.text("a"))),
                Arguments.of("thinking", first(stream -> stream.thinking(new PartialThinking("a")))),
                Arguments.of(
                        "partial tool call",
                        first(stream -> stream.partialToolCall(PartialToolCall.builder()
                                .index(0)
                                .id("id")
                                .name("tool")
                                .partialArguments("{")
                                .build()))),
                Arguments.of(
                        "tool call",
                        first(stream -> stream.toolCall(new CompleteToolCall(
                                0,
                                ToolExecutionRequest.builder()
                                        .id("id")
                                        .name("tool")
                                        .arguments("{}")
                                        .build())))));
    }

    private static Consumer<ResponseStream> first(Consumer<ResponseStream> event) {
        return event;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("firstEvents")
    void theFirstEventOfContentChoosesItsAttempt(String kind, Consumer<ResponseStream> event) {
        List<String> heard = new ArrayList<>();
        Attempts attempts = streaming(heard).attempts();
        Attempt one = attempts.start();
        Attempt two = attempts.start();

        event.accept(one.call().stream());
        event.accept(two.call().stream());

        assertThat(heard).hasSize(1);
        assertThat(attempts.committed()).isTrue();
        assertThat(one.call().cancellation().isCancelled()).isFalse();
        assertThat(two.call().cancellation().isCancelled()).isTrue();
        assertThatThrownBy(() -> two.commit(Shape.answer("b"))).isInstanceOf(CallCancelled.class);
    }

    @Test
    void anEmptyTextChoosesNothing() {
        List<String> heard = new ArrayList<>();
        Attempts attempts = streaming(heard).attempts();

        attempts.start().call().stream().text("");

        assertThat(attempts.committed()).isFalse();
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void retriesWhatFailedBeforeTheFirstToken(Shape shape) throws Exception {
        RetriableException failure = new RetriableException("busy");
        Shape.Scripted model = shape.model(
                Answer.failure(failure).rawEvents("role"),
                Answer.failure(failure),
                Answer.text("third time lucky").rawEvents("role"));
        Recorded recorded = new Recorded();
        ChatStack stack = model.stack()
                .layer(passing("Outer"))
                .layer(retry(3))
                .layer(passing("Inner"))
                .interactionListener(recorded)
                .build();

        assertThat(shape.text(stack)).isEqualTo("third time lucky");
        assertThat(model.calls().getAsLong()).isEqualTo(3);
        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.ANSWERED);
    }

    @Test
    void aRetryLeavesNoRawEventOfTheFailedAttempt() throws Exception {
        Caller caller = new Caller();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.of(
                        Answer.failure(new RetriableException("busy")).rawEvents("role 1"),
                        Answer.text("hello").rawEvents("role 2")))
                .layer(retry(2))
                .build();

        stack.streamingChatModel().chat(Shape.request(), caller);

        assertThat(caller.awaitEnd().events()).containsExactly("raw:role 2", "text:hello", "complete");
    }

    @Test
    void doesNotRetryAfterTheFirstToken() throws Exception {
        RetriableException failure = new RetriableException("broken pipe");
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Answer.tokens("half ", "an answer").failAfterTokens(1, failure), Answer.text("another"));
        Recorded recorded = new Recorded();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(model)
                .layer(retry(3))
                .interactionListener(recorded)
                .build();
        Caller caller = new Caller();

        stack.streamingChatModel().chat(Shape.request(), caller);

        assertThat(caller.awaitEnd().error()).isSameAs(failure);
        assertThat(caller.events()).containsExactly("text:half ", "error");
        assertThat(model.calls()).isOne();
        assertThat(recorded.only(stack)).satisfies(interaction -> {
            assertThat(interaction.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(interaction.released()).isEqualTo("half ");
        });
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void everyFailureOfAHedgeReachesTheCallerAsTheSameInstance(Shape shape) {
        NonRetriableException failure = new NonRetriableException("no such model");
        ChatStack stack =
                shape.model(Answer.failure(failure)).stack().layer(hedge(3)).build();

        assertThatThrownBy(() -> shape.ask(stack)).isSameAs(failure);
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void attemptsNest(Shape shape) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Shape.Scripted model = shape.model(request -> asked.incrementAndGet() <= 3
                ? Answer.failure(new RetriableException("busy")).rawEvents("role")
                : Answer.tokens("an ", "answer"));
        ChatStack stack = model.stack()
                .layer(passing("Outer"))
                .layer(retry(2))
                .layer(passing("Between"))
                .layer(hedge(2))
                .layer(retry(2))
                .layer(passing("Inner"))
                .build();

        assertThat(shape.text(stack)).isEqualTo("an answer");
        Recorded.idle(stack);
    }

    @Test
    void losersAreCancelledAtTheProviderAndMuteEvenIfTheySendOn() throws Exception {
        HandDriven model = new HandDriven();
        Caller caller = new Caller();
        ChatStack stack =
                ChatStack.builder().streamingChatModel(model).layer(hedge(2)).build();
        stack.streamingChatModel().chat(Shape.request(), caller);
        HandDriven.Stream one = model.next();
        HandDriven.Stream two = model.next();

        two.text("two ");
        one.handler.onUnmappedRawEvent("role 1");
        one.text("one ");
        one.text("goes on ");
        one.complete("one goes on");
        two.text("and done");
        two.complete("two and done");

        assertThat(caller.awaitEnd().text()).isEqualTo("two and done");
        assertThat(caller.events("raw:")).isEmpty();
        assertThat(one.cancels()).isOne();
        assertThat(two.cancels()).isZero();
        Recorded.idle(stack);
    }

    @Test
    void aLoserThatBlocksIsInterruptedWithoutHarmToItsThread() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger strays = new AtomicInteger();
        CountDownLatch loserDone = new CountDownLatch(1);
        ScriptedChatModel model = ScriptedChatModel.answering(request -> {
            if (asked.getAndIncrement() == 0) {
                return Answer.text("never").waitFor(new CountDownLatch(1));
            }
            return Answer.text("second").waitFor(hanging);
        });
        ChatLayer watching = named("Watching", (call, next) -> {
            try {
                return next.proceed(call);
            } catch (CallCancelled e) {
                strays.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                loserDone.countDown();
                throw e;
            }
        });
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .layer(hedge(2))
                .layer(watching)
                .build();
        Thread opener = new Thread(() -> {
            await().until(() -> model.live() == 2);
            hanging.countDown();
        });
        opener.start();

        assertThat(Shape.BLOCKING.text(stack)).isEqualTo("second");
        assertThat(loserDone.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(strays).hasValue(0);
        opener.join();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void decisionsCarryTheBranchOfTheirAttempt(Shape shape) throws Exception {
        Recorded recorded = new Recorded();
        ChatStack stack = shape.model(Answer.failure(new RetriableException("busy")), Answer.text("hello"))
                .stack()
                .layer(named("Outer", (call, next) -> {
                    call.trace().record("Outer", "asked");
                    return next.proceed(call);
                }))
                .layer(retry(2))
                .layer(named("Inner", (call, next) -> {
                    call.trace().record("Inner", "asked");
                    return next.proceed(call);
                }))
                .interactionListener(recorded)
                .build();

        shape.ask(stack);

        assertThat(recorded.only(stack).decisions())
                .extracting(decision -> decision.layer() + " " + decision.branch())
                .containsExactly("Outer ", "Inner 1", "Retry ", "Inner 2");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void nestedAttemptsHaveNestedBranches(Shape shape) throws Exception {
        Recorded recorded = new Recorded();
        RetriableException busy = new RetriableException("busy");
        ChatStack stack = shape.model(Answer.failure(busy), Answer.failure(busy), Answer.text("hello"))
                .stack()
                .layer(retry(2))
                .layer(retry(2))
                .layer(named("Inner", (call, next) -> {
                    call.trace().record("Inner", "asked");
                    return next.proceed(call);
                }))
                .interactionListener(recorded)
                .build();

        shape.ask(stack);

        assertThat(recorded.only(stack).decisions())
                .filteredOn(decision -> decision.layer().equals("Inner"))
                .extracting(Decision::branch)
                .containsExactly("1.1", "1.2", "2.1");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void nothingCanBeTriedAfterAnAttemptWasChosen(Shape shape) {
        Shape.Scripted model = shape.model(Answer.text("hello"));
        ChatStack stack = model.stack()
                .layer(named("Greedy", (call, next) -> {
                    Attempts attempts = call.attempts();
                    Attempt first = attempts.start();
                    first.commit(next.proceed(first.call()));
                    return next.proceed(attempts.start().call());
                }))
                .build();

        assertThatThrownBy(() -> shape.ask(stack)).isInstanceOf(CallCancelled.class);
        assertThat(model.calls().getAsLong()).isOne();
    }

    @Test
    void anUnheardCallIsNeverHeard() throws Exception {
        Caller caller = new Caller();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.of(
                        Answer.text("sample").rawEvents("role 1").thinking("hm"), Answer.text("answer")))
                .layer(named("Sampling", (call, next) -> {
                    assertThat(next.proceed(call.unheard()).aiMessage().text()).isEqualTo("sample");
                    return next.proceed(call);
                }))
                .build();

        stack.streamingChatModel().chat(Shape.request(), caller);

        assertThat(caller.awaitEnd().events()).containsExactly("text:answer", "complete");
    }

    private static Runnable commit(Attempt attempt, String text, List<ChatResponse> chosen, List<Throwable> refused) {
        return () -> {
            try {
                chosen.add(attempt.commit(Shape.answer(text)));
            } catch (CallCancelled e) {
                refused.add(e);
            }
        };
    }

    private static void race(Races races, Runnable here, Runnable there) {
        try {
            races.run(here, there);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A call that streams into a list. */
    private static ChatCall streaming(List<String> heard) {
        AtomicReference<ChatCall> call = new AtomicReference<>();
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("hello"))
                .layer((given, next) -> {
                    call.set(given);
                    return next.proceed(given);
                })
                .build();
        stack.chatModel().chat(Shape.request());
        return call.get().withStream(new Listening(heard::add));
    }

    private record Listening(Consumer<String> heard) implements ResponseStream {

        @Override
        public void text(String text) {
            heard.accept("text:" + text);
        }

        @Override
        public void thinking(PartialThinking thinking) {
            heard.accept("thinking:" + thinking.text());
        }

        @Override
        public void partialToolCall(PartialToolCall toolCall) {
            heard.accept("partialTool:" + toolCall.partialArguments());
        }

        @Override
        public void toolCall(CompleteToolCall toolCall) {
            heard.accept("tool:" + toolCall.index());
        }

        @Override
        public void raw(Object event) {
            heard.accept("raw:" + event);
        }

        @Override
        public String released() {
            return "";
        }

        @Override
        public boolean isLive() {
            return true;
        }
    }
}
