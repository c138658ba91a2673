package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.flywheel4j.CallContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the queue does when what is behind it, or the disk beside it, fails in ways of its own. */
class AsyncSinkFailuresTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    private final Set<UUID> taken = ConcurrentHashMap.newKeySet();

    @TempDir
    Path folder;

    @Test
    void keepsForTheNextRunWhatASinkHoldsThatNeverReturns() {
        Stuck stuck = new Stuck();
        AsyncSink sink =
                AsyncSink.builder(stuck).spillTo(folder).closeTimeout(SHORT).build();
        give(sink, 0, 500);
        await().until(() -> stuck.asked);

        sink.close();

        assertThat(sink.counts().lost()).isZero();
        try (AsyncSink next = AsyncSink.builder(this::take).spillTo(folder).build()) {
            next.flush();
        }
        stuck.end.countDown();
        assertThat(taken).isEqualTo(ids(500));
    }

    @Test
    void countsAsLostWhatASinkHoldsThatNeverReturnsIfThereIsNoFolder() {
        Stuck stuck = new Stuck();
        AsyncSink sink = AsyncSink.builder(stuck).closeTimeout(SHORT).build();
        give(sink, 0, 500);
        await().until(() -> stuck.asked);

        sink.close();

        assertThat(sink.counts().lost() + sink.counts().delivered()).isEqualTo(500);
        stuck.end.countDown();
    }

    @Test
    void keepsForTheNextRunWhatASinkHoldsThatMindsItsInterruption() {
        CountDownLatch never = new CountDownLatch(1);
        FeedbackSink minding = event -> {
            try {
                assertThat(never.await(60, TimeUnit.SECONDS)).isFalse();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new IOException("interrupted"));
            }
        };
        AsyncSink sink =
                AsyncSink.builder(minding).spillTo(folder).closeTimeout(SHORT).build();
        give(sink, 0, 500);

        sink.close();

        assertThat(sink.counts().lost()).isZero();
        try (AsyncSink next = AsyncSink.builder(this::take).spillTo(folder).build()) {
            next.flush();
        }
        assertThat(taken).isEqualTo(ids(500));
    }

    /** Such as a client of a network does, whose own time limit interrupts it. */
    @Test
    void aSinkThatLeavesItsThreadInterruptedTakesTheNextEventsWithoutThat() {
        AtomicBoolean leaves = new AtomicBoolean(true);
        FeedbackSink sink = event -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new UncheckedIOException(new IOException("interrupted"));
            }
            take(event);
            if (leaves.getAndSet(false)) {
                Thread.currentThread().interrupt();
            }
        };
        try (AsyncSink before = AsyncSink.before(sink)) {
            give(before, 0, 500);

            assertThat(before.flush(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(taken).isEqualTo(ids(500));
    }

    @Test
    void anEventThatASinkNeverTakesHoldsUpNoOther() {
        Picky picky = new Picky(Events.id(0));
        try (AsyncSink sink = AsyncSink.before(picky)) {
            sink.accept(Events.comment(0));
            await().until(() -> picky.asked);
            give(sink, 1, 50);

            assertThat(sink.flush(Duration.ofSeconds(30))).isTrue();
            assertThat(sink.counts().refused()).isEqualTo(1);
        }
        assertThat(taken).hasSize(49).doesNotContain(Events.id(0));
    }

    @Test
    void anEventThatASinkNeverTakesHoldsUpNoOtherAfterARestartEither() {
        Picky picky = new Picky(Events.id(0));
        AsyncSink first =
                AsyncSink.builder(picky).spillTo(folder).closeTimeout(SHORT).build();
        first.accept(Events.comment(0));
        first.close();
        assertThat(first.counts().spilled()).isEqualTo(1);

        try (AsyncSink second = AsyncSink.builder(picky).spillTo(folder).build()) {
            give(second, 1, 50);
            assertThat(second.flush(Duration.ofSeconds(30))).isTrue();
            assertThat(second.counts().refused()).isEqualTo(1);
        }
        assertThat(taken).hasSize(49).doesNotContain(Events.id(0));
        assertThat(Folders.names(folder)).isEmpty();
    }

    @Test
    void leavesOnTheDiskWhatANewerVersionSpilledAndGoesOn() throws IOException {
        Files.writeString(
                folder.resolve("spill-0000000000000001.jsonl"),
                Events.comment(1).toJson().replace("\"v\":1", "\"v\":9") + "\n");
        try (AsyncSink sink = AsyncSink.builder(this::take).spillTo(folder).build()) {
            give(sink, 2, 5);
            assertThat(sink.flush(Duration.ofSeconds(30))).isTrue();
        }
        assertThat(taken).hasSize(3);
        assertThat(Folders.names(folder)).containsExactly("spill-0000000000000001.jsonl");
    }

    @Test
    void goesOnWhenSomebodyDeletedASpilledFile() throws IOException {
        Stuck stuck = new Stuck();
        AsyncSink full =
                AsyncSink.builder(stuck).spillTo(folder).closeTimeout(SHORT).build();
        give(full, 0, 10);
        full.close();
        stuck.end.countDown();
        String spilled = Folders.names(folder).get(0);

        Picky away = new Picky(Events.id(0));
        try (AsyncSink sink = AsyncSink.builder(away).spillTo(folder).build()) {
            Files.deleteIfExists(folder.resolve(spilled));
            give(sink, 10, 20);
            assertThat(sink.flush(Duration.ofSeconds(30))).isTrue();
        }
        assertThat(taken)
                .containsAll(IntStream.range(10, 20).mapToObj(Events::id).toList());
    }

    @Test
    void anEventThatIsNoJsonIsRefusedAndHoldsUpNeitherSinkNorDisk() {
        FeedbackEvent deep = tooDeep();
        try (JsonLinesSink files = JsonLinesSink.in(folder.resolve("store"))) {
            assertThatThrownBy(() -> files.accept(deep))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected: attributes and facts nested");
        }
        CountDownLatch open = new CountDownLatch(1);
        FeedbackSink late = event -> {
            awaitUninterruptibly(open);
            take(event);
        };
        try (AsyncSink sink = AsyncSink.builder(late)
                .capacity(200)
                .spillTo(folder.resolve("spill"))
                .build()) {
            give(sink, 0, 20);
            await().until(() -> sink.counts().queued() == 0);
            sink.accept(deep);
            for (int i = 20; i < 2_000; i++) {
                sink.accept(Events.comment(i));
                while (sink.counts().queued() > 190) {
                    Thread.onSpinWait();
                }
            }
            open.countDown();
            assertThat(sink.flush(Duration.ofSeconds(30))).isTrue();
            assertThat(sink.counts().lost()).isZero();
            assertThat(sink.counts().refused()).isEqualTo(1);
        }
        assertThat(taken).isEqualTo(ids(2_000));
    }

    @Test
    void spillsNoMoreThanItMayAlsoIfEventsAreLarge() throws IOException {
        Stuck stuck = new Stuck();
        try (AsyncSink sink = AsyncSink.builder(stuck)
                .capacity(64)
                .spillTo(folder)
                .spillLimit(1_000_000)
                .closeTimeout(SHORT)
                .build()) {
            // Or its thread might take all that waits, and leave nothing to spill.
            sink.accept(Events.comment(0));
            await().until(() -> stuck.asked);
            String long100k = "long ".repeat(20_000);
            for (int i = 0; i < 300; i++) {
                sink.accept(new Comment(Events.info(Events.id(i)), long100k));
            }
            await().until(() -> sink.counts().spilled() > 0);
        } finally {
            stuck.end.countDown();
        }
        long bytes = 0;
        for (String name : Folders.names(folder)) {
            bytes += Files.size(folder.resolve(name));
        }
        assertThat(bytes).isBetween(1_000_000L, 2_500_000L);
    }

    @Test
    void whatComesWhileItIsClosedIsDeliveredOrCountedAsLost() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int round = 0; round < 300; round++) {
            AsyncSink sink = AsyncSink.before(event -> {});
            CountDownLatch started = new CountDownLatch(4);
            List<Future<?>> givers = new ArrayList<>();
            for (int giver = 0; giver < 4; giver++) {
                givers.add(threads.submit(() -> {
                    started.countDown();
                    while (sink.counts().lost() == 0) {
                        sink.accept(Events.comment(1));
                    }
                }));
            }
            assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
            sink.close();
            for (Future<?> giver : givers) {
                giver.get(30, TimeUnit.SECONDS);
            }
            AsyncSink.Counts counts = sink.counts();
            assertThat(counts.queued()).isZero();
            assertThat(counts.delivered() + counts.lost()).isEqualTo(counts.accepted());
        }
        threads.shutdown();
    }

    @Test
    void mayBeToldToWaitForeverForASlowSink() {
        AsyncSink sink = AsyncSink.builder(event -> {
                    awaitUninterruptibly(new CountDownLatch(1), 100);
                    take(event);
                })
                .closeTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                .build();
        give(sink, 0, 3);

        sink.close();

        assertThat(taken).isEqualTo(ids(3));
    }

    private void take(FeedbackEvent event) {
        taken.add(event.interactionId());
    }

    private static void give(FeedbackSink sink, int from, int to) {
        for (int i = from; i < to; i++) {
            sink.accept(Events.comment(i));
        }
    }

    private static Set<UUID> ids(int events) {
        return Set.copyOf(IntStream.range(0, events).mapToObj(Events::id).toList());
    }

    /** Nested a little deeper than a reader of JSON goes; much deeper, and the stack may not suffice to make it. */
    private static FeedbackEvent tooDeep() {
        Object nested = "x";
        for (int i = 0; i < 1_000; i++) {
            nested = List.of(nested);
        }
        InteractionEvent event = Events.interaction(99_999);
        return Events.with(
                event, CallContext.builder().attribute("deep", nested).build(), event.info());
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        awaitUninterruptibly(latch, 60_000);
    }

    private static void awaitUninterruptibly(CountDownLatch latch, long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < until) {
            try {
                if (latch.await(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                // It does not mind.
            }
        }
    }

    /** A sink that never returns, whoever interrupts it. */
    private static final class Stuck implements FeedbackSink {

        private final CountDownLatch end = new CountDownLatch(1);
        private volatile boolean asked;

        @Override
        public void accept(FeedbackEvent event) {
            asked = true;
            awaitUninterruptibly(end);
        }
    }

    /** A sink with a fault that one event sets off. */
    private final class Picky implements FeedbackSink {

        private final UUID not;
        private volatile boolean asked;

        Picky(UUID not) {
            this.not = not;
        }

        @Override
        public void accept(FeedbackEvent event) {
            asked = true;
            if (event.interactionId().equals(not)) {
                throw new IllegalStateException("a fault");
            }
            take(event);
        }
    }
}
