package io.github.flywheel4j.benchmarks.caching;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Embeds each text once, so that all policies of a run see the same vectors and none pays for them. Not thread-safe. */
final class RememberedEmbeddings implements EmbeddingModel {

    static final String MINI_LM = "all-minilm-l6-v2-q";

    private final EmbeddingModel model;
    private final Map<String, Embedding> known = new HashMap<>();

    RememberedEmbeddings(EmbeddingModel model) {
        this.model = model;
    }

    /** Those of the model that the benches ask. */
    static RememberedEmbeddings miniLm() {
        return new RememberedEmbeddings(new AllMiniLmL6V2QuantizedEmbeddingModel());
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        return Response.from(segments.stream()
                .map(segment -> known.computeIfAbsent(
                        segment.text(), text -> model.embed(text).content()))
                .toList());
    }

    /** A text without a word, which models refuse, has no direction: it is like nothing. */
    @Override
    public Response<Embedding> embed(String text) {
        if (text.isBlank()) {
            return Response.from(Embedding.from(new float[model.dimension()]));
        }
        return EmbeddingModel.super.embed(text);
    }

    /** The vector of a text, brought to length 1. */
    float[] unit(String text) {
        float[] vector = embed(text).content().vector().clone();
        double length = Math.sqrt(Vectors.dot(vector, vector));
        for (int i = 0; length > 0 && i < vector.length; i++) {
            vector[i] /= (float) length;
        }
        return vector;
    }
}
