package io.github.flywheel4j.caching.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.caching.ResponseCache;
import io.github.flywheel4j.caching.Scope;
import io.github.flywheel4j.caching.SharedTier;
import io.github.flywheel4j.caching.TemperaturePolicy;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.TestClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What nodes tell each other, where it comes late, cannot be said in words, or found nobody who listened. */
class NewsBetweenNodesTest extends RedisFixture {

    private static final String QUESTION = "What about opening hours of shops in Rome and Paris";
    private static final String OTHER_WORDS = QUESTION + " please";

    // ---------------------------------------------------------------- a predicate

    @Test
    void whatWasUnderWayElsewhereWhenAPredicateWasAppliedIsServedNowhere() throws Exception {
        Held held = new Held();
        Node one = node(server.uri(), HOUR, "shop", held);
        Node other = node(server.uri(), HOUR, "shop", held);
        Future<ChatResponse> early = held.ask(other, "a");
        one.cache.evictIf(answer -> answer.text().endsWith("a"));
        hearsAllFrom(one, other);
        held.letGo(early);

        assertThat(one.asksTheModel("a", knowing("v1"))).isTrue();
        losesAllAnswers();
        assertThat(other.asksTheModel("a", knowing("v1"))).isTrue();
    }

    @Test
    void whatOnlyAnotherNodesMemoryHoldsIsNotServedAfterAPredicate() {
        Node one = node(HOUR);
        Node other = node(HOUR);
        other.ask("a", ANN, false);
        other.ask("b", ANN, true);
        losesAllAnswers(); // as a full server does
        one.cache.evictIf(answer -> answer.text().endsWith("a"));
        hearsAllFrom(one, other);

        assertThat(other.asksTheModel("a")).isTrue();
    }

    /** Two nodes that ask the model at the same time have an answer each, and Redis has the later one. */
    @Test
    void anAnswerThatRedisHasOfAnotherNodeSaysNothingForTheOwnOne() {
        Node one = node(HOUR);
        Node other = node(HOUR);
        UUID own = info(other.ask("a", ANN, false)).id();
        losesAllAnswers();
        UUID later = info(one.ask("a", ANN, false)).id();
        one.cache.evictIf(answer -> answer.filledBy().equals(own));
        hearsAllFrom(one, other);

        assertThat(info(other.ask("a", ANN, false)).origin()).isEqualTo(later);
    }

    @Test
    void whatAPredicateDoesNotPickIsServedByAllNodesAsBefore() {
        Node one = node(HOUR);
        Node other = semanticNode(server.uri());
        UUID made = info(other.ask(QUESTION, ANN, false)).id();
        UUID kept = info(other.ask("b", ANN, true)).id();
        one.cache.evictIf(answer -> answer.text().endsWith("x"));
        hearsAllFrom(one, other);

        assertThat(info(other.ask(OTHER_WORDS, ANN, false)).origin())
                .as("in other words too")
                .isEqualTo(made);
        assertThat(info(other.ask("b", ANN, true)).origin()).isEqualTo(kept);
    }

    @Test
    void whatAPredicatePicksIsNotServedInOtherWordsEither() {
        Node one = node(HOUR);
        Node other = semanticNode(server.uri());
        other.ask(QUESTION, ANN, false);
        losesAllAnswers();
        one.cache.evictIf(answer -> answer.text().endsWith("Paris"));
        hearsAllFrom(one, other);

        assertThat(other.asksTheModel(OTHER_WORDS)).isTrue();
    }

    @Test
    void thousandsThatAPredicatePicksLeaveTheOtherNodesMemory() {
        Node one = node(HOUR);
        Node other = node(HOUR);
        for (int i = 0; i < 1_200; i++) {
            other.ask("Question " + i, ANN, false);
        }
        other.ask("kept", ANN, false);
        one.cache.evictIf(answer -> answer.text().contains("Question"));
        hearsAllFrom(one, other);

        assertThat(other.cache.stats().answers()).isEqualTo(1);
    }

    @Test
    void aRefreshThatWasUnderWayWhenAnotherNodeTookBackIsNotStored() throws Exception {
        TestClock clock = new TestClock(Instant.now());
        AtomicBoolean holds = new AtomicBoolean();
        Held held = new Held();
        ChatLayer inner = (call, next) -> holds.get() ? held.handle(call, next) : next.proceed(call);
        UnaryOperator<ResponseCache.Builder> settings = builder ->
                builder.timeToLive(HOUR).staleWhileRevalidate(HOUR).clock(clock).ticker(clock.ticker());
        Node one = node(server.uri(), "shop", inner, settings);
        Node other = node(server.uri(), "shop", inner, settings);
        other.ask("a", ANN, false);
        clock.advance(HOUR);
        holds.set(true);
        assertThat(other.asksTheModel("a")).as("served stale, and asked again").isFalse();
        held.asked.await();
        one.cache.evictIf(answer -> answer.text().endsWith("a"));
        hearsAllFrom(one, other);
        holds.set(false);
        held.go.countDown();
        eventually(() -> other.cache.stats().notStored().containsKey("invalidated meanwhile"));

        assertThat(one.asksTheModel("a")).isTrue();
        losesAllAnswers();
        assertThat(other.asksTheModel("a")).isTrue();
    }

    // ---------------------------------------------------------------- a node that has not heard yet

    /** Its connection died without a word, or is slow: it makes for all what rests on what was taken back. */
    @ParameterizedTest
    @EnumSource
    void whatANodeStoresThatHasNotHeardYetIsServedNowhere(Eviction how) throws Exception {
        Cable cable = cable();
        Node one = node(server.uri(), HOUR, "shop", SOURCES);
        Held held = new Held();
        Node late = node(
                cable.uri(), HOUR, "shop", (call, next) -> SOURCES.handle(call, again -> held.handle(again, next)));
        Future<ChatResponse> early = held.ask(late, "a");
        cable.become(Cable.State.MUTE);
        how.in(one.cache);
        held.letGo(early);

        Node third = node(server.uri(), HOUR, "shop", SOURCES);
        assertThat(info(third.ask("a", knowing("v1"), false)).origin()).isNull();
        cable.become(Cable.State.CUT);
        cable.become(Cable.State.WHOLE);
        eventually(() -> late.cache.stats().answers() == 0);
    }

    enum Eviction {
        ALL,
        KNOWLEDGE,
        SOURCE,
        PREDICATE;

        int in(ResponseCache cache) {
            return switch (this) {
                case ALL -> cache.evictAll();
                case KNOWLEDGE -> cache.evictKnowledgeVersion("v1");
                case SOURCE -> cache.evictSource("document of a");
                case PREDICATE -> cache.evictIf(answer -> answer.text().endsWith("a"));
            };
        }
    }

    /** Behind the look of the one who takes back, and before it says so. */
    @Test
    void whatANodeStoresWhileAnotherOneTakesBackIsServedNowhere() throws Exception {
        Cable cable = cable();
        Switched tier = new Switched(server.uri());
        Held held = new Held();
        Node late = node(cable.uri(), HOUR, "shop", held);
        Node gone = node(HOUR);
        gone.ask("b", ANN, false);
        gone.close(); // so that it does not remove itself what it has
        try (ResponseCache cache = ResponseCache.builder(Scope.tenant())
                .temperature(TemperaturePolicy.any())
                .shared(tier)
                .build()) {
            Future<ChatResponse> early = held.ask(late, "a");
            cable.become(Cable.State.MUTE);
            CountDownLatch go = tier.holdRemovals();
            Future<?> eviction = held.threads.submit(() -> cache.evictAll());
            eventually(() -> tier.removals.get() > 0);
            held.letGo(early);
            go.countDown();
            eviction.get();
        } finally {
            tier.close();
        }

        Node third = node(server.uri(), HOUR, "shop", held);
        assertThat(third.asksTheModel("a", knowing("v1"))).isTrue();
    }

    @Test
    void aNodeThatNoLongerHearsFindsOutWhenItStores() throws IOException {
        Cable cable = cable();
        Node one = node(HOUR);
        Node late = node(cable.uri(), HOUR, "shop", PASS);
        late.ask("a", ANN, false);
        cable.become(Cable.State.MUTE);
        one.cache.evictAll();
        assertThat(late.asksTheModel("a")).as("it cannot know yet").isFalse();
        late.ask("b", ANN, false);

        eventually(() -> late.cache.stats().answers() == 0);
        assertThat(late.asksTheModel("a")).isTrue();
        eventually(() -> {
            String question = "Does it store again? " + UUID.randomUUID();
            late.ask(question, ANN, false);
            return !one.asksTheModel(question);
        });
    }

    // ---------------------------------------------------------------- a server that forgets

    /** A full server drops first what is never asked for: the key of the answer that an interaction filled. */
    @Test
    void anAnswerWhoseKeyIsForgottenIsTakenBackByWhoHasIt() {
        Node one = node(HOUR);
        Node other = node(HOUR);
        UUID made = info(one.ask("a", ANN, false)).id();
        server.ask(redis -> redis.del(redis.keys("shop:v1:i:*").toArray(String[]::new)));
        other.cache.evict(made);
        hearsAllFrom(other, one);

        assertThat(node(HOUR).asksTheModel("a")).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whatANodeCannotReadItTakesBackInDoubt(Eviction how) {
        Node gone = node(HOUR);
        gone.ask("a", ANN, false);
        gone.close();
        Node one = node(HOUR);
        server.ask(redis -> {
            redis.keys("shop:v1:a:*")
                    .forEach(key -> redis.set(key, "{\"schema\":2,\"answer\":\"of a newer library\"}"));
            return true;
        });
        how.in(one.cache);

        assertThat(server.ask(redis -> redis.keys("shop:v1:a:*")).isEmpty()).isTrue();
    }

    /** As one that is started from an older file does, or a replica that had not heard all when it took over. */
    @Test
    void whatWasTakenBackDoesNotComeBackWithAnOlderStateOfTheServer() throws IOException {
        Node one = node(HOUR);
        Node other = node(HOUR);
        UUID made = info(one.ask("a", ANN, false)).id();
        other.ask("a", ANN, false);
        Path older = server.copyOfItsFiles();
        one.cache.evict(made);
        hearsAllFrom(one, other);
        server.kill();
        server.startAgainWith(older);
        eventually(() -> one.tier.isAvailable() && other.tier.isAvailable());
        eventually(() -> server.ask(redis -> redis.keys("shop:v1:a:*")).isEmpty());

        assertThat(node(HOUR).asksTheModel("a")).isTrue();
    }

    // ---------------------------------------------------------------- what is owed

    @Test
    void noCallDoesAllThatIsOwed() throws Exception {
        Switched tier = new Switched(server.uri());
        Node one = node(HOUR);
        try (ResponseCache cache = ResponseCache.builder(Scope.tenant())
                        .temperature(TemperaturePolicy.any())
                        .shared(tier)
                        .build();
                ChatStack stack = ChatStack.builder()
                        .chatModel(ScriptedChatModel.answering(request -> Answer.text("New.")))
                        .layer(cache)
                        .build()) {
            UUID made = info(one.ask("a", ANN, false)).id();
            tier.isGone = true;
            for (int i = 0; i < 1_000; i++) {
                cache.evict(UUID.randomUUID());
            }
            cache.evict(made);
            cache.evictIf(answer -> answer.text().equals("never"));
            tier.isGone = false;
            CountDownLatch go = tier.holdRemovals();

            ChatResponse answer = stack.chatModel()
                    .chat(ChatRequest.builder().messages(UserMessage.from("a")).build(), ANN.options());
            assertThat(answer.aiMessage().text())
                    .as("neither waits nor is served what is taken back")
                    .isEqualTo("New.");
            go.countDown();
            eventually(() -> one.cache.stats().answers() == 0);
            assertThat(tier.removals.get()).as("removals for a thousand").isLessThan(10);
        } finally {
            tier.close();
        }
    }

    @Test
    void whatIsMoreThanCanBeOwedTakesAllBack() {
        Switched tier = new Switched(server.uri());
        Node one = node(HOUR);
        try (ResponseCache cache = ResponseCache.builder(Scope.tenant())
                .temperature(TemperaturePolicy.any())
                .shared(tier)
                .build()) {
            UUID made = info(one.ask("a", ANN, false)).id();
            tier.isGone = true;
            for (int i = 0; i < 10_000; i++) {
                cache.evict(UUID.randomUUID());
            }
            cache.evict(made);
            tier.isGone = false;
            tier.tellOfMissed();

            eventually(() -> one.cache.stats().answers() == 0);
            assertThat(one.asksTheModel("a")).isTrue();
        } finally {
            tier.close();
        }
    }

    // ---------------------------------------------------------------- a known wrong pair

    @Test
    void aNodeThatStartsLaterKnowsWhichPairsAreWrong() {
        foundWrong(semanticNode(server.uri()));

        assertThat(servesWrongly(semanticNode(server.uri()))).isFalse();
    }

    @Test
    void aNodeThatWasCutOffKnowsWhichPairsWereFoundWrongMeanwhile() throws IOException {
        Cable cable = cable();
        Node one = semanticNode(server.uri());
        Node cutOff = semanticNode(cable.uri());
        AtomicInteger missed = missed(cutOff);
        cable.become(Cable.State.CUT);
        foundWrong(one);
        cable.become(Cable.State.WHOLE);
        eventually(() -> missed.get() > 0);

        assertThat(servesWrongly(cutOff)).isFalse();
    }

    @Test
    void aPairThatWasFoundWrongWhileRedisWasDownIsKnownToAllWhenItIsBack() throws IOException {
        Node one = semanticNode(server.uri());
        one.ask(QUESTION, ANN, false);
        UUID wrong = info(one.ask(OTHER_WORDS, ANN, false)).id();
        server.kill();
        one.cache.evict(wrong);
        server.startAgain();
        eventually(() -> server.ask(redis -> redis.zcard("shop:v1.wrong")) == 1);
        one.close();

        assertThat(servesWrongly(semanticNode(server.uri()))).isFalse();
    }

    @Test
    void aPairOutlivesAServerThatLostAll() throws IOException {
        Node one = semanticNode(server.uri());
        foundWrong(one);
        server.kill();
        server.startAgainWith(folder.resolveSibling("nothing"));
        eventually(() -> server.ask(redis -> redis.zcard("shop:v1.wrong")) == 1);

        assertThat(servesWrongly(semanticNode(server.uri()))).isFalse();
    }

    @Test
    void pairsSayNothingOfTheQuestions() {
        foundWrong(semanticNode(server.uri()));

        List<String> pairs = server.ask(redis -> redis.zrange("shop:v1.wrong", 0, -1));
        long left = server.ask(redis -> redis.pttl("shop:v1.wrong"));
        assertThat(pairs).singleElement().asString().matches("[0-9a-f-]{36} [0-9a-f-]{36}");
        assertThat(left).isPositive();
    }

    // ---------------------------------------------------------------- feedback that reaches another node

    @Test
    void badFeedbackReachesTheNodeThatKnowsWhatItIsAbout() {
        Node one = node(HOUR);
        Node other = node(HOUR);
        one.ask("a", ANN, false);
        UUID served = info(other.ask("a", ANN, false)).id();
        Node third = node(HOUR);
        third.cache.evict(served);
        hearsAllFrom(third, other); // which says what the answer was
        hearsAllFrom(other, one);

        assertThat(one.asksTheModel("a")).isTrue();
    }

    @Test
    void badFeedbackOnOtherWordsReachesTheNodeThatKnowsThePair() {
        Node one = semanticNode(server.uri());
        Node other = semanticNode(server.uri());
        one.ask(QUESTION, ANN, false);
        UUID served = info(one.ask(OTHER_WORDS, ANN, false)).id();
        other.cache.evict(served);
        hearsAllFrom(other, one);
        hearsAllFrom(one, other);

        assertThat(servesWrongly(one)).isFalse();
        assertThat(servesWrongly(other)).isFalse();
    }

    // ---------------------------------------------------------------- nodes that differ

    @Test
    void aNodeServesNothingForLongerThanItsOwnTimeToLive() {
        Node patient = node(Duration.ofHours(10));
        TestClock clock = new TestClock(Instant.now().plus(Duration.ofHours(2)));
        Node hasty = node(server.uri(), "shop", PASS, settings -> settings.timeToLive(HOUR)
                .clock(clock));
        patient.ask("a", ANN, false);

        assertThat(hasty.asksTheModel("a")).as("it is two hours old").isTrue();
    }

    @Test
    void aClockThatIsAheadMakesNoAnswerLiveLonger() {
        TestClock ahead = new TestClock(Instant.now().plus(Duration.ofDays(30)));
        Node wrong = node(server.uri(), "shop", PASS, settings -> settings.timeToLive(HOUR)
                .clock(ahead));
        TestClock clock = new TestClock(Instant.now());
        Node right = node(server.uri(), "shop", PASS, settings -> settings.timeToLive(HOUR)
                .clock(clock)
                .ticker(clock.ticker()));
        wrong.ask("a", ANN, false);
        assertThat(right.asksTheModel("a")).isFalse();
        losesAllAnswers(); // its time is up there
        clock.advance(HOUR.plusMinutes(1));

        assertThat(right.asksTheModel("a")).isTrue();
    }

    // ---------------------------------------------------------------- helpers

    private Node semanticNode(String uri) {
        return node(uri, "shop", PASS, settings -> settings.semantic(WordBag.tier()));
    }

    private static void foundWrong(Node node) {
        node.ask(QUESTION, ANN, false);
        ChatResponse hit = node.ask(OTHER_WORDS, ANN, false);
        assertThat(info(hit).origin()).as("served, or nothing is tested").isNotNull();
        node.cache.evict(info(hit).id());
    }

    /** Whether a node that made the answer to the one question serves it for the other. */
    private boolean servesWrongly(Node node) {
        losesAllAnswers();
        ChatResponse made = node.ask(QUESTION, ANN, false);
        assertThat(info(made).origin()).as("made here, or nothing is tested").isNull();
        return info(made).id().equals(info(node.ask(OTHER_WORDS, ANN, false)).origin());
    }

    private void losesAllAnswers() {
        server.ask(redis -> {
            List<String> keys = redis.keys("shop:v1:*");
            return keys.isEmpty() ? 0 : redis.del(keys.toArray(String[]::new));
        });
    }

    /** A tier that fails without losing its connection, and that a test can hold. */
    private static final class Switched implements SharedTier {

        private final RedisTier to;
        private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
        final AtomicInteger removals = new AtomicInteger();
        volatile boolean isGone;
        private volatile CountDownLatch removing = new CountDownLatch(0);

        Switched(String uri) {
            this.to = RedisTier.builder(uri)
                    .namespace("shop")
                    .timeout(Duration.ofSeconds(2))
                    .build();
        }

        CountDownLatch holdRemovals() {
            removing = new CountDownLatch(1);
            return removing;
        }

        void tellOfMissed() {
            subscribers.forEach(Subscriber::missed);
        }

        private RedisTier there() {
            if (isGone) {
                throw new IllegalStateException("scripted: gone");
            }
            return to;
        }

        @Override
        public byte @Nullable [] get(String key) {
            return there().get(key);
        }

        @Override
        public void put(String key, byte[] value, Duration timeToLive) {
            there().put(key, value, timeToLive);
        }

        @Override
        public void remove(Collection<String> keys) {
            RedisTier tier = there();
            removals.incrementAndGet();
            assertThatNoException().isThrownBy(removing::await);
            tier.remove(keys);
        }

        @Override
        public void forEach(BiConsumer<String, byte[]> visitor) {
            there().forEach(visitor);
        }

        @Override
        public void note(String list, Collection<String> texts, int most, Duration keep) {
            there().note(list, texts, most, keep);
        }

        @Override
        public List<String> noted(String list) {
            return there().noted(list);
        }

        @Override
        public void publish(String message) {
            there().publish(message);
        }

        @Override
        public Subscription subscribe(Subscriber subscriber) {
            subscribers.add(subscriber);
            return there().subscribe(subscriber);
        }

        @Override
        public void close() {
            to.close();
        }
    }

    /** Holds the calls of a node before its model. */
    private static final class Held implements ChatLayer {

        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private final ExecutorService threads = Executors.newCachedThreadPool();

        @Override
        public ChatResponse handle(ChatCall call, Next next) {
            asked.countDown();
            assertThatNoException().isThrownBy(go::await);
            return next.proceed(call);
        }

        Future<ChatResponse> ask(Node node, String question) throws InterruptedException {
            Future<ChatResponse> call = threads.submit(() -> node.ask(question, knowing("v1"), false));
            asked.await();
            return call;
        }

        void letGo(Future<ChatResponse> call) throws Exception {
            go.countDown();
            call.get();
            threads.shutdown();
        }
    }
}
