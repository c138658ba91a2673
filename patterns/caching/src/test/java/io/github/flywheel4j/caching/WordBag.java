package io.github.flywheel4j.caching;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/** An embedding model for tests: a text is the sum of its words, and each word points somewhere of its own. */
final class WordBag implements EmbeddingModel {

    private static final int DIMENSION = 64;

    private final Consumer<String> first;

    WordBag() {
        this(text -> {});
    }

    /** Does something with each text before it is embedded. */
    WordBag(Consumer<String> first) {
        this.first = first;
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        segments.forEach(segment -> first.accept(segment.text()));
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
