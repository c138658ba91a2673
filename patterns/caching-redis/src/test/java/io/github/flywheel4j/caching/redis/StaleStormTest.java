package io.github.flywheel4j.caching.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.testkit.Seeds;
import io.github.flywheel4j.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Three nodes that ask, join, refresh and take back all the time: an answer says of which state of the world it is. */
class StaleStormTest extends RedisFixture {

    private static final int QUESTIONS = 8;
    private static final int ROUNDS = 150;

    /** By how much answers are older after a round; long enough that Redis, which has its own clock, keeps them for some rounds. */
    private static final Duration AGED = Duration.ofMillis(300);

    /** The state of the world for each question. */
    private final AtomicIntegerArray world = new AtomicIntegerArray(QUESTIONS);

    /** Answers with the state when it was asked, some time later. */
    private final ChatLayer dated = (call, next) -> {
        String question = ((UserMessage) call.request().messages().get(0)).singleText();
        int state = world.get(Integer.parseInt(question));
        ChatResponse answer = next.proceed(call.unheard());
        LockSupport.parkNanos((call.id().hashCode() & 3) * 1_000_000L);
        return answer.toBuilder()
                .aiMessage(AiMessage.from(question + "/" + state))
                .build();
    };

    @Test
    void noNodeServesWhatAnyNodeTookBackBefore() throws Exception {
        Seeds seeds = Seeds.named("stale storm");
        ChatLayer inner = (call, next) -> SOURCES.handle(call, sourced -> dated.handle(sourced, next));
        // Answers grow old by rounds: how long a round takes is the machine's affair.
        TestClock clock = new TestClock(Instant.now());
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            nodes.add(node(server.uri(), "shop", inner, settings -> settings.timeToLive(AGED.multipliedBy(5))
                    .staleWhileRevalidate(AGED.multipliedBy(5))
                    .refreshAhead(0.2)
                    .clock(clock)
                    .ticker(clock.ticker())));
        }
        AtomicBoolean running = new AtomicBoolean(true);
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> traffic = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Seeds own = Seeds.of(seeds.seed() + i);
            traffic.add(threads.submit(() -> {
                while (running.get()) {
                    own.pick(nodes).ask(String.valueOf(own.between(0, QUESTIONS - 1)), ANN, own.chance(0.5));
                    LockSupport.parkNanos(200_000);
                }
            }));
        }
        try {
            for (int round = 0; round < ROUNDS; round++) {
                clock.advance(AGED);
                int question = seeds.between(0, QUESTIONS - 1);
                Node by = seeds.pick(nodes);
                AnswerInfo wrong = info(by.ask(String.valueOf(question), ANN, false));
                int state = world.incrementAndGet(question);
                int how = seeds.between(0, 3);
                takeBack(by, String.valueOf(question), how, wrong);
                for (Node each : nodes) {
                    hearsAllFrom(by, each);
                }
                for (Node each : nodes) {
                    ChatResponse answer = each.ask(String.valueOf(question), ANN, seeds.chance(0.5));
                    if (how == 3) {
                        UUID origin = info(answer).origin();
                        assertThat(origin).isNotEqualTo(wrong.id());
                        assertThat(origin == null || !origin.equals(wrong.origin()))
                                .isTrue();
                    } else {
                        assertThat(state(answer)).as("kind %s", how).isGreaterThanOrEqualTo(state);
                    }
                }
            }
        } finally {
            running.set(false);
        }
        for (Future<?> each : traffic) {
            each.get();
        }
        threads.shutdown();
        assertThat(nodes).as("or nothing was tested").allSatisfy(node -> {
            assertThat(node.cache.stats().sharedTierHits()).isPositive();
            assertThat(node.cache.stats().exactHits()).isPositive();
            assertThat(node.cache.stats().refreshes()).isPositive();
        });
    }

    private static void takeBack(Node by, String question, int how, AnswerInfo wrong) {
        switch (how) {
            case 0 -> by.cache.evictIf(answer -> answer.text().startsWith(question + "/"));
            case 1 -> by.cache.evictSource("document of " + question);
            case 2 -> by.cache.evictAll();
            default -> by.cache.evict(wrong.id());
        }
    }

    private static int state(ChatResponse answer) {
        String text = answer.aiMessage().text();
        return Integer.parseInt(text, text.indexOf('/') + 1, text.length(), 10);
    }
}
