package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EntriesTest {

    private static final Partition PARTITION = new Partition("p");
    private static final float[] VECTOR = {1, 0};

    /** Finds all it was given; the second vector takes as long as the test wants. */
    private static final class SlowIndex implements VectorIndex {

        private final CellIndex index = new CellIndex();
        private final CountDownLatch adding = new CountDownLatch(1);
        private final CountDownLatch mayEnd = new CountDownLatch(1);

        @Override
        public void add(UUID id, float[] vector) {
            if (!index.nearest(vector, 1).isEmpty()) {
                adding.countDown();
                try {
                    mayEnd.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            index.add(id, vector);
        }

        @Override
        public void remove(UUID id) {
            index.remove(id);
        }

        @Override
        public List<Neighbour> nearest(float[] vector, int k) {
            return index.nearest(vector, k);
        }
    }

    @Test
    void looksUpWhileTheIndexMakesRoom() throws Exception {
        SlowIndex index = new SlowIndex();
        Entries entries = new Entries(10, partition -> index);
        entries.add(entry(1), VECTOR);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            CompletableFuture<Void> adding = CompletableFuture.runAsync(() -> entries.add(entry(2), VECTOR), threads);
            index.adding.await();

            CompletableFuture<List<Entries.Found>> looking =
                    CompletableFuture.supplyAsync(() -> entries.near(PARTITION, VECTOR, "text", 5), threads);
            assertThat(looking.get(30, TimeUnit.SECONDS)).hasSize(1);
            assertThat(adding).isNotDone();

            index.mayEnd.countDown();
            adding.get(30, TimeUnit.SECONDS);
            assertThat(entries.near(PARTITION, VECTOR, "text", 5)).hasSize(2);
        } finally {
            index.mayEnd.countDown();
            threads.shutdownNow();
        }
    }

    @Test
    void keepsThePartitionOfAnEntryThatIsStoredTwice() {
        Entries entries = new Entries(10, partition -> new CellIndex());
        entries.add(entry(1), VECTOR);
        entries.add(entry(1), VECTOR);
        entries.add(entry(2), VECTOR);
        entries.remove(entry(1).id);

        assertThat(entries.near(PARTITION, VECTOR, "text", 5)).hasSize(1);
        assertThat(entries.size()).isEqualTo(1);
    }

    @Test
    void longTextsPushOutWhatIsOlder() {
        Entries entries = new Entries(20, partition -> new CellIndex());
        for (int i = 0; i < 40; i++) {
            entries.add(entry(i, "word ".repeat(200)), VECTOR);
            entries.add(entry(i, "word ".repeat(200)), VECTOR);
        }
        assertThat(entries.size())
                .as("twenty of 400 characters are eight of 1,000")
                .isEqualTo(8);
        for (int i = 0; i < 20; i++) {
            entries.add(entry(100 + i, "word"), VECTOR);
        }
        assertThat(entries.size()).isEqualTo(20);
        for (int i = 0; i < 200; i++) {
            entries.remove(entry(i).id);
        }
        entries.add(entry(1, "word ".repeat(800)), VECTOR);
        assertThat(entries.size()).isEqualTo(1);
    }

    private static Entry entry(int number, String text) {
        return new Entry(new UUID(0, number), PARTITION, text, TextShape.of(text), 0);
    }

    private static Entry entry(int number) {
        return new Entry(new UUID(0, number), PARTITION, "text", TextShape.of("text"), 0);
    }
}
