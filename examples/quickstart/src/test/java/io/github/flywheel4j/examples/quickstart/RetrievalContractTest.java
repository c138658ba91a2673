package io.github.flywheel4j.examples.quickstart;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.testkit.ChatLayerContract;
import java.util.List;

class RetrievalContractTest extends ChatLayerContract {

    @Override
    protected ChatLayer layer() {
        Passage fits = new Passage("a.md", "A", "Every country has a capital, whatever we call it.");
        return new Retrieval(new PassageIndex(List.of(fits), new OneMeaning()));
    }

    /** Finds all texts alike, and costs nothing. */
    private static final class OneMeaning implements EmbeddingModel {

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> texts) {
            return Response.from(texts.stream()
                    .map(text -> Embedding.from(new float[] {1, 0}))
                    .toList());
        }
    }
}
