package io.github.flywheel4j.caching;

import dev.langchain4j.model.embedding.EmbeddingModel;
import java.util.Collection;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds an answer that was given to the same question in other words, and serves it only while the share of wrong hits is
 * known to stay below a bound that the user sets.
 *
 * <p>SIGNATURES ARE SETTLED, THE BODIES FOLLOW (policy under construction on this branch).
 *
 * <p>How {@code ResponseCache} calls it:
 *
 * <ol>
 *   <li>{@code lookup(partition, text)} after the exact tier missed. Never throws for a failing embedding model: that is a Miss.
 *   <li>Hit: serve the entry's answer. If {@code hit.wantsJudgement()}: ask the model in the background and hand both answers
 *       to {@code answered}. If the entry is gone from the store: {@code remove(entry)} and treat as a miss.
 *   <li>Anything else: ask the model; once the answer is vetted call {@code put(partition, text, lookup, id)}; if
 *       {@code lookup.wantsJudgement()} and the candidate's answer is still stored, call
 *       {@code answered(lookup, question, cachedText, freshText)}, which judges in the background.
 *   <li>{@code remove(id)} on expiry, eviction, invalidation. {@code knownWrong(text, id)} on negative feedback on a hit.
 * </ol>
 */
public final class SemanticTier {

    private SemanticTier(Builder builder) {}

    /**
     * A builder.
     *
     * @param model embeds the last user turn
     * @param modelName the embedding model's name; what was learned holds for this model alone
     */
    public static Builder builder(EmbeddingModel model, String modelName) {
        return new Builder(model, modelName);
    }

    Lookup lookup(Partition partition, String text) {
        throw new UnsupportedOperationException();
    }

    void put(Partition partition, String text, Lookup lookup, UUID entry) {
        throw new UnsupportedOperationException();
    }

    void remove(UUID entry) {
        throw new UnsupportedOperationException();
    }

    void knownWrong(String text, UUID entry) {
        throw new UnsupportedOperationException();
    }

    /** Hands both answers to the judge, in the background; nothing happens unless the lookup wants a judgement. */
    void answered(Lookup lookup, String question, String cached, String fresh) {
        throw new UnsupportedOperationException();
    }

    /** Takes a verdict from elsewhere (a person, feedback). */
    void judged(Lookup lookup, boolean same) {
        throw new UnsupportedOperationException();
    }

    /** Learns from labelled pairs, at any time, also before the first call. */
    public void calibrate(Collection<LabelledPair> pairs) {
        throw new UnsupportedOperationException();
    }

    /** Builds semantic tiers. Not thread-safe. */
    public static final class Builder {
        private final EmbeddingModel model;
        private final String modelName;
        private @Nullable Double tolerance;

        private Builder(EmbeddingModel model, String modelName) {
            this.model = Objects.requireNonNull(model, "model");
            this.modelName = Objects.requireNonNull(modelName, "modelName");
        }

        /** The tolerated share of wrong answers among the hits, 0 to 1, required. */
        public Builder tolerance(double tolerance) {
            this.tolerance = tolerance;
            return this;
        }

        /** Refuses candidates by what the texts say. */
        // public Builder verifier(HitVerifier verifier)

        /** Compares answers; without one the tier learns from calibrate(...) and judged verdicts alone. */
        public Builder judge(AnswerJudge judge) {
            return this;
        }

        /** Where the judge runs; a small pool of daemon threads unless told. */
        public Builder judgeExecutor(Executor executor) {
            return this;
        }

        /** The share of hits that is judged for ever. */
        public Builder auditShare(double share) {
            return this;
        }

        /** The share of near misses that is judged. */
        public Builder exploreShare(double share) {
            return this;
        }

        /** Most entries over all partitions. */
        public Builder maxEntries(int entries) {
            return this;
        }

        /** The source of chance for audits and exploration. */
        public Builder random(RandomGenerator random) {
            return this;
        }

        /** Builds it. */
        public SemanticTier build() {
            return new SemanticTier(this);
        }
    }
}
