package io.github.flywheel4j.caching;

import io.github.flywheel4j.caching.HitPolicy.Decision;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the semantic tier says of a text. Only a {@link Hit} may be served; each carries the text's embedding, so that
 * storing the answer does not embed again.
 */
sealed interface Lookup {

    /** What the tier made of the text. */
    Asked asked();

    /** The text's vector of length 1; empty when the embedding model failed, and then nothing can be stored under it. */
    default float[] embedding() {
        return asked().vector;
    }

    /** The entry that was considered; null where there was none. */
    default @Nullable Candidate candidate() {
        return null;
    }

    /**
     * Whether the fresh answer should be compared with the candidate's cached one (see {@link SemanticTier#answered}). For a
     * hit this means asking the model in the background, after the hit was served.
     */
    default boolean wantsJudgement() {
        return false;
    }

    /** A text as it was looked up. The entry it was stored as, if it was, is set once. */
    final class Asked {
        final float[] vector;
        final TextShape shape;
        final double density;
        volatile @Nullable UUID storedAs;

        Asked(float[] vector, TextShape shape, double density) {
            this.vector = vector;
            this.shape = shape;
            this.density = density;
        }
    }

    /** An entry that was considered, and what was known of the pair at that moment. */
    final class Candidate {
        private final UUID entry;
        private final double similarity;
        private final double[] features;
        private final Decision decision;
        private final KnownWrong.Pair pair;

        Candidate(UUID entry, double similarity, double[] features, Decision decision, KnownWrong.Pair pair) {
            this.pair = pair;
            this.entry = entry;
            this.similarity = similarity;
            this.features = features;
            this.decision = decision;
        }

        UUID entry() {
            return entry;
        }

        double similarity() {
            return similarity;
        }

        /** Never changed. */
        double[] features() {
            return features;
        }

        Decision decision() {
            return decision;
        }

        /** The text and the entry's. */
        KnownWrong.Pair pair() {
            return pair;
        }

        double probability() {
            return decision.probability();
        }
    }

    /** Nothing that could be right. */
    record Miss(Asked asked) implements Lookup {}

    /** Something near, which the verifier refused, or which was found wrong before. */
    record Vetoed(Asked asked, Veto.Reason reason, double similarity, UUID entry) implements Lookup {}

    /** Something that might have been served, had the tier learned enough or were its breaker closed. The model is asked. */
    record Shadow(Asked asked, Candidate candidate) implements Lookup {
        @Override
        public boolean wantsJudgement() {
            return candidate.decision.judge();
        }
    }

    /** Something that may be right; the model is asked and the answers are compared. */
    record Explore(Asked asked, Candidate candidate) implements Lookup {
        @Override
        public boolean wantsJudgement() {
            return true;
        }
    }

    /** To be served; it wants a judgement when it is audited. */
    record Hit(Asked asked, Candidate candidate) implements Lookup {
        @Override
        public boolean wantsJudgement() {
            return candidate.decision.judge();
        }
    }
}
