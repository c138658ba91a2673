package io.github.flywheel4j.caching.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.caching.ResponseCache;
import io.github.flywheel4j.caching.Scope;
import io.github.flywheel4j.caching.TemperaturePolicy;
import io.github.flywheel4j.testkit.Seeds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes, each a whole stack with its own cache, over one real Redis server that is cut off, killed and started again. */
class TwoNodesTest extends RedisFixture {

    // ---------------------------------------------------------------- hits

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void servesWhatTheOtherNodeFilled(boolean streaming) {
        Node one = node(HOUR);
        Node other = node(HOUR);
        ChatResponse made = one.ask("Are you open?", ANN, streaming);

        ChatResponse hit = other.ask("Are you open?", ANN, !streaming);

        assertThat(hit.aiMessage().text()).isEqualTo("About: Are you open?");
        assertThat(info(hit).origin()).isEqualTo(info(made).id());
        assertThat(info(hit).servedBy()).isEqualTo("cache");
        assertThat(hit.tokenUsage().totalTokenCount()).isZero();
        assertThat(other.asked()).isZero();
        assertThat(other.cache.stats().sharedTierHits()).isEqualTo(1);
        assertThat(other.cache.stats().savedOutputTokens()).isEqualTo(5);
        other.ask("Are you open?", ANN, streaming);
        assertThat(other.cache.stats().exactHits())
                .as("from its own memory now")
                .isEqualTo(1);
    }

    /** Whoever asks whatever, at whichever node, in whichever way. */
    @Test
    void twoTenantsShareNothingForIdenticalTexts() throws Exception {
        Seeds seeds = Seeds.named("two tenants in Redis");
        // Answers say for whom they were made, as an answer with somebody's data in it does.
        ChatLayer personal = (call, next) -> next.proceed(call.unheard()).toBuilder()
                .aiMessage(AiMessage.from("For " + call.context().tenant()))
                .build();
        List<Node> both =
                List.of(node(server.uri(), HOUR, "shop", personal), node(server.uri(), HOUR, "shop", personal));
        List<ChatRequest> requests = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            List<ChatMessage> messages = new ArrayList<>(seeds.chatRequest().messages());
            messages.set(messages.size() - 1, UserMessage.from("About " + seeds.text(8) + "?"));
            requests.add(ChatRequest.builder().messages(messages).build());
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            Node node = seeds.pick(both);
            ChatRequest request = seeds.pick(requests);
            CallContext context = seeds.pick(List.of(ANN, CAT));
            boolean streaming = seeds.chance(0.5);
            calls.add(threads.submit(() -> assertThat(
                            node.ask(request, context, streaming).aiMessage().text())
                    .isEqualTo("For " + context.tenant())));
        }
        for (Future<?> each : calls) {
            each.get();
        }
        threads.shutdown();

        assertThat(both.stream().mapToLong(node -> node.cache.stats().served()).sum())
                .as("hits, or nothing was tested")
                .isGreaterThan(300);
        assertThat(both.stream()
                        .mapToLong(node -> node.cache.stats().sharedTierHits())
                        .sum())
                .as("hits in Redis, or nothing was tested")
                .isPositive();
        assertThat(both).allSatisfy(node -> assertThat(node.cache.stats().sharedTierFailures())
                .as("of many first calls at once")
                .isZero());
    }

    @Test
    void whatRedisHoldsNamesNoQuestionInItsKeys() {
        node(HOUR).ask("Are you open?", ANN, false);

        List<String> keys = server.ask(redis -> redis.keys("*"));
        assertThat(keys).hasSize(2).allMatch(key -> key.matches("shop:v1:(a:[A-Za-z0-9_-]+|i:[0-9a-f-]{36})"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schema\":2,\"answer\":\"of a newer library\"}",
                "{\"schema\":0,\"text\":\"of an older one\"}",
                "{\"text\":\"of one before there were versions\"}",
                "{\"schema\":1}",
                "[]",
                "no JSON at all",
                ""
            })
    void aValueOfAnotherVersionIsAMissAndNoError(String value) {
        Node one = node(HOUR);
        Node other = node(HOUR);
        one.ask("Are you open?", ANN, false);
        server.ask(redis -> {
            redis.keys("shop:v1:a:*").forEach(key -> redis.set(key, value));
            return true;
        });

        assertThat(other.ask("Are you open?", ANN, true).aiMessage().text()).isEqualTo("About: Are you open?");
        assertThat(other.asked()).isEqualTo(1);
        assertThat(other.cache.stats().sharedTierFailures()).isZero();
        assertThat(other.cache.stats().stored()).isEqualTo(1);
        assertThat(node(HOUR).asksTheModel("Are you open?"))
                .as("the new value took its place")
                .isFalse();
    }

    @Test
    void anAnswerLivesInRedisForItsTimeAndNoLonger() {
        Duration brief = Duration.ofMillis(700);
        Node one = node(server.uri(), brief, "brief", PASS);
        Node other = node(server.uri(), brief, "brief", PASS);
        one.ask("Are you open?", ANN, false);
        node(HOUR).ask("Are you open?", ANN, false);

        assertThat(server.<Boolean>ask(redis ->
                        redis.keys("brief:*").stream().map(redis::pttl).allMatch(left -> left <= brief.toMillis())))
                .isTrue();
        eventually(() -> server.ask(redis -> redis.keys("brief:*")).isEmpty());
        eventually(() -> other.asksTheModel("Are you open?"));
        assertThat(server.<Boolean>ask(redis -> redis.keys("shop:*").stream()
                        .map(redis::pttl)
                        .allMatch(left -> left > HOUR.toMillis() / 2 && left <= HOUR.toMillis())))
                .isTrue();
    }

    /** The example of core/docs/guide/caching.md, as it stands there. */
    @Test
    void theGuidesNodeIsBuiltWithoutAServer() {
        // snippet
        RedisTier tier =
                RedisTier.builder("redis://localhost:6379").namespace("shop").build();
        ResponseCache cache = ResponseCache.builder(Scope.tenant())
                .temperature(TemperaturePolicy.any())
                .shared(tier)
                .build();
        // end snippet

        assertThat(cache.stats().answers()).isZero();
        cache.close();
        tier.close();
    }

    // ---------------------------------------------------------------- invalidation

    @Test
    void anInteractionEvictedOnOneNodeLeavesTheOthersMemory() {
        Node one = node(HOUR);
        Node other = node(HOUR);
        UUID made = info(one.ask("a", ANN, false)).id();
        other.ask("a", ANN, true);
        other.ask("b", ANN, false);

        assertThat(one.cache.evict(made)).isTrue();

        eventually(() -> other.cache.stats().answers() == 1);
        assertThat(other.asksTheModel("a")).isTrue();
        assertThat(other.asksTheModel("b")).isFalse();
    }

    @Test
    void badFeedbackOnWhatOneNodeServedLeavesTheOthersMemory() {
        Node one = node(HOUR);
        Node other = node(HOUR);
        one.ask("a", ANN, false);
        UUID served = info(other.ask("a", ANN, false)).id();

        assertThat(other.cache.evict(served))
                .as("by the id of the call that was served it")
                .isTrue();

        eventually(() -> one.cache.stats().answers() == 0);
        assertThat(one.asksTheModel("a")).isTrue();
        assertThat(other.asksTheModel("a")).as("the new answer is shared").isFalse();
    }

    @Test
    void aKnowledgeVersionEvictedOnOneNodeLeavesTheOthersMemory() {
        Node one = node(HOUR);
        Node other = node(HOUR);
        CallContext old = knowing("v1");
        CallContext fresh = knowing("v2");
        one.ask("a", old, false);
        other.ask("a", old, false);
        other.ask("a", fresh, false);

        assertThat(one.cache.evictKnowledgeVersion("v1")).isEqualTo(1);

        eventually(() -> other.cache.stats().answers() == 1);
        assertThat(other.asksTheModel("a", fresh)).isFalse();
        assertThat(other.asksTheModel("a", old)).isTrue();
    }

    @Test
    void aDocumentAndAPredicateReachTheOtherNode() {
        Node one = node(server.uri(), HOUR, "shop", SOURCES);
        Node other = node(server.uri(), HOUR, "shop", SOURCES);
        for (String question : List.of("a", "b", "c")) {
            other.ask(question, ANN, true);
        }

        assertThat(one.cache.evictSource("document of a"))
                .as("nothing in its own memory")
                .isZero();
        eventually(() -> other.cache.stats().answers() == 2);
        one.cache.evictIf(answer -> answer.text().endsWith("b"));
        eventually(() -> other.cache.stats().answers() == 1);

        assertThat(one.asksTheModel("a")).isTrue();
        assertThat(one.asksTheModel("b")).isTrue();
        assertThat(one.asksTheModel("c")).isFalse();
    }

    // ---------------------------------------------------------------- a node that is cut off

    @Test
    void aNodeThatWasCutOffServesNothingThatWasTakenBackMeanwhile() throws IOException {
        Cable cable = cable();
        Node one = node(HOUR);
        Node cutOff = node(cable.uri(), HOUR, "shop", SOURCES);
        List<UUID> made = new ArrayList<>();
        for (String question : List.of("by id", "by version", "by source", "by predicate", "kept")) {
            made.add(info(cutOff.ask(question, knowing(question), false)).id());
        }
        cable.become(Cable.State.CUT);
        assertThat(one.cache.evict(made.get(0))).isTrue();
        one.cache.evictKnowledgeVersion("by version");
        one.cache.evictSource("document of by source");
        one.cache.evictIf(answer -> answer.text().endsWith("predicate"));
        assertThat(cutOff.asksTheModel("kept", knowing("kept")))
                .as("goes on with its own memory")
                .isFalse();

        cable.become(Cable.State.WHOLE);

        eventually(() -> cutOff.cache.stats().answers() == 0);
        for (String question : List.of("by id", "by version", "by source", "by predicate")) {
            assertThat(cutOff.asksTheModel(question, knowing(question)))
                    .as(question)
                    .isTrue();
        }
        eventually(cutOff.tier::isAvailable);
        assertThat(cutOff.asksTheModel("kept", knowing("kept")))
                .as("Redis has it still")
                .isFalse();
    }

    @Test
    void whatACutOffNodeTookBackIsTakenBackWhenItReturnsThoughNobodyAsksIt() throws IOException {
        Cable cable = cable();
        Node one = node(server.uri(), HOUR, "shop", SOURCES);
        Node cutOff = node(cable.uri(), HOUR, "shop", SOURCES);
        List<UUID> made = new ArrayList<>();
        for (String question : List.of("by id", "by source", "by predicate", "kept")) {
            made.add(info(one.ask(question, ANN, false)).id());
        }
        cable.become(Cable.State.CUT);
        for (int i = 0; i < 6; i++) {
            cutOff.ask("asked while cut off " + i, ANN, false);
        }
        assertThat(cutOff.tier.isAvailable()).as("the breaker is open").isFalse();
        cutOff.cache.evict(made.get(0));
        cutOff.cache.evictSource("document of by source");
        cutOff.cache.evictIf(answer -> answer.text().endsWith("predicate"));

        cable.become(Cable.State.WHOLE);

        eventually(() -> one.cache.stats().answers() == 1);
        assertThat(one.asksTheModel("by id")).isTrue();
        assertThat(one.asksTheModel("by source")).isTrue();
        assertThat(one.asksTheModel("by predicate")).isTrue();
        assertThat(one.asksTheModel("kept")).isFalse();
    }

    @Test
    void aNodeThatDoesNotHearStoresNothingForOthers() throws IOException {
        Cable cable = cable();
        Node one = node(HOUR);
        Node deaf = node(cable.uri(), HOUR, "shop", PASS);
        deaf.ask("before", ANN, false);
        cable.become(Cable.State.DEAF);
        eventually(() -> {
            long failures = deaf.cache.stats().sharedTierFailures();
            deaf.ask("probe " + UUID.randomUUID(), ANN, false);
            return deaf.cache.stats().sharedTierFailures() > failures;
        });

        assertThat(deaf.asksTheModel("asked of the deaf")).isTrue();
        assertThat(one.asksTheModel("asked of the deaf")).as("not in Redis").isTrue();
        assertThat(one.asksTheModel("before")).isFalse();
        assertThat(deaf.asksTheModel("asked of the deaf"))
                .as("in its own memory")
                .isFalse();

        cable.become(Cable.State.WHOLE);
        eventually(() -> {
            String question = "probe " + UUID.randomUUID();
            deaf.ask(question, ANN, false);
            return !one.asksTheModel(question);
        });
    }

    @Test
    void whatWasUnderWayWhileANodeWasCutOffIsNotStored() throws Exception {
        Cable cable = cable();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        ChatLayer slow = (call, next) -> {
            asked.countDown();
            assertThatNoException().isThrownBy(go::await);
            return next.proceed(call);
        };
        Node one = node(HOUR);
        Node cutOff = node(cable.uri(), HOUR, "shop", slow);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        AtomicInteger missed = missed(cutOff);
        Future<ChatResponse> early = threads.submit(() -> cutOff.ask("a", ANN, false));
        asked.await();
        cable.become(Cable.State.CUT);
        one.cache.evictAll();
        cable.become(Cable.State.WHOLE);
        eventually(() -> missed.get() > 0);
        go.countDown();
        early.get();
        threads.shutdown();

        assertThat(cutOff.cache.stats().answers()).isZero();
        assertThat(one.asksTheModel("a")).isTrue();
    }

    // ---------------------------------------------------------------- Redis is killed

    /** The heart of it: 16 threads ask two nodes, blocking and streaming, while Redis is killed and started again. */
    @ParameterizedTest(name = "virtual threads: {0}")
    @ValueSource(booleans = {false, true})
    void noCallIsLostWhenRedisIsKilledAndStartedAgain(boolean virtual) throws Exception {
        List<Node> both = List.of(node(HOUR), node(HOUR));
        Seeds seeds = Seeds.named("traffic");
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger fresh = new AtomicInteger();
        ExecutorService threads = virtual ? virtualThreads() : Executors.newFixedThreadPool(16);
        List<Future<Integer>> traffic = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Node node = both.get(i % 2);
            Seeds own = Seeds.of(seeds.seed() + i);
            boolean streaming = i % 4 < 2;
            Callable<Integer> caller = () -> {
                int calls = 0;
                while (running.get()) {
                    String question = own.chance(0.5)
                            ? "Common question " + own.between(0, 20) + "?"
                            : "Question " + fresh.incrementAndGet() + "?";
                    ChatResponse answer = node.ask(question, ANN, streaming);
                    assertThat(answer.aiMessage().text()).isEqualTo("About: " + question);
                    calls++;
                    answered.incrementAndGet();
                    // A caller that never waits, as none does, keeps its carrier from all other virtual threads.
                    LockSupport.parkNanos(50_000);
                }
                return calls;
            };
            traffic.add(threads.submit(caller));
        }
        try {
            eventually(() -> both.stream().allMatch(node -> node.cache.stats().sharedTierHits() > 0));

            server.kill();
            eventually(() -> both.stream().noneMatch(node -> node.tier.isAvailable()));
            int whileGone = answered.get() + 200;
            eventually(() -> answered.get() > whileGone);

            server.startAgain();
            eventually(() -> both.stream().allMatch(node -> node.tier.isAvailable()));
            int whenBack = answered.get() + 200;
            eventually(() -> answered.get() > whenBack);
            eventually(() -> {
                String question = "Shared again? " + UUID.randomUUID();
                both.get(0).ask(question, ANN, false);
                return !both.get(1).asksTheModel(question);
            });
        } finally {
            running.set(false);
        }
        int calls = 0;
        for (Future<Integer> each : traffic) {
            calls += each.get(); // fails if one call failed, or was answered with something else
        }
        threads.shutdown();

        assertThat(calls).isEqualTo(answered.get());
        assertThat(both).allSatisfy(node -> assertThat(node.cache.stats().sharedTierFailures())
                .isPositive());
    }

    @Test
    void whatWasTakenBackWhileRedisWasDownStaysSo() throws IOException {
        Node one = node(server.uri(), HOUR, "shop", SOURCES);
        Node other = node(server.uri(), HOUR, "shop", SOURCES);
        UUID made = info(one.ask("by id", ANN, false)).id();
        one.ask("by source", ANN, false);
        one.ask("kept", ANN, false);
        for (String question : List.of("by id", "by source", "kept")) {
            assertThat(other.asksTheModel(question)).isFalse();
        }
        server.kill();
        one.cache.evict(made);
        one.cache.evictSource("document of by source");

        server.startAgain(); // with all that it had

        eventually(() -> server.ask(redis -> redis.keys("shop:v1:a:*")).size() == 1);
        eventually(() -> one.tier.isAvailable() && other.tier.isAvailable());
        Node third = node(server.uri(), HOUR, "shop", SOURCES);
        assertThat(third.asksTheModel("kept")).isFalse();
        assertThat(third.asksTheModel("by id")).isTrue();
        assertThat(third.asksTheModel("by source")).isTrue();
        eventually(() -> info(other.ask("by id", ANN, false)).origin() != null
                && !made.equals(info(other.ask("by id", ANN, false)).origin()));
    }

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException e) {
            return Executors.newFixedThreadPool(16); // before Java 21
        }
    }
}
