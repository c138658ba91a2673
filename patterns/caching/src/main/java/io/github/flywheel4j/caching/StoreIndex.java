package io.github.flywheel4j.caching;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.CosineSimilarity;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.filter.MetadataFilterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * One partition of the vectors in a store. As thread-safe as the store.
 *
 * <p>The partition goes into the metadata and into the filter of each search, so that the store looks only at its vectors. What
 * a store returns is looked at again: one that ignores filters must not give one tenant's entry to another. The store holds
 * no text of anybody: its segments say the id of the entry.
 *
 * <p>A vector replaces another of its id only after that was removed: ids are new each time, and looking for an old one would
 * cost each addition a request.
 */
final class StoreIndex implements VectorIndex {

    /** The name of the partition in the metadata. */
    static final String PARTITION = "flywheel4j_partition";

    private final StoreVectors vectors;
    private final String partition;

    StoreIndex(StoreVectors vectors, String partition) {
        this.vectors = vectors;
        this.partition = partition;
    }

    @Override
    public void add(UUID id, float[] vector) {
        vectors.settle();
        TextSegment segment = TextSegment.from(id.toString(), Metadata.from(PARTITION, partition));
        // The one way in with both an id of ours and metadata.
        List<String> ids = List.of(id.toString());
        boolean unused = vectors.ask(store -> {
            store.addAll(ids, List.of(Embedding.from(vector.clone())), List.of(segment));
            return true;
        });
    }

    @Override
    public void remove(UUID id) {
        vectors.owe(id);
    }

    @Override
    public List<Neighbour> nearest(float[] vector, int k) {
        if (k < 1) {
            return List.of();
        }
        Embedding asked = Embedding.from(vector.clone());
        EmbeddingSearchRequest request = EmbeddingSearchRequest.builder()
                .queryEmbedding(asked)
                .maxResults(k)
                .filter(MetadataFilterBuilder.metadataKey(PARTITION).isEqualTo(partition))
                .build();
        return vectors.ask(store -> neighbours(asked, store.search(request).matches()));
    }

    private List<Neighbour> neighbours(Embedding asked, List<EmbeddingMatch<TextSegment>> matches) {
        List<Neighbour> neighbours = new ArrayList<>();
        for (EmbeddingMatch<TextSegment> match : matches) {
            TextSegment segment = match.embedded();
            if (segment != null && partition.equals(segment.metadata().getString(PARTITION))) {
                neighbours.add(new Neighbour(UUID.fromString(segment.text()), similarity(asked, match)));
            }
        }
        neighbours.sort((a, b) -> Double.compare(b.similarity(), a.similarity()));
        return neighbours;
    }

    /** Of the vectors where the store returns them: what a score means is the store's business. */
    private static double similarity(Embedding asked, EmbeddingMatch<TextSegment> match) {
        return match.embedding() == null
                ? CosineSimilarity.fromRelevanceScore(match.score())
                : CosineSimilarity.between(asked, match.embedding());
    }
}
