package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.github.flywheel4j.caching.VectorIndex.Neighbour;
import io.github.flywheel4j.testkit.Seeds;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StoreIndexTest {

    private final InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();

    @Test
    void findsReplacesAndRemoves() {
        VectorIndex index = index(store, "a");
        index.add(new UUID(0, 1), new float[] {1, 0});
        index.add(new UUID(0, 2), new float[] {0, 1});
        index.remove(new UUID(0, 1));
        index.add(new UUID(0, 1), new float[] {0.6f, 0.8f});

        assertThat(index.nearest(new float[] {0, 1}, 5))
                .extracting(Neighbour::id)
                .containsExactly(new UUID(0, 2), new UUID(0, 1));
        assertThat(index.nearest(new float[] {0, 1}, 5).get(1).similarity()).isEqualTo(.8, within(1e-6));

        index.remove(new UUID(0, 2));
        index.remove(new UUID(0, 1));
        index.add(new UUID(0, 1), new float[] {0.6f, 0.8f});
        assertThat(index.nearest(new float[] {0, 1}, 5))
                .extracting(Neighbour::id)
                .containsExactly(new UUID(0, 1));
    }

    @Test
    void neverReturnsWhatBelongsToAnotherPartition() {
        Random random = Seeds.named("store partitions").random();
        Map<UUID, String> owners = new HashMap<>();
        for (int i = 0; i < 400; i++) {
            String partition = "p" + random.nextInt(8);
            UUID id = new UUID(random.nextLong(), i);
            index(store, partition).add(id, Vectors.random(random, 8));
            owners.put(id, partition);
        }
        for (int i = 0; i < 200; i++) {
            String partition = "p" + random.nextInt(9);
            assertThat(index(store, partition).nearest(Vectors.random(random, 8), 10))
                    .allSatisfy(each -> assertThat(owners.get(each.id())).isEqualTo(partition));
        }
        // The filter comes before the ranking, so a partition of others' near vectors still gives its own.
        assertThat(index(store, owners.values().iterator().next()).nearest(Vectors.random(random, 8), 3))
                .hasSize(3);
    }

    @Test
    void dropsWhatAStoreThatCarelessStoreReturns() {
        VectorIndex index = index(new CarelessStore(store), "a");
        index(store, "b").add(new UUID(0, 1), new float[] {1, 0});

        assertThat(index.nearest(new float[] {1, 0}, 5)).isEmpty();
    }

    @Test
    void keepsNoTextOfAnybody() {
        index(store, "a").add(new UUID(0, 1), new float[] {1, 0});

        assertThat(store.serializeToJson()).contains(new UUID(0, 1).toString()).doesNotContain("question");
    }

    @Test
    void findsNothingOfAnotherTierThatUsesTheSameStore() {
        index(store, "a").add(new UUID(0, 1), new float[] {1, 0});
        VectorIndex other = new StoreVectors(store, new UUID(7, 7), System::nanoTime).index(new Partition("a"));

        assertThat(other.nearest(new float[] {1, 0}, 5)).isEmpty();
    }

    @Test
    void leavesAStoreThatFailsAloneAndTriesItAgain() {
        AtomicLong now = new AtomicLong();
        AtomicInteger asked = new AtomicInteger();
        EmbeddingStore<TextSegment> broken = new CarelessStore(store) {
            @Override
            public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
                if (asked.incrementAndGet() <= 4) {
                    throw new IllegalStateException("scripted");
                }
                return super.search(request);
            }
        };
        StoreVectors vectors = new StoreVectors(broken, new UUID(0, 0), now::get);
        VectorIndex index = vectors.index(new Partition("a"));
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> index.nearest(new float[] {1, 0}, 1)).isInstanceOf(StoreFailed.class);
        }
        assertThat(asked).as("then it is left alone").hasValue(3);
        assertThat(vectors.failures()).isEqualTo(10);

        now.addAndGet(Duration.ofSeconds(11).toNanos());
        assertThatThrownBy(() -> index.nearest(new float[] {1, 0}, 1)).isInstanceOf(StoreFailed.class);
        assertThatThrownBy(() -> index.nearest(new float[] {1, 0}, 1)).isInstanceOf(StoreFailed.class);
        assertThat(asked).as("one try, which failed").hasValue(4);

        now.addAndGet(Duration.ofSeconds(11).toNanos());
        assertThat(index.nearest(new float[] {1, 0}, 1)).isEmpty();
        assertThat(index.nearest(new float[] {1, 0}, 1)).isEmpty();
        assertThat(asked).hasValue(6);
    }

    @Test
    void aCallThatWasInterruptedSaysNothingAboutTheStore() {
        EmbeddingStore<TextSegment> interrupted = new CarelessStore(store) {
            @Override
            public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("scripted");
            }
        };
        AtomicInteger asked = new AtomicInteger();
        StoreVectors vectors = new StoreVectors(interrupted, new UUID(0, 0), System::nanoTime);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> vectors.index(new Partition("a")).nearest(new float[] {1, 0}, 1))
                    .isInstanceOf(StoreFailed.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        vectors.ask(to -> asked.incrementAndGet());
        assertThat(asked).hasValue(1);
    }

    @Test
    void removesLaterWhatAStoreDoesNotRemoveNow() {
        AtomicBoolean down = new AtomicBoolean(true);
        EmbeddingStore<TextSegment> stubborn = new CarelessStore(store) {
            @Override
            public void removeAll(Collection<String> ids) {
                if (down.get()) {
                    throw new IllegalStateException("scripted");
                }
                super.removeAll(ids);
            }
        };
        VectorIndex index = index(stubborn, "a");
        index.add(new UUID(0, 1), new float[] {1, 0});
        index.remove(new UUID(0, 1));
        index.add(new UUID(0, 2), new float[] {0, 1});
        assertThat(index.nearest(new float[] {1, 0}, 5)).hasSize(2);
        down.set(false);
        index.add(new UUID(0, 3), new float[] {0, 1});

        assertThat(index.nearest(new float[] {1, 0}, 5))
                .extracting(Neighbour::id)
                .containsExactlyInAnyOrder(new UUID(0, 2), new UUID(0, 3));
    }

    private static VectorIndex index(EmbeddingStore<TextSegment> store, String partition) {
        return new StoreVectors(store, new UUID(0, 0), System::nanoTime).index(new Partition(partition));
    }
}
