package io.github.flywheel4j.caching;

import dev.langchain4j.model.embedding.EmbeddingModel;
import io.github.flywheel4j.caching.Lookup.Asked;
import io.github.flywheel4j.caching.Lookup.Candidate;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds an answer that was given to the same question in other words, and serves it only while the share of wrong hits is
 * known to stay below a bound that the user sets.
 *
 * <pre>{@code
 * SemanticTier semantic = SemanticTier.builder(embeddings, "all-minilm-l6-v2-q")
 *         .tolerance(0.02)
 *         .judge(AnswerJudge.exact())
 *         .build();
 * }</pre>
 *
 * <p>A fresh tier serves nothing. It looks up, has the judge compare the answer that it would have served with the one that
 * the model gave, and learns from the verdicts; it begins to serve when the lookups that were judged say that the share of wrong
 * ones among such hits is below the tolerance. {@link #calibrate} shortens that with labelled pairs. A share of the hits is
 * judged for ever, and when these show that the tolerance is passed, the tier falls back to learning.
 *
 * <p>What "wrong" means is the judge's word: the bound is on what it calls different. Verdicts bring no text into the tier; it
 * keeps the stored questions, in memory.
 *
 * <p>A question of more than 4,000 characters is neither embedded nor kept: it is mostly a document, an embedding model reads
 * only its beginning, and it does not come again in other words. The trace says so.
 *
 * <p>Cost of a lookup beyond the embedding: the vector search and some ten microseconds. A verdict now and then fits the
 * model anew, some ten milliseconds on the judge's thread.
 *
 * <p>Thread-safe. The method is that of the decision record {@code 0010-semantic-hits.md}; its starting point is L. Schroeder et
 * al., "vCache: Verified Semantic Prompt Caching", arXiv:2502.03771 (2025).
 */
public final class SemanticTier {

    /** Longer questions are mostly documents, which hardly come again in other words, and they are held in memory. */
    static final int LONGEST_QUESTION = 4_000;

    private final QuestionVectors vectors;
    private final String modelName;
    private final HitVerifier verifier;
    private final @Nullable BackgroundJudge judge;
    private final HitPolicy policy;
    private final Entries entries;
    private final QuestionSearch search;
    private final @Nullable StoreVectors store;
    private final String settings;

    private SemanticTier(Builder builder, double tolerance) {
        this.vectors = new QuestionVectors(builder.model);
        this.modelName = builder.modelName;
        this.verifier = builder.verifier;
        this.judge = builder.judge == null ? null : new BackgroundJudge(builder.judge, builder.judgeExecutor);
        this.policy = new HitPolicy(
                tolerance,
                builder.confidence,
                builder.auditShare,
                builder.exploreShare,
                builder.memory,
                builder.fixedCosine,
                builder.random);
        StoreVectors far = builder.store == null
                ? null
                : new StoreVectors(
                        builder.store, new UUID(builder.random.nextLong(), builder.random.nextLong()), builder.ticker);
        this.store = far;
        this.entries = new Entries(builder.maxEntries, far == null ? partition -> new CellIndex() : far::index);
        this.search = new QuestionSearch(vectors, entries, builder.verifier, policy, tolerance);
        this.settings = builder.describe() + " index=" + (far == null ? "cells" : far.kind());
        if (builder.snapshot != null) {
            LearnedState learned = LearnedState.read(builder.snapshot, modelName);
            policy.restore(learned.state());
            entries.restore(learned.knownWrong());
        }
    }

    /**
     * A builder.
     *
     * @param model embeds the last user turn
     * @param modelName the embedding model's name; what was learned holds for this model alone
     */
    public static Builder builder(EmbeddingModel model, String modelName) {
        return new Builder(model, modelName);
    }

    /** What the tier did so far. */
    public SemanticReport report() {
        return new SemanticReport(
                entries.size(),
                policy.serves(),
                search.hits(),
                search.shadowHits(),
                search.explored(),
                search.vetoes(),
                policy.verdicts(),
                policy.audited(),
                Optional.ofNullable(policy.auditedWrongShare()),
                policy.trips(),
                judge == null ? 0 : judge.withoutVerdict(),
                store == null ? 0 : store.failures());
    }

    /** Everything that changes what the tier does but what it learned, in one line, for the settings of its cache. */
    String settings() {
        return settings;
    }

    /**
     * What was learned, as JSON without any text, for {@link Builder#restore} after a restart, with the pairs of questions that
     * are known not to have the same answer, as digests with their scope and workload: a known wrong hit comes back only if
     * nobody restores it. The stored questions are not in it: whoever stores the answers stores them.
     */
    public String snapshot() {
        return new LearnedState(policy.state(), entries.knownWrong()).toJson(modelName);
    }

    /**
     * Looks a text up. Never throws for a failing embedding model or store: that is a miss, and without an embedding one under
     * which nothing can be stored.
     */
    Lookup lookup(Partition partition, String text) {
        return search.lookup(partition, text);
    }

    /**
     * What is needed to store a text whose answer is made anew, without a lookup that would count as one. Never throws, as
     * {@link #lookup} does not.
     *
     * @param own the entry whose place it takes; null if there is none
     */
    Lookup embed(Partition partition, String text, @Nullable UUID own) {
        return search.embed(partition, text, own);
    }

    /** Stores a text under the entry that holds its answer; a store that fails leaves it out. */
    void put(Partition partition, String text, Lookup lookup, UUID entry) {
        Asked asked = lookup.asked();
        if (asked.vector.length > 0) {
            asked.storedAs = entry;
            try {
                entries.add(new Entry(entry, partition, text, asked.shape, asked.density), asked.vector);
            } catch (StoreFailed e) {
                asked.storedAs = null;
            }
        }
    }

    /** Forgets an entry; nothing happens when there is none. */
    void remove(UUID entry) {
        entries.remove(entry);
    }

    /** Never again serves the answer to one of these questions for the other; see {@link KnownWrong#form}. */
    void knownWrong(KnownWrong.Pair questions) {
        entries.toldWrong(questions);
    }

    /** The pairs that people found wrong, on any node. */
    Collection<KnownWrong.Pair> toldWrong() {
        return entries.toldWrong();
    }

    boolean isKnownWrong(KnownWrong.Pair questions) {
        return entries.isKnownWrong(questions);
    }

    /** Hands both answers to the judge, in the background; nothing happens unless the lookup wants a judgement. */
    void answered(Lookup lookup, String question, String cached, String fresh) {
        if (judge != null && lookup.wantsJudgement()) {
            judge.compare(question, cached, fresh, same -> judged(lookup, same));
        }
    }

    /** Takes a verdict on a lookup's candidate; one without a candidate is of no use. */
    void judged(Lookup lookup, boolean same) {
        Candidate candidate = lookup.candidate();
        if (candidate == null) {
            return;
        }
        if (!same) {
            entries.judgedWrong(candidate.pair(), candidate.entry());
        }
        entries.judged(candidate.entry(), lookup.asked().storedAs, candidate.probability(), same);
        policy.judged(candidate.features(), candidate.decision(), same);
    }

    /**
     * Learns from labelled pairs, before the first call or at any time. The texts are used for learning and not stored.
     *
     * <p>Each pair is taken as a lookup of the first text among all the others, with the second as its candidate. Give pairs
     * of the kind that calls bring; the more the better, a few hundred at least, with as many different ones as in life.
     *
     * <p>Pairs of another kind mislead, and without a verdict nobody can be sure of it. So their share of right ones is not
     * believed above a half; as soon as calls bring candidates that are more alike than the pairs, nothing is served until the
     * judge gave 40 verdicts on calls; from then on these alone say what may be served, and the pairs go on teaching until there
     * are 400. A wrong hit is learned from at once.
     */
    public void calibrate(Collection<LabelledPair> pairs) {
        policy.calibrate(new Calibration(vectors, verifier, QuestionSearch.NEIGHBOURS).lookups(pairs));
    }

    /** Builds semantic tiers. Not thread-safe. */
    public static final class Builder extends SemanticSettings<Builder> {

        private Builder(EmbeddingModel model, String modelName) {
            super(model, modelName);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Builds the tier.
         *
         * @throws IllegalArgumentException if a setting is out of range or the tolerance is missing
         */
        public SemanticTier build() {
            return new SemanticTier(this, checkedTolerance());
        }
    }
}
