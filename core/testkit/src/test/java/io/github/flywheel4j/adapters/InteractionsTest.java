package io.github.flywheel4j.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallBlocked;
import io.github.flywheel4j.CallCancelled;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.InteractionListener;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.PriceList;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import io.github.flywheel4j.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What remains of a call, whatever came of it. */
class InteractionsTest {

    private final List<Interaction> told = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void recordsAnAnswerWithAllThatIsKnownOfIt(boolean streaming) throws Exception {
        TestClock clock = new TestClock(Instant.parse("2026-11-22T10:00:00Z"));
        Answer answer = Answer.text("hello world").modelName("small-2026").usage(1_000, 500);
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.of(answer))
                .streamingChatModel(ScriptedStreamingChatModel.of(answer))
                .workload("support")
                .prices(PriceList.builder("USD")
                        .perMillionTokens("small", "0.15", "0.60")
                        .build())
                .clock(clock)
                .layer((call, next) -> {
                    call.trace().record("Cache", "miss", Map.of("size", 3), Duration.ofNanos(5));
                    return next.proceed(call.withRequest(Calls.request("rewritten")));
                })
                .interactionListener(told::add)
                .build();
        ChatRequest request = Calls.request("hi");

        ChatResponse response = ask(stack, request, streaming);
        stack.close();

        assertThat(told).hasSize(1);
        Interaction interaction = told.get(0);
        assertThat(interaction.id())
                .isEqualTo(AnswerInfo.of(response).orElseThrow().id());
        assertThat(interaction.id().version()).isEqualTo(7);
        assertThat(interaction.time()).isEqualTo(clock.instant());
        assertThat(interaction.context().workload()).isEqualTo("support");
        assertThat(interaction.streaming()).isEqualTo(streaming);
        assertThat(interaction.request()).isSameAs(request);
        assertThat(interaction.response()).isSameAs(response);
        assertThat(interaction.error()).isNull();
        assertThat(interaction.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(interaction.released()).isEmpty();
        assertThat(interaction.servedBy()).isEqualTo("small-2026");
        assertThat(interaction.usage().totalTokenCount()).isEqualTo(1_500);
        assertThat(interaction.cost()).hasToString("0.00045 USD");
        assertThat(interaction.latency()).isPositive();
        if (streaming) {
            assertThat(interaction.timeToFirstToken()).isPositive().isLessThanOrEqualTo(interaction.latency());
        } else {
            assertThat(interaction.timeToFirstToken()).isNull();
        }
        assertThat(interaction.decisions())
                .containsExactly(new Decision("Cache", "miss", Map.of("size", 3), Duration.ofNanos(5), ""));
        assertThat(interaction.fingerprint()).isEqualTo(stack.fingerprint().value());
        assertThat(Interaction.fromJson(interaction.toJson()).id()).isEqualTo(interaction.id());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void recordsADegradedAnswer(boolean streaming) throws Exception {
        ChatStack stack = stack((call, next) -> AnswerInfo.degraded(next.proceed(call), "stale"));

        ask(stack, Calls.request("hi"), streaming);
        stack.close();

        assertThat(told).singleElement().satisfies(interaction -> {
            assertThat(interaction.outcome()).isEqualTo(Outcome.DEGRADED);
            assertThat(interaction.response()).isNotNull();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void recordsARefusal(boolean streaming) {
        ChatStack stack = stack((call, next) -> {
            throw new CallBlocked("Guard", "off topic");
        });

        assertThatThrownBy(() -> ask(stack, Calls.request("hi"), streaming)).isInstanceOf(CallBlocked.class);
        stack.close();

        assertThat(told).singleElement().satisfies(interaction -> {
            assertThat(interaction.outcome()).isEqualTo(Outcome.BLOCKED);
            assertThat(interaction.response()).isNull();
            assertThat(interaction.error())
                    .isEqualTo(
                            new Interaction.Failure(CallBlocked.class.getName(), "Guard refused the call: off topic"));
            assertThat(interaction.servedBy()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void recordsAFailureByTheNameOfItsException(boolean streaming) {
        Exception failure = new java.io.IOException("reset");
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.of(Answer.failure(failure)))
                .streamingChatModel(ScriptedStreamingChatModel.of(Answer.failure(failure)))
                .layer((call, next) -> call.await(call.submit(() -> next.proceed(call))))
                .interactionListener(told::add)
                .build();

        assertThatThrownBy(() -> ask(stack, Calls.request("hi"), streaming)).isSameAs(failure);
        stack.close();

        assertThat(told).singleElement().satisfies(interaction -> {
            assertThat(interaction.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(interaction.error()).isEqualTo(new Interaction.Failure("java.io.IOException", "reset"));
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void recordsACancelledCallWithWhatWasReleased(boolean streaming) throws Exception {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.hanging());
        ScriptedStreamingChatModel streamingModel = ScriptedStreamingChatModel.of(
                Answer.tokens("half ", "an ", "answer").hangAfterTokens(2));
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streamingModel)
                .defaultContext(CallContext.builder().turn("t").build())
                .interactionListener(told::add)
                .build();
        CompletableFuture<Throwable> blocked = new CompletableFuture<>();
        if (streaming) {
            stack.streamingChatModel().chat(Calls.request("hi"), new Listening());
            await().until(() -> streamingModel.hanging() == 1);
        } else {
            new Thread(() -> {
                        try {
                            stack.chatModel().chat(Calls.request("hi"));
                        } catch (Throwable e) {
                            blocked.complete(e);
                        }
                    })
                    .start();
            await().until(() -> model.live() == 1);
        }

        assertThat(stack.cancel("t")).isEqualTo(1);

        await().until(() -> told.size() == 1);
        assertThat(told.get(0).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(told.get(0).released()).isEqualTo(streaming ? "half an " : "");
        assertThat(told.get(0).response()).isNull();
        if (!streaming) {
            assertThat(blocked.get(20, TimeUnit.SECONDS)).isInstanceOf(CallCancelled.class);
        }
        assertThat(stack.callsUnderWay()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void recordsBeforeTheAnswerIsHandedOver(boolean streaming) throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        InteractionListener inline = new InteractionListener() {
            @Override
            public void onInteraction(Interaction interaction) {
                order.add("recorded " + interaction.outcome());
            }

            @Override
            public boolean inline() {
                return true;
            }
        };
        for (Answer answer : List.of(Answer.text("hello"), Answer.failure(new IllegalStateException("no")))) {
            ChatStack stack = ChatStack.builder()
                    .chatModel(ScriptedChatModel.of(answer))
                    .streamingChatModel(ScriptedStreamingChatModel.of(answer))
                    .interactionListener(inline)
                    .build();
            if (streaming) {
                Listening heard = new Listening() {
                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        order.add("handed over");
                        super.onCompleteResponse(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        order.add("handed over");
                        super.onError(error);
                    }
                };
                stack.streamingChatModel().chat(Calls.request("hi"), heard);
                heard.end.handle((response, error) -> null).get(20, TimeUnit.SECONDS);
            } else {
                try {
                    stack.chatModel().chat(Calls.request("hi"));
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessage("no");
                }
                order.add("handed over");
            }
        }

        assertThat(order).containsExactly("recorded ANSWERED", "handed over", "recorded FAILED", "handed over");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void neverWaitsForAListenerAndTellsItInTheOrderOfTheAnswers(boolean streaming) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        List<UUID> delivered = new CopyOnWriteArrayList<>();
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("hello"))
                .streamingChatModel(ScriptedStreamingChatModel.saying("hello"))
                .interactionListener(interaction -> {
                    awaitQuietly(goOn);
                    delivered.add(interaction.id());
                })
                .build();
        List<UUID> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(AnswerInfo.of(ask(stack, Calls.request("hi"), streaming))
                    .orElseThrow()
                    .id());
        }

        assertThat(delivered).isEmpty();
        // Feedback that the user gives now is queued behind the interaction it speaks of.
        goOn.countDown();
        stack.close();
        assertThat(delivered).isEqualTo(answers);
        assertThat(stack.droppedInteractions()).isZero();
    }

    @Test
    void recordsEachCallOfManyThreadsExactlyOnce() throws Exception {
        int threads = 64;
        int each = 25;
        Set<UUID> answered = java.util.concurrent.ConcurrentHashMap.newKeySet();
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.answering(InteractionsTest::everyThirdFails))
                .streamingChatModel(ScriptedStreamingChatModel.answering(InteractionsTest::everyThirdFails))
                .layer(new Calls())
                .layer((call, next) -> {
                    answered.add(call.id());
                    return next.proceed(call);
                })
                .interactionListener(told::add)
                .build();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                boolean streaming = t % 2 == 0;
                running.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        ChatRequest request = Calls.request("question " + i);
                        try {
                            ask(stack, request, streaming);
                        } catch (IllegalStateException e) {
                            assertThat(e).hasMessage("third");
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> thread : running) {
                thread.get(60, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        stack.close();

        assertThat(told).hasSize(threads * each);
        assertThat(new HashSet<>(told.stream().map(Interaction::id).toList())).isEqualTo(answered);
        assertThat(told.stream().filter(each1 -> each1.outcome() == Outcome.FAILED))
                .hasSize(threads * 9);
        assertThat(stack.callsUnderWay()).isZero();
        assertThat(stack.droppedInteractions()).isZero();
    }

    @Test
    void tellsALayerThatListensOnce() {
        ListeningLayer layer = new ListeningLayer(told);
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("hello"))
                .layer(layer)
                .interactionListener(layer)
                .build();

        stack.chatModel().chat(Calls.request("hi"));
        stack.close();

        assertThat(told).hasSize(1);
    }

    @Test
    void survivesAListenerThatThrows() {
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("hello"))
                .interactionListener(interaction -> {
                    throw new AssertionError("bad listener");
                })
                .interactionListener(told::add)
                .build();

        assertThat(stack.chatModel().chat(Calls.request("hi")).aiMessage().text())
                .isEqualTo("hello");
        stack.close();

        assertThat(told).hasSize(1);
    }

    // Branches of the trace

    @Test
    void givesEachFurtherCallOfNextABranchOfItsOwn() throws Exception {
        ChatLayer twice = (call, next) -> {
            next.proceed(call);
            call.trace().record("Twice", "again");
            return next.proceed(call);
        };
        ChatLayer noting = (call, next) -> {
            call.trace().record("Noting", "seen");
            return next.proceed(call);
        };
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("hello"))
                .layer(twice)
                .layer(noting)
                .interactionListener(told::add)
                .build();

        stack.chatModel().chat(Calls.request("hi"));
        stack.close();

        assertThat(told.get(0).decisions())
                .extracting(decision -> decision.layer() + "@" + decision.branch())
                .containsExactly("Noting@", "Twice@", "Noting@1");
    }

    @Test
    void givesConcurrentCallsOfNextBranchesOfTheirOwn() throws Exception {
        int calls = 16;
        CountDownLatch all = new CountDownLatch(calls);
        ChatLayer many = (call, next) -> {
            List<Future<ChatResponse>> running = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                ChatCall own = call.unheard().withRequest(Calls.request("sample " + i));
                running.add(call.submit(() -> next.proceed(own)));
            }
            ChatResponse last = null;
            for (Future<ChatResponse> each : running) {
                last = call.await(each);
            }
            return last;
        };
        ChatLayer noting = (call, next) -> {
            all.countDown();
            awaitQuietly(all);
            String asked = ((UserMessage) call.request().messages().get(0)).singleText();
            call.trace().record("Noting", asked);
            ChatResponse answer = next.proceed(call);
            call.trace().record("Noting", asked);
            return answer;
        };
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("hello"))
                .layer(many)
                .layer(noting)
                .interactionListener(told::add)
                .build();

        stack.chatModel().chat(Calls.request("hi"));
        stack.close();

        Map<String, List<Decision>> byBranch =
                told.get(0).decisions().stream().collect(java.util.stream.Collectors.groupingBy(Decision::branch));
        assertThat(byBranch).hasSize(calls).doesNotContainKey("");
        assertThat(byBranch.values()).allSatisfy(branch -> {
            assertThat(branch).hasSize(2);
            assertThat(branch.get(0).outcome()).isEqualTo(branch.get(1).outcome());
        });
        assertThat(byBranch.values().stream()
                        .map(branch -> branch.get(0).outcome())
                        .distinct())
                .hasSize(calls);
    }

    @Test
    void givesConcurrentCallsOfTheSameCallBranchesOfTheirOwn() throws Exception {
        int calls = 8;
        CountDownLatch all = new CountDownLatch(calls);
        ChatLayer many = (call, next) -> {
            List<Future<ChatResponse>> running = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                running.add(call.submit(() -> next.proceed(call)));
            }
            ChatResponse last = null;
            for (Future<ChatResponse> each : running) {
                last = call.await(each);
            }
            return last;
        };
        ChatLayer noting = (call, next) -> {
            all.countDown();
            awaitQuietly(all);
            call.trace().record("Noting", "seen");
            return next.proceed(call);
        };
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("hello"))
                .layer(many)
                .layer(noting)
                .interactionListener(told::add)
                .build();

        stack.chatModel().chat(Calls.request("hi"));
        stack.close();

        // The first is the call itself, each further one a branch.
        assertThat(told.get(0).decisions())
                .extracting(Decision::branch)
                .containsExactlyInAnyOrder("", "1", "2", "3", "4", "5", "6", "7");
    }

    private ChatStack stack(ChatLayer layer) {
        return ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("hello"))
                .streamingChatModel(ScriptedStreamingChatModel.saying("hello"))
                .layer(layer)
                .interactionListener(told::add)
                .build();
    }

    private static Answer everyThirdFails(ChatRequest request) {
        String asked = ((UserMessage) request.messages().get(0)).singleText();
        int number = Integer.parseInt(asked.substring("question ".length()));
        return number % 3 == 0 ? Answer.failure(new IllegalStateException("third")) : Answer.text("hello");
    }

    private static ChatResponse ask(ChatStack stack, ChatRequest request, boolean streaming) throws Exception {
        if (!streaming) {
            return stack.chatModel().chat(request);
        }
        Listening heard = new Listening();
        stack.streamingChatModel().chat(request, heard);
        try {
            return heard.response();
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private record ListeningLayer(List<Interaction> told) implements ChatLayer, InteractionListener {
        @Override
        public ChatResponse handle(ChatCall call, Next next) {
            return next.proceed(call);
        }

        @Override
        public void onInteraction(Interaction interaction) {
            told.add(interaction);
        }
    }
}
