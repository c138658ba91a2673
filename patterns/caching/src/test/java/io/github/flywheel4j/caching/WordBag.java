package io.github.flywheel4j.caching;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** An embedding model for tests: a text is the sum of its words, and each word points somewhere of its own. */
final class WordBag implements EmbeddingModel {

    private static final int DIMENSION = 64;

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        return Response.from(segments.stream().map(WordBag::vector).toList());
    }

    private static Embedding vector(TextSegment segment) {
        float[] sum = new float[DIMENSION];
        for (String word : segment.text().toLowerCase(Locale.ROOT).split("\\W+")) {
            Random direction = new Random(word.hashCode());
            for (int i = 0; i < DIMENSION; i++) {
                sum[i] += (float) direction.nextGaussian();
            }
        }
        return Embedding.from(sum);
    }
}
