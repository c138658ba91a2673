package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallBlocked;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CaptureTest {

    private final List<FeedbackEvent> events = new CopyOnWriteArrayList<>();
    private final AsyncSink sink = AsyncSink.before(events::add);

    @AfterEach
    void close() {
        sink.close();
    }

    @Test
    void recordsAnAnswer() {
        ChatStack stack = stack(Answer.text("Six o'clock.").usage(3, 2));

        ChatResponse answer = stack.chatModel().chat(request("When do you close?"));

        InteractionEvent event = recorded();
        assertThat(event.interactionId())
                .isEqualTo(AnswerInfo.of(answer).orElseThrow().id());
        assertThat(event.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(event.context().workload()).isEqualTo("support");
        assertThat(event.question().text()).isEqualTo("When do you close?");
        assertThat(event.answer().text()).isEqualTo("Six o'clock.");
        assertThat(event.usage().inputTokenCount()).isEqualTo(3);
        assertThat(event.fingerprint()).isEqualTo(stack.fingerprint().value());
        assertThat(event.streaming()).isFalse();
    }

    @Test
    void standsOutermost() {
        assertThat(stack(Answer.text("x"))).hasToString("Capture -> ScriptedChatModel");
        assertThat(Capture.to(sink, TextPolicy.full(), UserIds.none()).stage()).isEqualTo(Stage.CAPTURE);
    }

    @Test
    void recordsAFailure() {
        ChatStack stack = stack(Answer.failure(new IllegalStateException("overloaded")));

        assertThatThrownBy(() -> stack.chatModel().chat(request("hi"))).hasMessage("overloaded");

        InteractionEvent event = recorded();
        assertThat(event.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(event.error().type()).isEqualTo(IllegalStateException.class.getName());
        assertThat(event.answer()).isNull();
    }

    @Test
    void recordsABlock() {
        ChatLayer guard = Layers.at(Stage.INPUT, (call, next) -> {
            throw new CallBlocked("Guard", "not here");
        });
        ChatStack stack = builder(Answer.text("x")).layer(guard).build();

        assertThatThrownBy(() -> stack.chatModel().chat(request("hi"))).isInstanceOf(CallBlocked.class);

        assertThat(recorded().outcome()).isEqualTo(Outcome.BLOCKED);
    }

    @Test
    void recordsABlockThatIsAnAnswerAndADegradedAnswer() {
        ChatLayer guard = Layers.at(Stage.OUTPUT, (call, next) -> AnswerInfo.blocked(next.proceed(call), "a rule"));
        builder(Answer.text("x")).layer(guard).build().chatModel().chat(request("hi"));
        assertThat(recorded().outcome()).isEqualTo(Outcome.BLOCKED);

        events.clear();
        ChatLayer fallback =
                Layers.at(Stage.EXPERIENCE, (call, next) -> AnswerInfo.degraded(next.proceed(call), "a fallback"));
        builder(Answer.text("x")).layer(fallback).build().chatModel().chat(request("hi"));
        assertThat(recorded().outcome()).isEqualTo(Outcome.DEGRADED);
    }

    @Test
    void recordsAHitWithTheInteractionThatTheCacheWasFilledFrom() {
        UUID original = Events.id(7);
        ChatLayer cache =
                Layers.at(Stage.CACHE, (call, next) -> AnswerInfo.servedAgain(next.proceed(call), "cache", original));

        ChatResponse answer =
                builder(Answer.text("x")).layer(cache).build().chatModel().chat(request("hi"));

        InteractionEvent event = recorded();
        assertThat(event.info().answerFrom()).isEqualTo(original);
        assertThat(event.servedBy()).isEqualTo("cache");

        Feedback.to(sink).on(AnswerInfo.of(answer).orElseThrow()).thumbsUp();
        sink.flush();
        assertThat(events.get(1).interactionId()).isEqualTo(event.interactionId());
        assertThat(events.get(1).info().answerFrom()).isEqualTo(original);
    }

    @Test
    void recordsATimeout() {
        ChatStack stack =
                builder(Answer.hanging()).deadline(Duration.ofMillis(50)).build();

        assertThatThrownBy(() -> stack.chatModel().chat(request("hi"))).isInstanceOf(RuntimeException.class);

        assertThat(recorded().outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void recordsAStream() throws Exception {
        streamed(streaming(Answer.tokens("a", "b", "c")), "hi").get(10, TimeUnit.SECONDS);

        InteractionEvent event = recorded();
        assertThat(event.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(event.streaming()).isTrue();
        assertThat(event.answer().text()).isEqualTo("abc");
        assertThat(event.timeToFirstToken()).isNotNull();
    }

    @Test
    void recordsAStreamThatFailsInTheMiddleWithWhatWasShown() {
        ChatStack stack = streaming(Answer.tokens("a", "b", "c").failAfterTokens(2, new IllegalStateException("gone")));

        assertThat(streamed(stack, "hi")).failsWithin(Duration.ofSeconds(10));

        InteractionEvent event = recorded();
        assertThat(event.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(event.released().text()).isEqualTo("ab");
    }

    @Test
    void recordsAnAbandonedStreamWithWhatWasShown() {
        ChatStack stack = streaming(Answer.tokens("a", "b", "c").hangAfterTokens(1));
        stack.streamingChatModel().chat(request("hi"), new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
                context.streamingHandle().cancel();
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {}

            @Override
            public void onError(Throwable error) {}
        });

        InteractionEvent event = recorded();
        assertThat(event.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(event.released().text()).isEqualTo("a");
    }

    @Test
    void recordsEachOfSixtyFourThreadsCallsOnceAndBeforeItsFeedback() throws Exception {
        int threads = 64;
        int calls = 50;
        ChatStack blocking = stack(Answer.text("yes"));
        ChatStack stream = streaming(Answer.tokens("y", "es"));
        Feedback feedback = Feedback.to(sink);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                boolean streams = thread % 2 == 0;
                running.add(pool.submit(() -> {
                    for (int call = 0; call < calls; call++) {
                        ChatResponse answer = streams
                                ? streamed(stream, "hi").get(60, TimeUnit.SECONDS)
                                : blocking.chatModel().chat(request("hi"));
                        feedback.on(AnswerInfo.of(answer).orElseThrow()).thumbsUp();
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get(90, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        sink.flush();

        assertThat(interactions()).hasSize(threads * calls);
        assertThat(interactions().stream().map(FeedbackEvent::interactionId)).doesNotHaveDuplicates();
        List<UUID> seen = new ArrayList<>();
        for (FeedbackEvent event : events) {
            if (event instanceof InteractionEvent) {
                seen.add(event.interactionId());
            }
        }
        assertThat(events.indexOf(events.stream()
                        .filter(Satisfaction.class::isInstance)
                        .findFirst()
                        .orElseThrow()))
                .isPositive();
        assertThat(overtaken()).isZero();
        assertThat(seen).hasSize(threads * calls);
    }

    private long overtaken() {
        Set<UUID> arrived = new HashSet<>();
        long overtaken = 0;
        for (FeedbackEvent event : events) {
            if (event instanceof InteractionEvent) {
                arrived.add(event.interactionId());
            } else if (!arrived.contains(event.interactionId())) {
                overtaken++;
            }
        }
        return overtaken;
    }

    @Test
    void worksWithASinkThatIsOnlyALambda() {
        List<FeedbackEvent> taken = new CopyOnWriteArrayList<>();
        try (ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.of(Answer.text("x")))
                .layer(Capture.to(taken::add, TextPolicy.none(), UserIds.none()))
                .build()) {
            stack.chatModel().chat(request("hi"));
        }

        assertThat(taken).hasSize(1);
    }

    @Test
    void keepsLengthsAndNoTextsWhenToldSo() {
        InteractionEvent event = recordedWith(TextPolicy.none(), "a secret");

        assertThat(event.texts()).isEqualTo(InteractionEvent.Texts.NONE);
        assertThat(event.question().text()).isNull();
        assertThat(event.question().length()).isEqualTo(8);
        assertThat(event.toJson()).doesNotContain("secret");
    }

    @Test
    void redactsEveryText() {
        InteractionEvent event = recordedWith(TextPolicy.redacted(text -> text.replace("secret", "***")), "a secret");

        assertThat(event.texts()).isEqualTo(InteractionEvent.Texts.REDACTED);
        assertThat(event.question().text()).isEqualTo("a ***");
        assertThat(event.toJson()).doesNotContain("secret");
    }

    @Test
    void hashesEveryTextSoThatEqualOnesAreEqual() {
        TextPolicy hashed = TextPolicy.hashed(Events.KEY);
        InteractionEvent one = recordedWith(hashed, "a secret");
        InteractionEvent other = recordedWith(hashed, "a secret");

        assertThat(one.question().text()).hasSize(43).isEqualTo(other.question().text());
        assertThat(one.toJson()).doesNotContain("secret");
    }

    @Test
    void recordsWithoutTextsWhenTheRedactionFails() {
        TextPolicy failing = TextPolicy.redacted(text -> {
            throw new IllegalStateException(text);
        });
        Capture capture = Capture.to(sink, failing, UserIds.none());
        around(capture, Answer.text("x")).chatModel().chat(request("a secret"));

        assertThat(recorded().texts()).isEqualTo(InteractionEvent.Texts.FAILED);
        assertThat(recorded().toJson()).doesNotContain("secret");
        assertThat(capture.redactionFailures()).isEqualTo(1);
    }

    @Test
    void recordsWithoutTextsWhenTheRedactionRunsOutOfStack() {
        TextPolicy endless = TextPolicy.redacted(text -> {
            throw new StackOverflowError();
        });
        Capture capture = Capture.to(sink, endless, UserIds.none());
        around(capture, Answer.text("x")).chatModel().chat(request("a secret"));

        assertThat(recorded().texts()).isEqualTo(InteractionEvent.Texts.FAILED);
        assertThat(capture.redactionFailures()).isEqualTo(1);
    }

    @Test
    void storesPeopleUnderAPseudonymThatOnlyTheKeyCanTell() {
        Capture capture = Capture.to(sink, TextPolicy.full(), UserIds.keyed(Events.KEY));
        ask(capture, CallContext.builder().user("ann@example.org").build());

        assertThat(recorded().info().user()).startsWith("u:").hasSize(45);
        assertThat(recorded().context().user()).isEqualTo(recorded().info().user());
        assertThat(recorded().toJson()).doesNotContain("ann@example.org");
        assertThat(recorded().info().user())
                .isEqualTo(UserIds.keyed(Events.KEY).stored("ann@example.org"))
                .isNotEqualTo(UserIds.keyed(new byte[32]).stored("ann@example.org"));
    }

    @Test
    void storesNobodyIfSoChosen() {
        ask(
                Capture.to(sink, TextPolicy.full(), UserIds.none()),
                CallContext.builder().user("ann").build());

        assertThat(recorded().info().user()).isNull();
        assertThat(recorded().toJson()).doesNotContain("ann");
    }

    @Test
    void countsACallWithoutConsentAndKeepsNeitherTextsNorPerson() {
        Capture capture = Capture.to(sink, TextPolicy.full(), UserIds.plain());
        ask(
                capture,
                CallContext.builder()
                        .workload("support")
                        .user("ann")
                        .session("ann's session")
                        .attribute("address", "5 Elm Street")
                        .attribute(Consent.ATTRIBUTE, "none")
                        .build());

        InteractionEvent event = recorded();
        assertThat(event.consent()).isEqualTo(Consent.NONE);
        assertThat(event.texts()).isEqualTo(InteractionEvent.Texts.NO_CONSENT);
        assertThat(event.context().workload()).isEqualTo("support");
        assertThat(event.toJson()).doesNotContain("ann", "Elm", "hi there");
    }

    @Test
    void takesAConsentThatNobodyUnderstandsAsNone() {
        ask(
                Capture.to(sink, TextPolicy.full(), UserIds.none()),
                CallContext.builder().attribute(Consent.ATTRIBUTE, "perhaps").build());

        assertThat(recorded().consent()).isEqualTo(Consent.NONE);
    }

    @Test
    void samplingThinsTextsBySessionAndNeverCounts() {
        Capture capture = Capture.builder(sink, TextPolicy.full(), UserIds.none())
                .textSample(0.25)
                .build();
        ChatStack stack = around(capture, Answer.text("x"));
        int sessions = 400;
        for (int call = 0; call < 2 * sessions; call++) {
            stack.chatModel()
                    .chat(
                            request("hi"),
                            CallContext.builder()
                                    .session("s" + call % sessions)
                                    .build()
                                    .options());
        }
        sink.flush();

        assertThat(interactions()).hasSize(2 * sessions);
        long kept = interactions().stream()
                .filter(event -> event.texts() == InteractionEvent.Texts.FULL)
                .map(event -> event.context().session())
                .distinct()
                .count();
        assertThat(kept).isBetween(60L, 140L);
        assertThat(interactions().stream()
                        .filter(event -> event.texts() == InteractionEvent.Texts.FULL)
                        .count())
                .isEqualTo(2 * kept);
    }

    @Test
    void refusesASampleThatIsNoShare() {
        assertThatThrownBy(() -> Capture.builder(sink, TextPolicy.full(), UserIds.none())
                        .textSample(Double.NaN)
                        .build())
                .hasMessage("textSample: NaN (expected: 0 to 1)");
    }

    private InteractionEvent recordedWith(TextPolicy policy, String question) {
        events.clear();
        around(Capture.to(sink, policy, UserIds.none()), Answer.text("the secret answer"))
                .chatModel()
                .chat(request(question));
        return recorded();
    }

    private void ask(Capture capture, CallContext context) {
        around(capture, Answer.text("x")).chatModel().chat(request("hi there"), context.options());
    }

    private InteractionEvent recorded() {
        await().until(() -> !events.isEmpty());
        sink.flush();
        assertThat(events).hasSize(1);
        return interactions().get(0);
    }

    private List<InteractionEvent> interactions() {
        return events.stream()
                .filter(InteractionEvent.class::isInstance)
                .map(InteractionEvent.class::cast)
                .toList();
    }

    private ChatStack stack(Answer answer) {
        return builder(answer).build();
    }

    private ChatStack.Builder builder(Answer answer) {
        return ChatStack.builder()
                .chatModel(ScriptedChatModel.of(answer))
                .workload("support")
                .layer(Capture.to(sink, TextPolicy.full(), UserIds.none()));
    }

    private static ChatStack around(Capture capture, Answer answer) {
        return ChatStack.builder()
                .chatModel(ScriptedChatModel.of(answer))
                .layer(capture)
                .build();
    }

    private ChatStack streaming(Answer answer) {
        return ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.of(answer))
                .workload("support")
                .layer(Capture.to(sink, TextPolicy.full(), UserIds.none()))
                .build();
    }

    private static CompletableFuture<ChatResponse> streamed(ChatStack stack, String question) {
        CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
        stack.streamingChatModel().chat(request(question), new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String partial) {}

            @Override
            public void onCompleteResponse(ChatResponse response) {
                answer.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(error);
            }
        });
        return answer;
    }

    private static ChatRequest request(String question) {
        return ChatRequest.builder().messages(UserMessage.from(question)).build();
    }
}
