package io.github.flywheel4j.caching;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import java.util.Collection;
import java.util.List;

/** A store that passes on what it can, but no filter. */
class CarelessStore implements EmbeddingStore<TextSegment> {

    private final EmbeddingStore<TextSegment> store;

    CarelessStore(EmbeddingStore<TextSegment> store) {
        this.store = store;
    }

    @Override
    public void removeAll(Collection<String> ids) {
        store.removeAll(ids);
    }

    @Override
    public void addAll(List<String> ids, List<Embedding> embeddings, List<TextSegment> segments) {
        store.addAll(ids, embeddings, segments);
    }

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
