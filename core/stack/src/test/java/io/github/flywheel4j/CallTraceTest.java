package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CallTraceTest {

    @Test
    void tellsTheDecisionsOfForksApart() {
        CallTrace trace = new CallTrace();
        trace.record("Cache", "miss");
        CallTrace first = trace.fork();
        CallTrace second = trace.fork();
        CallTrace inner = second.fork();
        first.record("Retry", "failed");
        inner.record("Model", "answered", Map.of("tokens", 12), Duration.ofMillis(3));
        second.record("Retry", "answered");

        assertThat(trace.decisions()).extracting(Decision::branch).containsExactly("", "1", "2.1", "2");
        assertThat(first.decisions()).extracting(Decision::outcome).containsExactly("failed");
        assertThat(second.decisions()).extracting(Decision::branch).containsExactly("2.1", "2");
        assertThat(inner.branch()).isEqualTo("2.1");
        assertThat(inner.decisions())
                .containsExactly(new Decision("Model", "answered", Map.of("tokens", 12), Duration.ofMillis(3), "2.1"));
    }

    @Test
    void doesNotTakeTheTenthForkForOneOfTheFirst() {
        CallTrace trace = new CallTrace();
        CallTrace first = trace.fork();
        for (int i = 2; i < 10; i++) {
            trace.fork();
        }
        trace.fork().record("Late", "tenth");
        first.record("Early", "first");

        assertThat(first.decisions()).extracting(Decision::layer).containsExactly("Early");
    }

    @Test
    void givesACopyThatDoesNotGrow() {
        CallTrace trace = new CallTrace();
        trace.record("Cache", "miss");
        List<Decision> before = trace.decisions();
        trace.record("Cache", "stored");

        assertThat(before).hasSize(1);
        assertThatThrownBy(() -> before.add(before.get(0))).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void letsACallIntoEachLayerOnceAndOnlyInwards() {
        CallTrace trace = new CallTrace();

        assertThat(trace.enters(0)).isTrue();
        assertThat(trace.enters(1)).isTrue();
        assertThat(trace.enters(1)).isFalse();
        assertThat(trace.enters(0)).isFalse();
        assertThat(trace.fork().enters(1)).isTrue();
    }

    @Test
    void losesNothingAndMixesNothingUnderThreads() throws InterruptedException {
        CallTrace trace = new CallTrace();
        int threads = 8;
        int each = 500;
        Set<String> branches = ConcurrentHashMap.newKeySet();
        AtomicInteger entered = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Thread thread = new Thread(() -> {
                awaitQuietly(start);
                CallTrace own = trace.fork();
                branches.add(own.branch());
                for (int i = 0; i < each; i++) {
                    own.record("Layer", "did");
                    if (trace.enters(i)) {
                        entered.incrementAndGet();
                    }
                }
                assertThat(own.decisions()).hasSize(each);
            });
            thread.start();
            running.add(thread);
        }
        start.countDown();
        for (Thread thread : running) {
            thread.join();
        }

        assertThat(branches).hasSize(threads);
        assertThat(trace.decisions()).hasSize(threads * each);
        assertThat(entered.get()).isBetween(1, each);
    }

    @Test
    void takesOnlyFactsThatAreJson() {
        CallTrace trace = new CallTrace();

        assertThatThrownBy(() -> trace.record("Cache", "hit", Map.of("at", Instant.EPOCH), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at: a java.time.Instant");
    }

    @Test
    void keepsFactsAsTheyWereRecorded() {
        CallTrace trace = new CallTrace();
        List<Object> ids = new ArrayList<>(List.of("a"));
        trace.record("Retrieval", "found", Map.of("ids", ids), Duration.ZERO);
        ids.add("b");

        assertThat(trace.decisions().get(0).facts()).isEqualTo(Map.of("ids", List.of("a")));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
