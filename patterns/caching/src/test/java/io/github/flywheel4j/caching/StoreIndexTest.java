package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.github.flywheel4j.caching.VectorIndex.Neighbour;
import io.github.flywheel4j.testkit.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StoreIndexTest {

    private final InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();

    @Test
    void findsReplacesAndRemoves() {
        VectorIndex index = new StoreIndex(store, "a");
        index.add(new UUID(0, 1), new float[] {1, 0});
        index.add(new UUID(0, 2), new float[] {0, 1});
        index.add(new UUID(0, 1), new float[] {0.6f, 0.8f});

        assertThat(index.nearest(new float[] {0, 1}, 5))
                .extracting(Neighbour::id)
                .containsExactly(new UUID(0, 2), new UUID(0, 1));
        assertThat(index.nearest(new float[] {0, 1}, 5).get(1).similarity()).isEqualTo(.8, within(1e-6));

        index.remove(new UUID(0, 2));
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
            new StoreIndex(store, partition).add(id, Vectors.random(random, 8));
            owners.put(id, partition);
        }
        for (int i = 0; i < 200; i++) {
            String partition = "p" + random.nextInt(9);
            assertThat(new StoreIndex(store, partition).nearest(Vectors.random(random, 8), 10))
                    .allSatisfy(each -> assertThat(owners.get(each.id())).isEqualTo(partition));
        }
        // The filter comes before the ranking, so a partition of others' near vectors still gives its own.
        assertThat(new StoreIndex(store, owners.values().iterator().next()).nearest(Vectors.random(random, 8), 3))
                .hasSize(3);
    }

    @Test
    void dropsWhatAStoreThatIgnoresFiltersReturns() {
        VectorIndex index = new StoreIndex(new IgnoresFilters(store), "a");
        new StoreIndex(store, "b").add(new UUID(0, 1), new float[] {1, 0});

        assertThat(index.nearest(new float[] {1, 0}, 5)).isEmpty();
    }

    @Test
    void keepsNoTextOfAnybody() {
        new StoreIndex(store, "a").add(new UUID(0, 1), new float[] {1, 0});

        assertThat(store.serializeToJson()).contains(new UUID(0, 1).toString()).doesNotContain("question");
    }

    private record IgnoresFilters(EmbeddingStore<TextSegment> store) implements EmbeddingStore<TextSegment> {

        @Override
        public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
            List<EmbeddingMatch<TextSegment>> all = store.search(EmbeddingSearchRequest.builder()
                            .queryEmbedding(request.queryEmbedding())
                            .maxResults(100)
                            .build())
                    .matches();
            return new EmbeddingSearchResult<>(all);
        }

        @Override
        public String add(Embedding embedding) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void add(String id, Embedding embedding) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String add(Embedding embedding, TextSegment segment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> addAll(List<Embedding> embeddings) {
            throw new UnsupportedOperationException();
        }
    }
}
