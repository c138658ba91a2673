package io.github.flywheel4j;

import static io.github.flywheel4j.Layers.passing;
import static io.github.flywheel4j.Layers.retry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import io.github.flywheel4j.testkit.Terminal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 3: exactly one terminal signal, and nothing after it; a caller's cancel has none. */
class OneTerminalRuleTest {

    static Stream<Arguments> terminals() {
        return Stream.of(
                Arguments.of(List.of(Terminal.COMPLETE), true),
                Arguments.of(List.of(Terminal.ERROR), false),
                Arguments.of(List.of(Terminal.THROW), false),
                Arguments.of(List.of(Terminal.COMPLETE, Terminal.COMPLETE), true),
                Arguments.of(List.of(Terminal.COMPLETE, Terminal.ERROR), true),
                Arguments.of(List.of(Terminal.ERROR, Terminal.COMPLETE), false),
                Arguments.of(List.of(Terminal.ERROR, Terminal.ERROR), false),
                Arguments.of(List.of(Terminal.ERROR, Terminal.THROW), false),
                Arguments.of(List.of(Terminal.COMPLETE, Terminal.THROW), true),
                Arguments.of(List.of(Terminal.ERROR, Terminal.COMPLETE, Terminal.ERROR, Terminal.COMPLETE), false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("terminals")
    void theFirstOfSeveralTerminalsWins(List<Terminal> terminals, boolean answered) throws Exception {
        IOException failure = new IOException("reset");
        Answer answer = Answer.tokens("one ", "two")
                .failAfterTokens(2, failure)
                .terminals(terminals.toArray(Terminal[]::new))
                .lateTokens("after the end");
        for (boolean ownThread : new boolean[] {true, false}) {
            ScriptedStreamingChatModel.Builder model =
                    ScriptedStreamingChatModel.builder().answers(answer);
            if (!ownThread) {
                model.onCallersThread();
            }
            Recorded recorded = new Recorded();
            ChatStack stack = ChatStack.builder()
                    .streamingChatModel(model.build())
                    .layer(passing("Outer"))
                    .interactionListener(recorded)
                    .build();
            Caller caller = new Caller();

            stack.streamingChatModel().chat(Shape.request(), caller);
            caller.awaitEnd();

            assertThat(caller.events()).containsExactly("text:one ", "text:two", answered ? "complete" : "error");
            assertThat(caller.error()).isSameAs(answered ? null : failure);
            assertThat(recorded.only(stack).outcome()).isEqualTo(answered ? Outcome.ANSWERED : Outcome.FAILED);
            assertThat(caller.terminals()).isOne();
            assertThat(caller.disorder()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                RetriableException.class,
                IllegalStateException.class,
                IOException.class,
                AssertionError.class,
                StackOverflowError.class
            })
    void aProvidersFailureArrivesAsTheSameInstance(Class<? extends Throwable> type) throws Exception {
        Throwable failure;
        try {
            failure = type.getConstructor(String.class).newInstance("scripted");
        } catch (NoSuchMethodException e) {
            failure = type.getConstructor(Object.class).newInstance("scripted");
        }
        for (Terminal terminal : new Terminal[] {Terminal.ERROR, Terminal.THROW}) {
            Caller caller = new Caller();
            ChatStack stack = ChatStack.builder()
                    .streamingChatModel(ScriptedStreamingChatModel.of(
                            Answer.failure(failure).terminals(terminal)))
                    .layer(passing("Outer"))
                    .build();

            stack.streamingChatModel().chat(Shape.request(), caller);

            assertThat(caller.awaitEnd().error()).isSameAs(failure);
            assertThat(caller.terminals()).isOne();
        }
        Throwable expected = failure;
        ChatStack blocking = ChatStack.builder()
                .chatModel(ScriptedChatModel.of(Answer.failure(failure)))
                .layer(passing("Outer"))
                .build();
        assertThatThrownBy(() -> blocking.chatModel().chat(Shape.request())).isSameAs(expected);
    }

    @Test
    void twoThreadsOfAProviderNeverGetTwoTerminalsThrough() throws Exception {
        try (Races races = new Races("twoThreadsOfAProviderNeverGetTwoTerminalsThrough")) {
            HandDriven model = new HandDriven();
            Recorded recorded = new Recorded();
            ChatStack stack = ChatStack.builder()
                    .streamingChatModel(model)
                    .layer(passing("Outer"))
                    .interactionListener(recorded)
                    .build();
            RuntimeException failure = new RuntimeException("reset");
            List<Caller> callers = new ArrayList<>();
            for (int race = 0; race < 5_000; race++) {
                Caller caller = new Caller();
                callers.add(caller);
                stack.streamingChatModel().chat(Shape.request(), caller);
                HandDriven.Stream stream = model.next();
                stream.text("a");
                races.run(
                        () -> {
                            stream.text("b");
                            stream.complete("ab");
                            stream.text("c");
                        },
                        () -> {
                            stream.handler.onError(failure);
                            stream.handler.onPartialResponse("d");
                            stream.handler.onCompleteToolCall(null);
                        });
                caller.awaitEnd();
                assertThat(caller.text()).isIn("a", "ab");
            }
            assertThat(recorded.of(stack)).hasSize(5_000);
            assertThat(callers).allMatch(caller -> caller.terminals() == 1 && caller.disorder() == 0);
            assertThat(callers).anyMatch(caller -> caller.error() == null).anyMatch(caller -> caller.error() != null);
        }
    }

    @Test
    void aCancelThatWonHasNoTerminalAndOneThatLostHasOne() throws Exception {
        try (Races races = new Races("aCancelThatWonHasNoTerminalAndOneThatLostHasOne")) {
            HandDriven model = new HandDriven();
            Recorded recorded = new Recorded();
            ChatStack stack = ChatStack.builder()
                    .streamingChatModel(model)
                    .layer(passing("Outer"))
                    .interactionListener(recorded)
                    .build();
            int won = 0;
            int number = 5_000;
            for (int race = 0; race < number; race++) {
                AtomicBoolean wonBeforeTheTerminal = new AtomicBoolean();
                AtomicBoolean terminalAfterCancel = new AtomicBoolean();
                Caller caller = new Caller((event, handle) -> {
                    if ((event.equals("complete") || event.equals("error")) && wonBeforeTheTerminal.get()) {
                        terminalAfterCancel.set(true);
                    }
                });
                stack.streamingChatModel().chat(Shape.request(), caller);
                HandDriven.Stream stream = model.next();
                stream.text("a");
                boolean fails = races.random().nextInt(4) == 0;
                races.run(
                        () -> {
                            if (fails) {
                                stream.handler.onError(new RuntimeException("reset"));
                            } else {
                                stream.complete("a");
                            }
                        },
                        () -> {
                            caller.handle().cancel();
                            if (caller.handle().isCancelled()) {
                                wonBeforeTheTerminal.set(true);
                            }
                        });
                Recorded.idle(stack);
                if (caller.handle().isCancelled()) {
                    won++;
                } else {
                    caller.awaitEnd();
                }
                assertThat(terminalAfterCancel).isFalse();
                assertThat(caller.terminals()).isEqualTo(caller.handle().isCancelled() ? 0 : 1);
            }
            assertThat(recorded.of(stack))
                    .hasSize(number)
                    .filteredOn(interaction -> interaction.outcome() == Outcome.CANCELLED)
                    .hasSize(won);
            assertThat(won).as("races that only one side can win prove nothing").isBetween(1, number - 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text:", "thinking:", "partialTool:", "tool:", "raw:"})
    void aHandlerThatThrowsEndsTheCallWithOneErrorAndIsNeverRetried(String kind) throws Exception {
        for (Throwable failure :
                List.of(new RetriableException("handler"), new RuntimeException("handler"), new Error("handler"))) {
            ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(Answer.tokens("one ", "two")
                    .rawEvents("role")
                    .thinking("hm")
                    .andToolCall("weather", "{}"));
            Recorded recorded = new Recorded();
            ChatStack stack = ChatStack.builder()
                    .streamingChatModel(model)
                    .layer(retry(3))
                    .interactionListener(recorded)
                    .build();
            AtomicInteger thrown = new AtomicInteger();
            Caller caller = new Caller((event, handle) -> {
                if (event.startsWith(kind)) {
                    thrown.incrementAndGet();
                    throw Shape.<RuntimeException>sneaky(failure);
                }
            });

            stack.streamingChatModel().chat(Shape.request(), caller);

            assertThat(caller.awaitEnd().error()).isSameAs(failure);
            Interaction interaction = recorded.only(stack);
            assertThat(interaction.outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(interaction.error().type()).isEqualTo(failure.getClass().getName());
            assertThat(thrown).hasValue(1);
            assertThat(caller.terminals()).isOne();
            assertThat(caller.disorder()).isZero();
            assertThat(model.calls()).isOne();
            await().until(() -> model.live() == 0);
        }
    }

    @Test
    void aHandlerThatThrowsOnTheRestOfTheAnswerGetsItBack() throws Exception {
        RuntimeException failure = new RuntimeException("handler");
        Recorded recorded = new Recorded();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.saying("unused"))
                .layer((call, next) -> Shape.answer("from the cache"))
                .interactionListener(recorded)
                .build();
        Caller caller = new Caller((event, handle) -> {
            if (event.startsWith("text:")) {
                throw failure;
            }
        });

        stack.streamingChatModel().chat(Shape.request(), caller);

        assertThat(caller.awaitEnd().error()).isSameAs(failure);
        assertThat(caller.events()).containsExactly("text:from the cache", "error");
        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void aHandlerThatThrowsIsNotSoothedByALayerThatAnswersErrors() throws Exception {
        RuntimeException failure = new RuntimeException("handler");
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.saying("hello"))
                .layer((call, next) -> {
                    try {
                        return next.proceed(call);
                    } catch (RuntimeException e) {
                        return Shape.answer("sorry");
                    }
                })
                .build();
        Caller caller = new Caller((event, handle) -> {
            if (event.startsWith("text:")) {
                throw failure;
            }
        });

        stack.streamingChatModel().chat(Shape.request(), caller);

        assertThat(caller.awaitEnd().error()).isSameAs(failure);
        assertThat(caller.events()).containsExactly("text:hello", "error");
    }

    @Test
    void aHandlerThatThrowsOnTheAnswerGetsItAsAnError() throws Exception {
        RuntimeException failure = new RuntimeException("handler");
        Recorded recorded = new Recorded();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.saying("hello"))
                .layer(retry(3))
                .interactionListener(recorded)
                .build();
        Caller caller = new Caller((event, handle) -> {
            if (event.equals("complete")) {
                throw failure;
            }
        });

        stack.streamingChatModel().chat(Shape.request(), caller);
        await().until(() -> caller.error() != null);

        assertThat(caller.error()).isSameAs(failure);
        assertThat(caller.events()).containsExactly("text:hello", "complete", "error");
        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.ANSWERED);
    }

    @Test
    void aHandlerThatThrowsOnAnErrorIsLeftAlone() throws Exception {
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.of(Answer.failure(new RuntimeException("reset"))))
                .build();
        Caller caller = new Caller((event, handle) -> {
            throw new IllegalStateException("handler");
        });

        stack.streamingChatModel().chat(Shape.request(), caller);
        caller.awaitEnd();
        Recorded.idle(stack);

        assertThat(caller.events()).containsExactly("error");
    }

    @Test
    void aHandlerThatCancelsAndThenThrowsHearsNothingMore() throws Exception {
        Recorded recorded = new Recorded();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.of(Answer.tokens("one ", "two")))
                .interactionListener(recorded)
                .build();
        Caller caller = new Caller((event, handle) -> {
            handle.cancel();
            throw new IllegalStateException("handler");
        });

        stack.streamingChatModel().chat(Shape.request(), caller);
        caller.awaitFirst();

        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(caller.events()).containsExactly("text:one ");
    }

    interface Assistant {
        TokenStream ask(String question);
    }

    @Test
    void aConsumerOfATokenStreamThatThrowsEndsTheStreamWithItsError() throws Exception {
        RuntimeException failure = new RuntimeException("consumer");
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(Answer.tokens("one ", "two"));
        Recorded recorded = new Recorded();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(model)
                .layer(retry(3))
                .interactionListener(recorded)
                .build();
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        CompletableFuture<ChatResponse> end = new CompletableFuture<>();

        AiServices.create(Assistant.class, stack.streamingChatModel())
                .ask("question")
                .onPartialResponse(text -> {
                    throw failure;
                })
                .onCompleteResponse(end::complete)
                .onError(error -> {
                    errors.add(error);
                    end.completeExceptionally(error);
                })
                .start();

        assertThatThrownBy(() -> end.get(20, TimeUnit.SECONDS)).hasCause(failure);
        assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(errors).containsExactly(failure);
        assertThat(model.calls()).isOne();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aCallThatEndsInAnyWayLeavesOneInteraction(Shape shape) throws Exception {
        Recorded recorded = new Recorded();
        ChatStack stack = shape.model(
                        Answer.text("hello"),
                        Answer.failure(new RuntimeException("reset")),
                        Answer.none(),
                        Answer.failure(new AssertionError("broken")))
                .stack()
                .layer(passing("Outer"))
                .interactionListener(recorded)
                .build();

        shape.ask(stack);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> shape.ask(stack)).isNotNull();
        }

        assertThat(recorded.of(stack))
                .extracting(Interaction::outcome)
                .containsExactly(Outcome.ANSWERED, Outcome.FAILED, Outcome.FAILED, Outcome.FAILED);
    }

    @Test
    void anExecutorThatRefusesLeavesOneErrorAndNoCallUnderWay() throws Exception {
        for (Throwable refusal : List.of(
                new RejectedExecutionException("full"),
                new IllegalStateException("this executor was closed"),
                new OutOfMemoryError("unable to create native thread"))) {
            Recorded recorded = new Recorded();
            ChatStack stack = ChatStack.builder()
                    .streamingChatModel(ScriptedStreamingChatModel.saying("hello"))
                    .executor(task -> {
                        throw Shape.<RuntimeException>sneaky(refusal);
                    })
                    .interactionListener(recorded)
                    .build();
            Caller caller = new Caller();

            stack.streamingChatModel().chat(Shape.request(), caller);

            assertThat(caller.awaitEnd().error()).isSameAs(refusal);
            assertThat(stack.callsUnderWay()).isZero();
            assertThat(recorded.only(stack).outcome()).isEqualTo(Outcome.FAILED);
        }
    }
}
