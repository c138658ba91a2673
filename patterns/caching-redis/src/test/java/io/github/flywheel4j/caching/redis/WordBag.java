package io.github.flywheel4j.caching.redis;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import io.github.flywheel4j.caching.SemanticTier;
import java.util.List;
import java.util.Random;

/** An embedding model in which a text with one word more is near. */
final class WordBag implements EmbeddingModel {

    private static final String NAME = "word bag";

    /** A tier that serves what is near from the first call on. */
    static SemanticTier tier() {
        return SemanticTier.builder(new WordBag(), NAME)
                .tolerance(0.5)
                .fixedThreshold(0.75, NAME)
                .random(new Random(3))
                .build();
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        return Response.from(segments.stream()
                .map(segment -> Embedding.from(sum(segment.text().split("\\W+"))))
                .toList());
    }

    private static float[] sum(String[] words) {
        float[] sum = new float[64];
        for (String word : words) {
            Random direction = new Random(word.hashCode());
            for (int i = 0; i < sum.length; i++) {
                sum[i] += (float) direction.nextGaussian();
            }
        }
        return sum;
    }
}
