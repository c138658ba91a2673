package io.github.flywheel4j.caching;

import dev.langchain4j.model.embedding.EmbeddingModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns questions into vectors of length 1. */
record QuestionVectors(EmbeddingModel model) {

    private static final Logger LOG = LoggerFactory.getLogger(QuestionVectors.class);

    private static final float[] NONE = {};

    /** The vector of a text; empty if the model failed, was interrupted, or gave the text no direction. Never throws. */
    float[] of(String text) {
        float[] vector;
        try {
            vector = model.embed(text).content().vector().clone();
        } catch (RuntimeException e) {
            if (Interrupted.by(e)) {
                return NONE; // that says nothing about the model, and the call ends where it waits next
            }
            // Without the exception: its message may quote the text.
            LOG.warn(
                    "embedding a question threw {}; the semantic tier has no answer for it",
                    e.getClass().getName());
            return NONE;
        }
        double length = Math.sqrt(ExactScan.dot(vector, vector));
        if (!(length > 0)) {
            return NONE;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) length;
        }
        return vector;
    }
}
