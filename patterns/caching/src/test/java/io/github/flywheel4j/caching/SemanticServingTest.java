package io.github.flywheel4j.caching;

import static io.github.flywheel4j.caching.Asking.PATIENCE;
import static io.github.flywheel4j.caching.Asking.eventually;
import static io.github.flywheel4j.caching.Asking.info;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.github.flywheel4j.CallCancelled;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.DeadlineExceeded;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.ResponseStream;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import io.github.flywheel4j.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the cache uses a semantic tier: what it serves, says, stores and forgets. */
class SemanticServingTest {

    private static final String QUESTION = "What about opening hours of shops in Rome and Paris";

    private final List<Interaction> interactions = new CopyOnWriteArrayList<>();
    private final TestClock clock = new TestClock();
    private final MapTier shared = new MapTier();
    private final ScriptedChatModel model =
            ScriptedChatModel.answering(request -> Answer.text("Until six.").usage(10, 5));
    private final ScriptedStreamingChatModel streaming = ScriptedStreamingChatModel.answering(
            request -> Answer.text("Until six.").usage(10, 5));

    @Test
    void servesAQuestionInOtherWordsAndSaysSo() {
        ResponseCache cache = cache(ScopePropertyTest.near());
        ChatStack stack = stack(cache);
        UUID made = info(ask(stack, QUESTION)).id();
        ChatResponse hit = ask(stack, QUESTION + " please");
        stack.close();

        assertThat(info(hit).origin()).isEqualTo(made);
        assertThat(hit.tokenUsage().totalTokenCount()).isZero();
        Decision decision = interactions.get(1).decisions().get(0);
        assertThat(decision.outcome()).isEqualTo("hit");
        assertThat(decision.facts().get("tier")).isEqualTo("semantic");
        assertThat((double) decision.facts().get("similarity")).isBetween(0.5, 1.0);
        assertThat((double) decision.facts().get("probability")).isBetween(0.5, 1.0);
        assertThat(cache.stats().semanticHits()).isEqualTo(1);
        assertThat(cache.stats().savedOutputTokens()).isEqualTo(5);
    }

    @Test
    void streamsAQuestionInOtherWords() {
        ChatStack stack = stack(cache(ScopePropertyTest.near()));
        ask(stack, QUESTION);
        RecordingHandler heard = new RecordingHandler();
        stack.streamingChatModel().chat(request(QUESTION + " please"), heard);

        assertThat(heard.await().text()).isEqualTo("Until six.");
        assertThat(info(heard.responses().get(0)).origin()).isNotNull();
    }

    @Test
    void comparesNothingWhoseRestDiffers() {
        ChatStack stack = stack(cache(ScopePropertyTest.near()));
        ask(stack, QUESTION);
        ChatRequest other = ChatRequest.builder()
                .messages(SystemMessage.from("Be rude."), UserMessage.from(QUESTION + " please"))
                .build();
        assertThat(info(stack.chatModel().chat(other)).origin()).isNull();
    }

    @Test
    void servesNothingBeforeItHasLearned() {
        ResponseCache cache = cache(
                SemanticTier.builder(new WordBag(), "word bag").tolerance(0.02).build());
        ChatStack stack = stack(cache);
        ask(stack, QUESTION);
        assertThat(info(ask(stack, QUESTION + " please")).origin()).isNull();
        stack.close();

        assertThat(cache.stats().shadowHits()).isEqualTo(1);
        assertThat(interactions.get(1).decisions())
                .extracting(Decision::outcome)
                .containsExactly("shadow", "miss", "stored");
    }

    @Test
    void aWrongHitNeverComesBackNotEvenWhenTheAnswerIsMadeAnew() {
        ResponseCache cache = cache(ScopePropertyTest.near());
        ChatStack stack = stack(cache);
        ask(stack, QUESTION);
        UUID wrong = info(ask(stack, QUESTION + " please")).id();
        assertThat(cache.evict(wrong)).isTrue();
        assertThat(info(ask(stack, QUESTION)).origin())
                .as("the answer is made anew")
                .isNull();

        ChatResponse again = ask(stack, QUESTION + " please");
        assertThat(info(again).origin()).as("the pair is known to be wrong").isNull();
        stack.close();
        assertThat(interactions.get(3).decisions())
                .extracting(Decision::outcome)
                .startsWith("veto");
        assertThat(interactions.get(3).decisions().get(0).facts().get("reason")).isEqualTo("known wrong");
        assertThat(cache.stats().vetoes()).containsEntry("known wrong", 1L);
    }

    /** Feedback comes late: what it is about may be gone, or another answer may stand in its place. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void aWrongHitWhoseAnswerIsGoneNeverComesBack(Gone how) {
        ResponseCache cache = Caches.on(clock, Scope.shared("a test"))
                .staleWhileRevalidate(Duration.ofHours(1))
                .semantic(ScopePropertyTest.near())
                .build();
        ChatStack stack = stack(cache);
        UUID made = info(ask(stack, QUESTION)).id();
        UUID wrong = info(ask(stack, QUESTION + " please")).id();
        switch (how) {
            case EXPIRED -> clock.advance(Duration.ofHours(3));
            case EVICTED -> cache.evict(made);
            case ALL_EVICTED -> cache.evictAll();
            case REPLACED -> {
                clock.advance(Duration.ofMinutes(61));
                ask(stack, QUESTION);
                eventually("it is made anew", () -> cache.stats().stored() == 2);
            }
        }
        cache.evict(wrong);
        ask(stack, QUESTION);

        assertThat(info(ask(stack, QUESTION + " please")).origin())
                .as("the pair is known to be wrong")
                .isNull();
        assertThat(cache.stats().vetoes()).containsEntry("known wrong", 1L);
        assertThat(info(ask(stack, QUESTION)).origin())
                .as("for its own question it is right")
                .isNotNull();
    }

    enum Gone {
        EXPIRED,
        EVICTED,
        ALL_EVICTED,
        REPLACED
    }

    /** The pair is reported after its leader found it and before the follower has it; the answer itself stands. */
    @Test
    void aFollowerIsNotServedAPairThatWasReportedMeanwhile() {
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean isLed = new AtomicBoolean();
        WordBag embeddings = new WordBag(text -> {
            if (isLed.get() && text.endsWith("please")) {
                await(go);
            }
        });
        ResponseCache cache = cache(SemanticTier.builder(embeddings, "word bag")
                .tolerance(0.5)
                .fixedThreshold(0.75, "word bag")
                .build());
        CountDownLatch reported = new CountDownLatch(1);
        ChatLayer slow = (call, next) -> next.proceed(call.withStream(new ResponseStream.Forwarding(call.stream()) {
            @Override
            public boolean isLive() {
                // The cache asks for it when the call has boarded and is about to wait for the end.
                if ("slow".equals(call.context().turn()) && isShared(cache)) {
                    await(reported);
                }
                return super.isLive();
            }
        }));
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .layer(cache)
                .layerBefore(Stage.CACHE, slow)
                .build();
        ask(stack, QUESTION);
        UUID wrong = info(ask(stack, QUESTION + " please")).id();
        clock.advance(Duration.ofHours(2));
        UUID anew = info(ask(stack, QUESTION)).id();
        isLed.set(true);
        RecordingHandler leader = new RecordingHandler();
        stack.streamingChatModel().chat(request(QUESTION + " please"), leader);
        eventually("it leads", () -> !cache.flights.isEmpty());
        RecordingHandler follower = new RecordingHandler();
        stack.streamingChatModel()
                .chat(
                        request(QUESTION + " please"),
                        CallContext.builder().turn("slow").build().options(),
                        follower);
        eventually("both wait", () -> isShared(cache));
        go.countDown();
        assertThat(info(leader.await(PATIENCE).responses().get(0)).origin()).isEqualTo(anew);
        assertThat(cache.evict(wrong)).as("its answer is long gone").isFalse();
        reported.countDown();

        assertThat(info(follower.await(PATIENCE).responses().get(0)).origin()).isNull();
        assertThat(cache.stats().vetoes()).containsEntry("known wrong", 1L);
        assertThat(info(ask(stack, QUESTION)).origin()).isEqualTo(anew);
    }

    private static boolean isShared(ResponseCache cache) {
        return cache.flights.underWay().stream().anyMatch(flight -> flight.aboard() == 2);
    }

    /** Two questions are no more alike for a new handbook, a new prompt or a new model. */
    @Test
    void whatPeopleFoundWrongIsWrongWhateverElseChanges() {
        ResponseCache cache = cache(ScopePropertyTest.near());
        ChatStack stack = stack(cache);
        ask(stack, QUESTION);
        cache.evict(info(ask(stack, QUESTION + " please")).id());
        CallContext later = CallContext.builder().knowledgeVersion("v2").build();
        for (ChatStack deployed : List.of(
                stack,
                ChatStack.builder()
                        .chatModel(ScriptedChatModel.answering(request -> Answer.text("Until seven.")))
                        .layer(cache)
                        .layerAfter(Stage.CACHE, new Prompted())
                        .build())) {
            Asking.ask(deployed, request(QUESTION), later, false);
            ChatResponse answer = Asking.ask(deployed, request(QUESTION + " please"), later, false);
            assertThat(info(answer).origin()).isNull();
        }
        assertThat(cache.stats().vetoes()).containsEntry("known wrong", 2L);

        CallContext elsewhere = CallContext.builder().workload("another").build();
        UUID made = info(Asking.ask(stack, request(QUESTION), elsewhere, false)).id();
        assertThat(info(Asking.ask(stack, request(QUESTION + " please"), elsewhere, false))
                        .origin())
                .as("of another workload nobody said so")
                .isEqualTo(made);
    }

    /** A layer whose settings change the fingerprint of the stack. */
    private static final class Prompted implements ChatLayer {
        @Override
        public ChatResponse handle(ChatCall call, Next next) {
            return next.proceed(call);
        }

        @Override
        public String settings() {
            return "prompt 2";
        }
    }

    @Test
    void whatPeopleFoundWrongOnOneNodeIsWrongOnAll() {
        ResponseCache one = Caches.shared()
                .shared(shared)
                .semantic(ScopePropertyTest.near())
                .build();
        ResponseCache other = Caches.shared()
                .shared(shared)
                .semantic(ScopePropertyTest.near())
                .build();
        ChatStack here = stack(one);
        ChatStack there = stack(other);
        UUID made = info(ask(here, QUESTION)).id();
        UUID wrong = info(ask(here, QUESTION + " please")).id();
        one.evict(made);
        one.evict(wrong);
        ask(there, QUESTION);

        assertThat(info(ask(there, QUESTION + " please")).origin()).isNull();
        assertThat(other.stats().vetoes()).containsEntry("known wrong", 1L);
    }

    /** As a layer does that corrects an answer, or asks in two steps. */
    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void aCallThatAsksForTwoThingsHasTheAnswerToTheLastOneAlone(boolean streams) {
        ChatLayer twice = (call, next) -> {
            next.proceed(call.unheard());
            return next.proceed(call.withRequest(request("Something else entirely")));
        };
        SemanticTier semantic = ScopePropertyTest.near();
        ResponseCache node = Caches.shared().shared(shared).semantic(semantic).build();
        UUID made = info(ask(
                        ChatStack.builder()
                                .chatModel(model)
                                .streamingChatModel(streaming)
                                .layer(node)
                                .layerBefore(Stage.CACHE, twice)
                                .build(),
                        QUESTION,
                        streams))
                .id();
        ChatStack plain = stack(node);
        assertThat(node.stats().answers()).isEqualTo(1);
        assertThat(semantic.report().entries()).isEqualTo(1);
        assertThat(shared.values).as("the answer and its id").hasSize(2);
        assertThat(info(ask(plain, QUESTION + " please", streams)).origin())
                .as("the answer to the other question")
                .isNull();
        assertThat(node.evict(made)).isTrue();

        assertThat(info(ask(plain, QUESTION, streams)).origin()).isNotEqualTo(made);
        assertThat(info(ask(plain, "Something else entirely", streams)).origin())
                .isNull();
    }

    @Test
    void aNearMissIsVetoedWithItsReason() {
        ResponseCache cache = cache(ScopePropertyTest.near());
        ChatStack stack = stack(cache);
        UUID made = info(ask(stack, "What about refunds of shops for orders over $100"))
                .id();
        assertThat(info(ask(stack, "What about refunds of shops for orders over $200"))
                        .origin())
                .isNull();
        stack.close();

        Decision veto = interactions.get(1).decisions().get(0);
        assertThat(veto.outcome()).isEqualTo("veto");
        assertThat(veto.facts().get("reason")).isEqualTo("amount");
        assertThat(veto.facts().get("candidate")).isEqualTo(made.toString());
        assertThat(veto.facts().containsKey("answerFrom"))
                .as("nothing was served")
                .isFalse();
        assertThat(cache.stats().vetoes()).containsEntry("amount", 1L);
    }

    @Test
    void whatIsNoLongerStoredIsNoLongerServed() {
        ResponseCache cache = cache(ScopePropertyTest.near());
        ChatStack stack = stack(cache);
        UUID made = info(ask(stack, QUESTION)).id();
        cache.evict(made);
        assertThat(info(ask(stack, QUESTION + " please")).origin()).isNull();
        cache.evictAll();
        clock.advance(Duration.ofHours(2));
        assertThat(info(ask(stack, QUESTION + " thanks")).origin()).isNull();
    }

    @Test
    void asksTheModelInTheBackgroundToAuditAHit() {
        List<String> compared = new CopyOnWriteArrayList<>();
        SemanticTier tier = ScopePropertyTest.near((question, cached, fresh) -> {
            compared.add(cached + " / " + fresh);
            return AnswerJudge.Verdict.SAME;
        });
        ResponseCache cache = cache(tier);
        ChatStack stack = stack(cache);
        ask(stack, QUESTION);
        ask(stack, QUESTION + " please");

        eventually("the answers are compared", () -> !compared.isEmpty());
        assertThat(compared).containsExactly("Until six. / Until six.");
        assertThat(cache.stats().audits()).isEqualTo(1);
        assertThat(model.calls()).isEqualTo(2);
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void servesFromAStoreAndRemovesFromItWhatIsGone(boolean streams) {
        SwitchedStore store = new SwitchedStore();
        ResponseCache cache = cache(ScopePropertyTest.nearly().store(store).build());
        ChatStack stack = stack(cache);
        UUID made = info(ask(stack, QUESTION, streams)).id();
        assertThat(info(ask(stack, QUESTION + " please", streams)).origin()).isEqualTo(made);
        assertThat(store.content()).contains(made.toString()).doesNotContain("Rome");

        clock.advance(Duration.ofHours(2));
        UUID anew = info(ask(stack, QUESTION + " thanks", streams)).id();
        ask(stack, "Something else entirely", streams);
        assertThat(store.content()).contains(anew.toString()).doesNotContain(made.toString());
        cache.evict(anew);
        assertThat(info(ask(stack, QUESTION + " please", streams)).origin()).isNull();
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void aStoreThatFailsIsAMissAndNothingElse(boolean streams) {
        SwitchedStore store = new SwitchedStore();
        SemanticTier tier =
                ScopePropertyTest.nearly().store(store).ticker(clock.ticker()).build();
        ResponseCache cache = cache(tier);
        ChatStack stack = stack(cache);
        ask(stack, QUESTION, streams);
        store.isDown = true;
        assertThat(info(ask(stack, QUESTION + " please", streams)).origin()).isNull();
        assertThat(info(ask(stack, QUESTION + " please", streams)).origin())
                .as("the exact tier goes on")
                .isNotNull();
        ask(stack, "Something else entirely", streams);
        assertThat(tier.report().storeFailures())
                .as("two searches, two additions and a removal")
                .isEqualTo(5);
        store.isDown = false;
        assertThat(info(ask(stack, QUESTION + " thanks", streams)).origin())
                .as("it is left alone for a while")
                .isNull();

        clock.advance(Duration.ofSeconds(11));
        assertThat(info(ask(stack, QUESTION + " kindly", streams)).origin()).isNotNull();
        assertThat(tier.report().entries()).isEqualTo(1);
    }

    @Test
    void aCallThatWaitsForAStoreCanBeCancelled() {
        CountDownLatch never = new CountDownLatch(1);
        CarelessStore hanging = new CarelessStore(new InMemoryEmbeddingStore<>()) {
            @Override
            public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted", e);
                }
                return super.search(request);
            }
        };
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .layer(cache(ScopePropertyTest.nearly().store(hanging).build()))
                .deadline(Duration.ofMillis(200))
                .build();
        assertThat(info(ask(stack, QUESTION)).origin())
                .as("nothing is there to be searched")
                .isNull();

        assertThatThrownBy(() -> ask(stack, QUESTION + " please")).isInstanceOf(DeadlineExceeded.class);
    }

    /** HTTP clients answer an interrupt with an exception of their own and lose the flag. */
    @ParameterizedTest(name = "in the store: {0}")
    @ValueSource(booleans = {false, true})
    void anInterruptWhileLookingUpEndsTheCallAndIsNotLost(boolean inTheStore) throws InterruptedException {
        CountDownLatch looking = new CountDownLatch(1);
        WordBag embeddings = new WordBag(text -> {
            if (!inTheStore && text.endsWith("please")) {
                hang(looking);
            }
        });
        CarelessStore store = new CarelessStore(new InMemoryEmbeddingStore<>()) {
            @Override
            public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
                if (inTheStore) {
                    hang(looking);
                }
                return super.search(request);
            }
        };
        SemanticTier tier = SemanticTier.builder(embeddings, "word bag")
                .tolerance(0.5)
                .store(store)
                .build();
        ChatStack stack = stack(cache(tier));
        ask(stack, QUESTION);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            try {
                ask(stack, QUESTION + " please");
            } catch (RuntimeException e) {
                failure.set(e);
            }
            flag.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        assertThat(looking.await(20, TimeUnit.SECONDS)).isTrue();
        caller.interrupt();
        caller.join(20_000);

        assertThat(failure.get()).isInstanceOf(CallCancelled.class);
        assertThat(flag).as("the flag is set").isTrue();
        assertThat(model.calls()).as("the model is not asked").isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            ask(stack, "Something else " + i);
        }
        assertThat(tier.report().entries())
                .as("the store is not left alone for it")
                .isEqualTo(4);
    }

    private static void hang(CountDownLatch looking) {
        if (looking.getCount() == 0) {
            return;
        }
        looking.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("the client's own", e);
        }
    }

    /** The refresh is nobody's call: it must not end with the one that began it. */
    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void aRefreshLooksUpOnItsOwnTime(boolean streams) {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger embedded = new AtomicInteger();
        WordBag embeddings = new WordBag(text -> {
            if (embedded.incrementAndGet() == 2) {
                await(go);
            }
        });
        ResponseCache cache = Caches.on(clock, Scope.shared("a test"))
                .staleWhileRevalidate(Duration.ofHours(1))
                .semantic(SemanticTier.builder(embeddings, "word bag")
                        .tolerance(0.5)
                        .fixedThreshold(0.75, "word bag")
                        .build())
                .build();
        Duration deadline = Duration.ofMillis(300);
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .layer(cache)
                .deadline(deadline)
                .build();
        ask(stack, QUESTION, streams);
        clock.advance(Duration.ofMinutes(61));
        ask(stack, QUESTION, streams);
        eventually("the refresh looks up", () -> embedded.get() == 2);
        long end = System.nanoTime() + deadline.toNanos();
        eventually("the call's deadline has passed", () -> System.nanoTime() > end);
        go.countDown();
        eventually("the new answer is stored", () -> cache.stats().stored() == 2 && cache.flights.isEmpty());

        assertThat(cache.stats().failedRefreshes()).isZero();
        assertThat(info(ask(stack, QUESTION + " please", streams)).origin())
                .as("the new answer is found by other words too")
                .isNotNull();
    }

    /** Nobody asked in other words: nothing is a hit, nothing is learned, and the old question is no neighbour. */
    @Test
    void aRefreshIsNoLookup() {
        SemanticTier tier = ScopePropertyTest.near((question, cached, fresh) -> AnswerJudge.Verdict.SAME);
        ResponseCache cache = Caches.on(clock, Scope.shared("a test"))
                .staleWhileRevalidate(Duration.ofHours(1))
                .semantic(tier)
                .build();
        ChatStack stack = stack(cache);
        ask(stack, QUESTION);
        for (int i = 1; i <= 20; i++) {
            clock.advance(Duration.ofMinutes(61));
            ask(stack, QUESTION);
            int stored = i + 1;
            eventually("it is made anew", () -> cache.stats().stored() == stored && cache.flights.isEmpty());
        }

        SemanticReport report = tier.report();
        assertThat(report.hits()).isZero();
        assertThat(report.verdicts()).isZero();
        assertThat(report.vetoes()).isEmpty();
        assertThat(report.entries()).isEqualTo(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void aQuestionAsLongAsADocumentIsServedByTheExactTierAlone(boolean streams) {
        AtomicInteger embedded = new AtomicInteger();
        SemanticTier tier = SemanticTier.builder(new WordBag(text -> embedded.incrementAndGet()), "word bag")
                .tolerance(0.5)
                .fixedThreshold(0.75, "word bag")
                .build();
        ResponseCache cache = cache(tier);
        ChatStack stack = stack(cache);
        String document = "x".repeat(SemanticTier.LONGEST_QUESTION);
        ask(stack, document + "y", streams);
        assertThat(info(ask(stack, document + "y", streams)).origin()).isNotNull();
        assertThat(embedded).hasValue(0);
        assertThat(tier.report().entries()).isZero();
        ask(stack, document, streams);
        assertThat(tier.report().entries()).as("one that is not too long").isEqualTo(1);
        stack.close();

        assertThat(interactions.get(0).decisions().get(0).outcome()).isEqualTo("miss");
        assertThat(interactions.get(0).decisions().get(0).facts().get("semantic"))
                .isEqualTo("question too long");
    }

    @Test
    void theFingerprintOfTheStackChangesWithTheTier() {
        List<String> fingerprints = new ArrayList<>();
        for (SemanticTier tier : List.of(
                ScopePropertyTest.nearly().build(),
                ScopePropertyTest.nearly().tolerance(0.4).build(),
                ScopePropertyTest.nearly().judge(AnswerJudge.exact()).build(),
                ScopePropertyTest.nearly().store(new SwitchedStore()).build())) {
            fingerprints.add(fingerprint(cache(tier)));
        }
        assertThat(fingerprints)
                .doesNotHaveDuplicates()
                .doesNotContain(
                        fingerprint(Caches.on(clock, Scope.shared("a test")).build()));
        assertThat(fingerprint(cache(ScopePropertyTest.nearly().build()))).isEqualTo(fingerprints.get(0));
    }

    private String fingerprint(ResponseCache cache) {
        return stack(cache).fingerprint().value();
    }

    private ResponseCache cache(SemanticTier tier) {
        return Caches.on(clock, Scope.shared("a test")).semantic(tier).build();
    }

    private ChatStack stack(ResponseCache cache) {
        return ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .layer(cache)
                .interactionListener(interactions::add)
                .build();
    }

    private static ChatResponse ask(ChatStack stack, String question) {
        return stack.chatModel().chat(request(question));
    }

    private static ChatResponse ask(ChatStack stack, String question, boolean streams) {
        return Asking.ask(stack, request(question), CallContext.empty(), streams);
    }

    private static ChatRequest request(String question) {
        return ChatRequest.builder().messages(UserMessage.from(question)).build();
    }
}
