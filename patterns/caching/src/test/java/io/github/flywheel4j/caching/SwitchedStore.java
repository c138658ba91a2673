package io.github.flywheel4j.caching;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import java.util.Collection;
import java.util.List;

/** A store in memory that can be switched off, and then throws. */
final class SwitchedStore extends CarelessStore {

    private final InMemoryEmbeddingStore<TextSegment> store;
    volatile boolean isDown;

    SwitchedStore() {
        this(new InMemoryEmbeddingStore<>());
    }

    private SwitchedStore(InMemoryEmbeddingStore<TextSegment> store) {
        super(store);
        this.store = store;
    }

    @Override
    public void addAll(List<String> ids, List<Embedding> embeddings, List<TextSegment> segments) {
        requireUp();
        super.addAll(ids, embeddings, segments);
    }

    @Override
    public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
        requireUp();
        return store.search(request);
    }

    @Override
    public void removeAll(Collection<String> ids) {
        requireUp();
        super.removeAll(ids);
    }

    /** What it holds, as JSON. */
    String content() {
        return store.serializeToJson();
    }

    private void requireUp() {
        if (isDown) {
            throw new IllegalStateException("scripted: the store is down");
        }
    }
}
