package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InteractionQueueTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void deliversInOrderOnAThreadOfItsOwn() {
        List<UUID> delivered = new CopyOnWriteArrayList<>();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        InteractionQueue queue = queue(1_000, interaction -> {
            delivered.add(interaction.id());
            threads.add(Thread.currentThread());
        });
        List<UUID> added = addSome(queue, 500);

        assertThat(queue.close(LONG)).isTrue();

        assertThat(delivered).isEqualTo(added);
        assertThat(threads)
                .isNotEmpty()
                .allMatch(Thread::isDaemon)
                .noneMatch(thread -> thread.equals(Thread.currentThread()));
        assertThat(queue.dropped()).isZero();
    }

    @Test
    void dropsAndCountsWhatDoesNotFitAndNeverWaits() throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<UUID> delivered = new CopyOnWriteArrayList<>();
        InteractionQueue queue = queue(2, interaction -> {
            busy.countDown();
            awaitQuietly(goOn);
            delivered.add(interaction.id());
        });
        List<UUID> added = new ArrayList<>(addSome(queue, 1));
        assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();

        added.addAll(addSome(queue, 5));

        assertThat(queue.dropped()).isEqualTo(3);
        goOn.countDown();
        assertThat(queue.close(LONG)).isTrue();
        assertThat(delivered).isEqualTo(added.subList(0, 3));
    }

    @Test
    void logsAThrowingListenerOnceAndTellsTheOthers() {
        AtomicInteger told = new AtomicInteger();
        AtomicInteger thrown = new AtomicInteger();
        InteractionListener bad = new ThrowingListener(thrown);
        InteractionQueue queue = new InteractionQueue(List.of(bad, interaction -> told.incrementAndGet()), 100);

        addSome(queue, 20);

        assertThat(queue.close(LONG)).isTrue();
        assertThat(thrown).hasValue(20);
        assertThat(told).hasValue(20);
        assertThat(RecordedLogs.containing(ThrowingListener.class.getName()))
                .singleElement()
                .asString()
                .contains("java.lang.AssertionError");
    }

    @Test
    void deliversWhatWaitsWhenItIsClosedAndDropsWhatComesLater() {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger told = new AtomicInteger();
        InteractionQueue queue = queue(100, interaction -> {
            awaitQuietly(goOn);
            told.incrementAndGet();
        });
        addSome(queue, 50);
        assertThat(queue.close(Duration.ofMillis(1))).isFalse();

        goOn.countDown();
        assertThat(queue.close(LONG)).isTrue();
        addSome(queue, 2);

        assertThat(told).hasValue(50);
        assertThat(queue.dropped()).isEqualTo(2);
    }

    @Test
    void leavesTheInterruptOfWhoeverClosesIt() {
        CountDownLatch goOn = new CountDownLatch(1);
        InteractionQueue queue = queue(100, interaction -> awaitQuietly(goOn));
        addSome(queue, 1);
        Thread.currentThread().interrupt();

        assertThat(queue.close(LONG)).isFalse();

        assertThat(Thread.interrupted()).isTrue();
        goOn.countDown();
    }

    @Test
    void tellsAnInlineListenerBeforeItReturnsAndWithoutABound() {
        List<UUID> delivered = new ArrayList<>();
        CountDownLatch goOn = new CountDownLatch(1);
        InteractionListener inline = new InteractionListener() {
            @Override
            public void onInteraction(Interaction interaction) {
                delivered.add(interaction.id());
            }

            @Override
            public boolean inline() {
                return true;
            }
        };
        InteractionQueue queue = new InteractionQueue(List.of(inline, interaction -> awaitQuietly(goOn)), 1);

        List<UUID> added = addSome(queue, 10);

        assertThat(delivered).isEqualTo(added);
        assertThat(queue.dropped()).isGreaterThan(0);
        goOn.countDown();
        assertThat(queue.close(LONG)).isTrue();
    }

    @Test
    void holdsNoThreadWhenNobodyListens() {
        InteractionQueue queue = new InteractionQueue(List.of(), 1);
        assertThat(queue.hasListeners()).isFalse();

        addSome(queue, 3);

        assertThat(queue.dropped()).isZero();
        assertThat(queue.close(LONG)).isTrue();
    }

    private static InteractionQueue queue(int capacity, InteractionListener listener) {
        return new InteractionQueue(List.of(listener), capacity);
    }

    private static List<UUID> addSome(InteractionQueue queue, int count) {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            UUID id = UUID.randomUUID();
            ids.add(id);
            queue.add(new Interaction(
                    id,
                    Instant.EPOCH,
                    CallContext.empty(),
                    false,
                    ChatRequest.builder().messages(UserMessage.from("hi")).build(),
                    null,
                    new Interaction.Failure("java.lang.Error", null),
                    Outcome.FAILED,
                    "",
                    "",
                    null,
                    null,
                    Duration.ZERO,
                    null,
                    List.of(),
                    ""));
        }
        return ids;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private record ThrowingListener(AtomicInteger thrown) implements InteractionListener {
        @Override
        public void onInteraction(Interaction interaction) {
            thrown.incrementAndGet();
            throw new AssertionError("bad listener");
        }
    }
}
