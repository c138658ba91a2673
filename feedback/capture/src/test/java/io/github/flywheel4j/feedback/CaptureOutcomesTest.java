package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallBlocked;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However a call ends, blocking or streaming, it leaves exactly one interaction, and the right one. */
class CaptureOutcomesTest {

    private static final int THREADS = 64;

    private final List<FeedbackEvent> events = new CopyOnWriteArrayList<>();
    private final AsyncSink sink = AsyncSink.before(events::add);
    private final ExecutorService cancellers = Executors.newCachedThreadPool();
    private final ChatStack stack = stack(Duration.ofMinutes(2));
    private final ChatStack impatient = stack(Duration.ofMillis(100));

    /** How a call can end. */
    private enum Ending {
        ANSWERED(Outcome.ANSWERED),
        DEGRADED(Outcome.DEGRADED),
        HIT(Outcome.ANSWERED),
        BLOCKED(Outcome.BLOCKED),
        REFUSED(Outcome.BLOCKED),
        FAILED(Outcome.FAILED),
        FAILED_ON_THE_WAY(Outcome.FAILED),
        TIMED_OUT(Outcome.FAILED),
        CANCELLED(Outcome.CANCELLED);

        final Outcome outcome;

        Ending(Outcome outcome) {
            this.outcome = outcome;
        }
    }

    @AfterEach
    void close() {
        cancellers.shutdownNow();
        stack.close();
        impatient.close();
        sink.close();
    }

    @ParameterizedTest
    @EnumSource
    void leavesOneInteraction(Ending ending) throws Exception {
        call(ending, false, "blocking");
        call(ending, true, "streaming");

        Map<String, InteractionEvent> byTurn = recorded(2);
        assertThat(byTurn.get("blocking").outcome()).isEqualTo(ending.outcome);
        assertThat(byTurn.get("blocking").streaming()).isFalse();
        assertThat(byTurn.get("streaming").outcome()).isEqualTo(ending.outcome);
        assertThat(byTurn.get("streaming").streaming()).isTrue();
        if (ending == Ending.HIT) {
            assertThat(byTurn.values()).allSatisfy(event -> {
                assertThat(event.info().answerFrom()).isEqualTo(Events.id(7));
                assertThat(event.servedBy()).isEqualTo("cache");
            });
        }
        if (ending == Ending.CANCELLED || ending == Ending.FAILED_ON_THE_WAY) {
            assertThat(byTurn.get("streaming").released().text()).isEqualTo("shown");
        }
    }

    @Test
    void leavesOneInteractionForEachOfAllEndingsOnSixtyFourThreads() throws Exception {
        Map<String, Ending> expected = new ConcurrentHashMap<>();
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                running.add(pool.submit(() -> {
                    Ending[] endings = Ending.values();
                    for (int i = 0; i < 2 * endings.length; i++) {
                        Ending ending = endings[(first + i) % endings.length];
                        String turn = first + "-" + i;
                        expected.put(turn, ending);
                        call(ending, (first + i) % 2 == 0, turn);
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get(120, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }

        Map<String, InteractionEvent> byTurn = recorded(2 * THREADS * Ending.values().length);
        assertThat(byTurn.keySet()).isEqualTo(expected.keySet());
        byTurn.forEach((turn, event) -> assertThat(event.outcome()).as(turn).isEqualTo(expected.get(turn).outcome));
        assertThat(sink.counts().lost()).isZero();
        assertThat(stack.droppedInteractions()).isZero();
    }

    /** By turn; fails where a turn has two. */
    private Map<String, InteractionEvent> recorded(int calls) {
        await().atMost(Duration.ofSeconds(60)).until(() -> stack.callsUnderWay() + impatient.callsUnderWay() == 0);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(events).hasSizeGreaterThanOrEqualTo(calls));
        sink.flush();
        assertThat(events).hasSize(calls).allMatch(InteractionEvent.class::isInstance);
        return events.stream()
                .map(InteractionEvent.class::cast)
                .collect(Collectors.toMap(event -> event.context().turn(), Function.identity()));
    }

    private void call(Ending ending, boolean streams, String turn) throws Exception {
        ChatStack called = ending == Ending.TIMED_OUT ? impatient : stack;
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from(ending.name())).build();
        CallContext context = CallContext.builder().turn(turn).build();
        CompletableFuture<Void> canceller = ending == Ending.CANCELLED && !streams
                ? CompletableFuture.runAsync(() -> cancelAsSoonAsItRuns(called, turn), cancellers)
                : CompletableFuture.completedFuture(null);
        try {
            if (streams) {
                stream(called, request, context, ending == Ending.CANCELLED);
            } else {
                ChatResponse unused = called.chatModel().chat(request, context.options());
            }
        } catch (RuntimeException | ExecutionException e) {
            // What the caller gets is not the point here.
        }
        canceller.get(60, TimeUnit.SECONDS);
    }

    private static void cancelAsSoonAsItRuns(ChatStack called, String turn) {
        while (called.cancel(turn) == 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void stream(ChatStack called, ChatRequest request, CallContext context, boolean cancels)
            throws Exception {
        CompletableFuture<Void> end = new CompletableFuture<>();
        called.streamingChatModel().chat(request, context.options(), new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(PartialResponse partial, PartialResponseContext given) {
                if (cancels) {
                    given.streamingHandle().cancel();
                    // A user's cancel has no terminal event.
                    end.complete(null);
                }
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                end.complete(null);
            }

            @Override
            public void onError(Throwable error) {
                end.complete(null);
            }
        });
        end.get(60, TimeUnit.SECONDS);
    }

    private ChatStack stack(Duration deadline) {
        return ChatStack.builder()
                .chatModel(ScriptedChatModel.answering(CaptureOutcomesTest::answer))
                .streamingChatModel(ScriptedStreamingChatModel.answering(CaptureOutcomesTest::answer))
                .workload("support")
                .layer(Capture.to(sink, TextPolicy.full(), UserIds.none()))
                .layer(Layers.at(Stage.INPUT, CaptureOutcomesTest::guarded))
                .layer(Layers.at(Stage.CACHE, CaptureOutcomesTest::cached))
                .deadline(deadline)
                .build();
    }

    private static Answer answer(ChatRequest request) {
        return switch (ending(request)) {
            case FAILED -> Answer.failure(new IllegalStateException("overloaded"));
            case FAILED_ON_THE_WAY ->
                Answer.tokens("shown", "not").failAfterTokens(1, new IllegalStateException("gone"));
            case TIMED_OUT -> Answer.hanging();
            case CANCELLED -> Answer.tokens("shown", "not").hangAfterTokens(1);
            default -> Answer.tokens("an ", "answer");
        };
    }

    private static ChatResponse guarded(ChatCall call, Next next) {
        return switch (ending(call.request())) {
            case BLOCKED -> throw new CallBlocked("Guard", "not here");
            case REFUSED -> AnswerInfo.blocked(said("not here"), "a rule");
            case DEGRADED -> AnswerInfo.degraded(next.proceed(call), "a fallback");
            default -> next.proceed(call);
        };
    }

    private static ChatResponse cached(ChatCall call, Next next) {
        return ending(call.request()) == Ending.HIT
                ? AnswerInfo.servedAgain(said("an answer"), "cache", Events.id(7))
                : next.proceed(call);
    }

    private static ChatResponse said(String text) {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(text))
                .finishReason(FinishReason.STOP)
                .build();
    }

    private static Ending ending(ChatRequest request) {
        return Ending.valueOf(((UserMessage) request.messages().get(0)).singleText());
    }
}
