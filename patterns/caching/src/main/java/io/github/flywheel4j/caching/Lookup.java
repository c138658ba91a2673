package io.github.flywheel4j.caching;

import java.util.UUID;

/**
 * What the semantic tier says of a text. Only a {@link Hit} may be served; each carries the text's embedding, so that
 * storing the answer does not embed again.
 */
sealed interface Lookup {

    /** The text's vector of length 1; empty when the embedding model failed, and then nothing can be stored under it. */
    float[] embedding();

    /**
     * Whether the fresh answer should be compared with the candidate's cached one (see {@link SemanticTier#answered}). For a
     * hit this means asking the model in the background, after the hit was served.
     */
    default boolean wantsJudgement() {
        return false;
    }

    /** An entry that was considered, and what was known of the pair at that moment. */
    record Candidate(UUID entry, double similarity, double probability, double[] features) {}

    /** Nothing near enough. */
    record Miss(float[] embedding) implements Lookup {}

    /** Something near enough, which the verifier refused; {@code reason} is its code, never a text. */
    record Vetoed(float[] embedding, String reason, Candidate candidate) implements Lookup {}

    /**
     * Something that would have been served, had the tier learned enough or were its breaker closed. The model is asked.
     */
    record Shadow(float[] embedding, Candidate candidate, boolean wantsJudgement) implements Lookup {}

    /** Something that may be right; the model is asked and the answers are compared. */
    record Explore(float[] embedding, Candidate candidate) implements Lookup {
        @Override
        public boolean wantsJudgement() {
            return true;
        }
    }

    /** To be served; {@code wantsJudgement} marks an audit. */
    record Hit(float[] embedding, Candidate candidate, boolean wantsJudgement) implements Lookup {}
}
