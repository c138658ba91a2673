package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsyncSinkTest {

    private final Gate gate = new Gate();

    @TempDir
    Path folder;

    @Test
    void handsEventsOnInOrder() {
        try (AsyncSink sink = AsyncSink.before(gate)) {
            give(sink, 5_000);
            sink.flush();

            assertThat(gate.ids()).isEqualTo(ids(5_000));
            assertThat(sink.counts()).isEqualTo(new AsyncSink.Counts(5_000, 5_000, 0, 0, 0, 0));
        }
    }

    @Test
    void neverWaitsForASinkThatHangsAndCountsWhatFindsNoRoom() {
        gate.hang();
        AsyncSink sink = AsyncSink.builder(gate)
                .capacity(100)
                .closeTimeout(Duration.ofMillis(50))
                .build();

        give(sink, 10_000);

        assertThat(sink.counts().lost()).isBetween(10_000L - 100 - 1_024, 9_900L);
        assertThat(sink.flush(Duration.ofMillis(20))).isFalse();
        sink.close();
        gate.open();
        AsyncSink.Counts counts = sink.counts();
        assertThat(counts.queued()).isZero();
        assertThat(counts.lost() + counts.delivered()).isGreaterThan(9_000);
    }

    @Test
    void spillsWhatFindsNoRoomAndCatchesUpInOrder() {
        gate.hang();
        try (AsyncSink sink =
                AsyncSink.builder(gate).capacity(200).spillTo(folder).build()) {
            for (int i = 0; i < 5_000; i++) {
                sink.accept(Events.comment(i));
                while (sink.counts().queued() > 190) {
                    // The disk is to keep up: what is tested is the order, not the loss.
                    Thread.onSpinWait();
                }
            }
            assertThat(sink.counts().lost()).isZero();
            assertThat(sink.counts().spilled()).isPositive();

            gate.open();
            sink.flush();

            assertThat(gate.ids()).isEqualTo(ids(5_000));
            assertThat(Folders.names(folder)).isEmpty();
        }
    }

    @Test
    void offersEventsAgainUntilASinkIsBack() {
        gate.fail(new UncheckedIOException("away", new IOException("away")));
        try (AsyncSink sink = AsyncSink.before(gate)) {
            give(sink, 50);
            await().until(() -> gate.failures.get() > 0);

            gate.open();
            assertThat(sink.flush(Duration.ofSeconds(30))).isTrue();

            assertThat(gate.ids()).isEqualTo(ids(50));
            assertThat(sink.counts().refused()).isZero();
        }
    }

    @Test
    void keepsWhatASinkDidNotTakeForTheNextRun() {
        gate.fail(new UncheckedIOException("away", new IOException("away")));
        AsyncSink first = AsyncSink.builder(gate)
                .spillTo(folder)
                .closeTimeout(Duration.ofMillis(50))
                .build();
        give(first, 500);
        first.close();
        assertThat(first.counts().lost()).isZero();

        gate.open();
        try (AsyncSink second = AsyncSink.builder(gate).spillTo(folder).build()) {
            second.accept(Events.comment(500));
            second.flush();
        }

        assertThat(gate.ids()).isEqualTo(ids(501));
    }

    @Test
    void leavesOutTheOneEventThatASinkCannotTakeAndNoOther() {
        UUID poison = Events.id(25);
        FeedbackSink picky = event -> {
            if (event.interactionId().equals(poison)) {
                throw new IllegalStateException("a bug");
            }
            gate.accept(event);
        };
        try (AsyncSink sink = AsyncSink.before(picky)) {
            give(sink, 50);
            sink.accept(Events.comment(50));
            sink.flush();

            assertThat(gate.ids()).hasSize(50).doesNotContain(poison);
            assertThat(sink.counts().refused()).isEqualTo(1);
        }
    }

    @Test
    void doesNotOfferAgainWhatASinkRefuses() {
        List<FeedbackEvent> asked = new CopyOnWriteArrayList<>();
        FeedbackSink strict = event -> {
            asked.add(event);
            throw new IllegalArgumentException("too large");
        };
        try (AsyncSink sink = AsyncSink.before(strict)) {
            sink.accept(Events.comment(1));
            sink.flush();

            assertThat(sink.counts().refused()).isEqualTo(1);
            assertThat(asked).hasSize(2);
        }
    }

    @Test
    void countsWhatComesAfterTheEnd() {
        AsyncSink sink = AsyncSink.before(gate);
        sink.close();
        sink.close();

        sink.accept(Events.comment(1));

        assertThat(sink.counts().lost()).isEqualTo(1);
        assertThat(gate.closes.get()).isEqualTo(1);
    }

    @Test
    void flushesWhatWaitsWhenItIsClosed() {
        AsyncSink sink = AsyncSink.before(gate);
        give(sink, 3_000);
        sink.close();

        assertThat(gate.ids()).isEqualTo(ids(3_000));
    }

    @Test
    void losesOnlyWhatFindsNoRoomWhenTheSpillFolderIsFull() {
        gate.hang();
        try (AsyncSink sink = AsyncSink.builder(gate)
                .capacity(1_000)
                .spillTo(folder)
                .spillLimit(50_000)
                .closeTimeout(Duration.ZERO)
                .build()) {
            give(sink, 20_000);
            await().until(() -> sink.counts().lost() > 0);
            gate.open();
            assertThat(sink.flush(Duration.ofSeconds(30))).isTrue();

            AsyncSink.Counts counts = sink.counts();
            assertThat(counts.delivered() + counts.lost()).isEqualTo(20_000);
            // Whether the spill folder got a part before it was full is a matter of who was quicker; the queue is not.
            assertThat(counts.delivered()).isGreaterThanOrEqualTo(1_000);
        }
    }

    @Test
    void refusesASpillFolderThatIsNone() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() ->
                        AsyncSink.builder(gate).spillTo(file.resolve("below")).build())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("expected: a folder that can be written");
        assertThatThrownBy(() -> AsyncSink.builder(gate).capacity(0).build()).hasMessage("capacity: 0 (expected: > 0)");
    }

    @Test
    void callsGoOnWhenTheFolderOfTheStoreIsGone() throws IOException {
        Path store = folder.resolve("store");
        JsonLinesSink files = JsonLinesSink.builder(store)
                .rotateAtBytes(1_000)
                .withoutZip()
                .opener(file -> {
                    if (Files.exists(folder.resolve("away"))) {
                        throw new IOException("No such file or directory");
                    }
                    return LineOutput.open(file);
                })
                .build();
        try (AsyncSink sink = AsyncSink.before(files)) {
            give(sink, 100);
            sink.flush();
            Files.createFile(folder.resolve("away"));
            for (int i = 100; i < 200; i++) {
                sink.accept(Events.comment(i));
            }
            assertThat(sink.flush(Duration.ofMillis(300))).isFalse();
            Files.delete(folder.resolve("away"));
            assertThat(sink.flush(Duration.ofSeconds(30))).isTrue();
            assertThat(sink.counts().lost() + sink.counts().refused()).isZero();
        }
        assertThat(JsonLinesStore.in(store, UserIds.none())
                        .events()
                        .map(FeedbackEvent::interactionId)
                        .toList())
                .isEqualTo(ids(200));
    }

    @Test
    void oneSinkForSeveralGivesEachEveryEventAlsoWhenOneFails() {
        Gate other = new Gate();
        gate.fail(new IllegalStateException("away"));
        FeedbackSink both = FeedbackSink.all(gate, other);

        assertThatThrownBy(() -> both.accept(Events.comment(1))).hasMessage("away");

        assertThat(other.ids()).isEqualTo(List.of(Events.id(1)));
        assertThat(both.waits()).isTrue();
        assertThat(FeedbackSink.all().waits()).isFalse();
    }

    /** An exception cannot be suppressed by itself, and trying so ended in what looks like a refusal. */
    @Test
    void severalThatFailWithOneAndTheSameExceptionAreOfferedTheEventAgain() {
        gate.fail(new IllegalStateException("away"));
        try (AsyncSink sink = AsyncSink.before(FeedbackSink.all(gate, gate))) {
            sink.accept(Events.comment(1));
            await().until(() -> gate.failures.get() > 1);
            gate.open();
            assertThat(sink.flush(Duration.ofSeconds(30))).isTrue();

            assertThat(sink.counts().refused()).isZero();
        }
        assertThat(gate.ids()).contains(Events.id(1));
    }

    /** Such as one whose driver is not on the class path. */
    @Test
    void oneOfSeveralThatFailsWithAnErrorHoldsUpNoOther() {
        Gate other = new Gate();
        AtomicBoolean closed = new AtomicBoolean();
        FeedbackSink broken = new FeedbackSink() {
            @Override
            public void accept(FeedbackEvent event) {
                throw new NoClassDefFoundError("driver");
            }

            @Override
            public void close() {
                throw new NoClassDefFoundError("driver");
            }
        };
        FeedbackSink closing = new FeedbackSink() {
            @Override
            public void accept(FeedbackEvent event) {
                other.accept(event);
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
        FeedbackSink both = FeedbackSink.all(broken, closing);

        assertThatThrownBy(() -> both.accept(Events.comment(1))).isInstanceOf(NoClassDefFoundError.class);
        assertThatThrownBy(both::close).isInstanceOf(NoClassDefFoundError.class);

        assertThat(other.ids()).isEqualTo(List.of(Events.id(1)));
        assertThat(closed).isTrue();
    }

    @Test
    void anEventThatOneSinkRefusesIsOfferedAgainToOneThatIsAway() {
        gate.fail(new UncheckedIOException("away", new IOException("away")));
        FeedbackSink strict = event -> {
            throw new IllegalArgumentException("too large");
        };
        try (AsyncSink sink = AsyncSink.before(FeedbackSink.all(strict, gate))) {
            sink.accept(Events.comment(1));
            await().until(() -> gate.failures.get() > 0);
            gate.open();
            assertThat(sink.flush(Duration.ofSeconds(30))).isTrue();
        }

        assertThat(gate.ids()).isEqualTo(List.of(Events.id(1)));
        assertThatThrownBy(() -> FeedbackSink.all(strict, gate).accept(Events.comment(2)))
                .hasMessage("too large");
    }

    @Test
    void aFilterPassesSomeEventsOn() {
        FeedbackSink some = gate.filter(event -> event.interactionId().equals(Events.id(2)));

        some.acceptAll(List.of(Events.comment(1), Events.comment(2)));
        some.accept(Events.comment(1));

        assertThat(gate.ids()).isEqualTo(List.of(Events.id(2)));
    }

    private static void give(FeedbackSink sink, int events) {
        for (int i = 0; i < events; i++) {
            sink.accept(Events.comment(i));
        }
    }

    private static List<UUID> ids(int events) {
        return IntStream.range(0, events).mapToObj(Events::id).toList();
    }

    /** A sink that can hang and fail, and knows each event once. */
    private static final class Gate implements FeedbackSink {

        private final List<FeedbackEvent> taken = new ArrayList<>();
        private final CountDownLatch opened = new CountDownLatch(1);
        private volatile boolean hanging;
        private volatile RuntimeException failure;
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicInteger closes = new AtomicInteger();

        void hang() {
            hanging = true;
        }

        void fail(RuntimeException failure) {
            this.failure = failure;
        }

        void open() {
            failure = null;
            hanging = false;
            opened.countDown();
        }

        synchronized List<UUID> ids() {
            Map<UUID, UUID> interactions = new LinkedHashMap<>();
            taken.forEach(event -> interactions.putIfAbsent(event.eventId(), event.interactionId()));
            return List.copyOf(interactions.values());
        }

        @Override
        public void accept(FeedbackEvent event) {
            RuntimeException fails = failure;
            if (fails != null) {
                failures.incrementAndGet();
                throw fails;
            }
            if (hanging) {
                try {
                    assertThat(opened.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            synchronized (this) {
                taken.add(event);
            }
        }

        @Override
        public void close() {
            closes.incrementAndGet();
        }
    }
}
