package io.github.flywheel4j.caching;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.CosineSimilarity;
import io.github.flywheel4j.text.TextFacts;

/** Compares the directions of two answers, and the facts that no direction shows. */
record EmbeddingJudge(EmbeddingModel model, String modelName, double threshold) implements AnswerJudge {

    EmbeddingJudge {
        Checks.require("model", model, "an embedding model that embeds the answers");
        Checks.requireName(
                "modelName",
                modelName,
                "the name of the embedding model that the threshold was found for: .9 of one model is .7 of another");
        Checks.requireWithin("threshold", threshold, "the lowest cosine of two answers that say the same");
    }

    @Override
    public Verdict compare(String question, String cached, String fresh) {
        // First what costs nothing.
        if (TextFacts.of(cached).difference(TextFacts.of(fresh)).isPresent()) {
            return Verdict.DIFFERENT;
        }
        Embedding one = model.embed(cached).content();
        Embedding other = model.embed(fresh).content();
        if (hasNoDirection(one) || hasNoDirection(other)) {
            return Verdict.UNSURE;
        }
        return CosineSimilarity.between(one, other) >= threshold ? Verdict.SAME : Verdict.DIFFERENT;
    }

    private static boolean hasNoDirection(Embedding embedding) {
        for (float coordinate : embedding.vector()) {
            if (coordinate != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String name() {
        return "embedding " + modelName + " >= " + threshold;
    }
}
