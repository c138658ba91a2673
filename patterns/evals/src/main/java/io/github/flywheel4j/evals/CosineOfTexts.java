package io.github.flywheel4j.evals;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.CosineSimilarity;

/** How close two texts are by their embeddings. */
record CosineOfTexts(EmbeddingModel model) implements Scorers.Likeness {

    @Override
    public double of(String a, String b) {
        return CosineSimilarity.between(model.embed(a).content(), model.embed(b).content());
    }
}
