package io.github.flywheel4j.caching;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.EmbeddingStore;
import io.github.flywheel4j.caching.Entries.Found;
import io.github.flywheel4j.caching.HitPolicy.Decision;
import io.github.flywheel4j.caching.Lookup.Asked;
import io.github.flywheel4j.caching.Lookup.Candidate;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds an answer that was given to the same question in other words, and serves it only while the share of wrong hits is
 * known to stay below a bound that the user sets.
 *
 * <pre>{@code
 * SemanticTier semantic = SemanticTier.builder(embeddings, "all-minilm-l6-v2-q")
 *     .tolerance(0.02)
 *     .judge(AnswerJudge.exact())
 *     .build();
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
 * <p>Cost of a lookup beyond the embedding: the vector search and some ten microseconds. A verdict now and then fits the
 * model anew, some ten milliseconds on the judge's thread.
 *
 * <p>Thread-safe. The method is that of the decision record {@code 0010-semantic-hits.md}; its starting point is L. Schroeder et
 * al., "vCache: Verified Semantic Prompt Caching", arXiv:2502.03771 (2025).
 */
public final class SemanticTier {

    private static final int NEIGHBOURS = 10;
    private static final int MOST_CANDIDATES = 3;

    private final QuestionVectors vectors;
    private final String modelName;
    private final HitVerifier verifier;
    private final @Nullable BackgroundJudge judge;
    private final HitPolicy policy;
    private final double tolerance;
    private final RareWords words = new RareWords();
    private final LongAdder hits = new LongAdder();
    private final LongAdder shadowHits = new LongAdder();
    private final LongAdder explored = new LongAdder();
    private final Map<Veto.Reason, LongAdder> vetoes = new ConcurrentHashMap<>();
    private final Entries entries;
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
        this.tolerance = tolerance;
        StoreVectors far = builder.store == null
                ? null
                : new StoreVectors(
                        builder.store, new UUID(builder.random.nextLong(), builder.random.nextLong()), builder.ticker);
        this.store = far;
        this.entries = new Entries(builder.maxEntries, far == null ? partition -> new CellIndex() : far::index);
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
        Map<Veto.Reason, Long> refused = new EnumMap<>(Veto.Reason.class);
        vetoes.forEach((reason, count) -> refused.put(reason, count.sum()));
        return new SemanticReport(
                entries.size(),
                policy.serves(),
                hits.sum(),
                shadowHits.sum(),
                explored.sum(),
                refused,
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
     * are known not to have the same answer, as digests: a known wrong hit comes back only if nobody restores it. The stored
     * questions are not in it: whoever stores the answers stores them.
     */
    public String snapshot() {
        return new LearnedState(policy.state(), entries.knownWrong()).toJson(modelName);
    }

    /**
     * Looks a text up. Never throws for a failing embedding model or store: that is a miss, and without an embedding one under
     * which nothing can be stored.
     */
    Lookup lookup(Partition partition, String text) {
        float[] vector = vectors.of(text);
        TextShape shape = TextShape.of(text);
        if (vector.length == 0) {
            return new Lookup.Miss(new Asked(vector, shape, 0));
        }
        words.add(shape);
        List<Found> found;
        try {
            found = entries.near(partition, vector, text, NEIGHBOURS);
        } catch (StoreFailed e) {
            return new Lookup.Miss(new Asked(vector, shape, 0));
        }
        double density = PairContext.density(
                found.stream().map(f -> f.near().similarity()).toList());
        Asked asked = new Asked(vector, shape, density);
        Lookup refused = new Lookup.Miss(asked);
        int tried = 0;
        for (int i = 0; i < found.size() && tried < MOST_CANDIDATES; i++) {
            Found candidate = found.get(i);
            if (candidate.knownWrong()) {
                refused = refused instanceof Lookup.Miss ? vetoed(asked, candidate, Veto.Reason.KNOWN_WRONG) : refused;
                continue;
            }
            tried++;
            Optional<Veto> veto = verifier.verify(text, candidate.entry().text);
            if (veto.isEmpty()) {
                return decided(asked, found, i, refused);
            }
            if (tried == 1 && refused instanceof Lookup.Miss) {
                refused = vetoed(asked, candidate, veto.get().reason());
            }
        }
        return refused;
    }

    private Lookup vetoed(Asked asked, Found candidate, Veto.Reason reason) {
        vetoes.computeIfAbsent(reason, r -> new LongAdder()).increment();
        return new Lookup.Vetoed(asked, reason, candidate.near().similarity(), candidate.entry().id);
    }

    /** What is decided of a candidate; where it is not worth a word, what there was before it. */
    private Lookup decided(Asked asked, List<Found> found, int i, Lookup otherwise) {
        double[] features = PairContext.features(
                asked.shape, i, found.stream().map(Found::near).toList(), words);
        Decision decision = policy.decide(features);
        Found near = found.get(i);
        UUID entry = near.entry().id;
        Candidate candidate = new Candidate(entry, near.near().similarity(), features, decision, near.pair());
        switch (decision.action()) {
            case SERVE -> {
                entries.used(entry);
                hits.increment();
                return new Lookup.Hit(asked, candidate);
            }
            case EXPLORE -> {
                explored.increment();
                return new Lookup.Explore(asked, candidate);
            }
            case SHADOW -> {
                if (decision.probability() >= 1 - tolerance) {
                    shadowHits.increment();
                }
                if (decision.judge()) {
                    explored.increment();
                }
                return new Lookup.Shadow(asked, candidate);
            }
            case PASS -> {
                return otherwise;
            }
        }
        throw new AssertionError(decision.action());
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

    /** Never again serves this entry for this text, also when the text is re-worded in case or white space. */
    void knownWrong(String text, UUID entry) {
        entries.knownWrong(text, entry);
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
            entries.knownWrong(candidate.pair(), candidate.entry());
        }
        entries.judged(candidate.entry(), lookup.asked().storedAs, candidate.probability(), same);
        policy.judged(candidate.features(), candidate.decision(), same);
    }

    /**
     * Learns from labelled pairs, before the first call or at any time. The texts are used for learning and not stored.
     *
     * <p>Each pair is taken as a lookup of the first text among all the others, with the second as its candidate. Give pairs
     * of the kind that calls bring; the more the better, a few hundred at least, with as many different ones as in life.
     */
    public void calibrate(Collection<LabelledPair> pairs) {
        policy.calibrate(new Calibration(vectors, verifier, NEIGHBOURS).lookups(pairs));
    }

    /** Builds semantic tiers. Not thread-safe. */
    public static final class Builder {

        private static final int DEFAULT_ENTRIES = 100_000;

        private final EmbeddingModel model;
        private final String modelName;
        private @Nullable Double tolerance;
        private double confidence = HitPolicy.CONFIDENCE;
        private double auditShare = 0.1;
        private double exploreShare = 1;
        private int memory = 5_000;
        private int maxEntries = DEFAULT_ENTRIES;
        private HitVerifier verifier = HitVerifier.english();
        private @Nullable AnswerJudge judge;
        private @Nullable Executor judgeExecutor;
        private double fixedCosine = Double.NaN;
        private @Nullable String fixedFor;
        private @Nullable String snapshot;
        private @Nullable EmbeddingStore<TextSegment> store;
        private LongSupplier ticker = System::nanoTime;
        private RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

        private Builder(EmbeddingModel model, String modelName) {
            this.model = model;
            this.modelName = modelName;
        }

        /** The tolerated share of wrong answers among the hits, between 0 and 1, for example 0.02. Required. */
        public Builder tolerance(double tolerance) {
            this.tolerance = tolerance;
            return this;
        }

        /**
         * How sure it must be that no more hits are wrong than the model, corrected by the audits, expects; between 0.5 and 1,
         * 0.95 unless told. Lower means more hits, and more files on which the share of wrong ones is a little above the
         * tolerance.
         */
        public Builder confidence(double confidence) {
            this.confidence = confidence;
            return this;
        }

        /**
         * Refuses candidates by what the texts say, before anything is served or judged; {@link HitVerifier#english()} unless told.
         */
        public Builder verifier(HitVerifier verifier) {
            this.verifier = Objects.requireNonNull(verifier, "verifier");
            return this;
        }

        /** Compares answers; without one the tier learns from {@link SemanticTier#calibrate} alone. */
        public Builder judge(AnswerJudge judge) {
            this.judge = Objects.requireNonNull(judge, "judge");
            return this;
        }

        /** Where the judge runs; two daemon threads with a bounded queue unless told. Verdicts that it refuses are left out. */
        public Builder judgeExecutor(Executor executor) {
            this.judgeExecutor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * The share of hits that is judged for ever, above 0 to 1; 0.1 unless told. Of the first hits more are. An audited hit
         * costs a call of the model and of the judge, in the background.
         */
        public Builder auditShare(double share) {
            this.auditShare = share;
            return this;
        }

        /**
         * The share of misses near an entry that is judged, 0 to 1; 1 unless told, because it costs no call of the model, only
         * the judge's.
         */
        public Builder exploreShare(double share) {
            this.exploreShare = share;
            return this;
        }

        /** How many of the newest verdicts are learned from; 5,000 unless told. */
        public Builder memory(int verdicts) {
            this.memory = verdicts;
            return this;
        }

        /** Most texts in memory over all partitions; 100,000 unless told. The least recently stored or served go first. */
        public Builder maxEntries(int entries) {
            this.maxEntries = entries;
            return this;
        }

        /**
         * Serves from this cosine on, from the first call, instead of learning which hits are right. The audits and the breaker go
         * on. A cosine says nothing without the model that it was found for: .9 of one model is .7 of another.
         *
         * @param cosine between 0 and 1
         * @param foundFor the name of the embedding model, equal to the builder's
         */
        public Builder fixedThreshold(double cosine, String foundFor) {
            this.fixedCosine = cosine;
            this.fixedFor = foundFor;
            return this;
        }

        /** Goes on with what an earlier tier learned, see {@link SemanticTier#snapshot}; of the same embedding model alone. */
        public Builder restore(String snapshot) {
            this.snapshot = Objects.requireNonNull(snapshot, "snapshot");
            return this;
        }

        /**
         * Keeps the vectors in a store, for more of them than memory holds; unless told they are in memory, in an index of the
         * tier's own. The questions stay in memory, and no text goes into the store.
         *
         * <p>The store must know ids, filters of metadata on equality, and removal by ids. Its client needs a timeout: a lookup
         * waits for it. While it fails, lookups are misses ({@link SemanticReport#storeFailures}); after three failures in a row
         * it is left alone for ten seconds at a time. A tier finds only what it added itself: what an earlier run left
         * there is never served, and is of no use. Take a collection that holds nothing else and empty it at the start.
         */
        public Builder store(EmbeddingStore<TextSegment> store) {
            this.store = Objects.requireNonNull(store, "store");
            return this;
        }

        /** Nanoseconds on a clock that never jumps, for how long a failing store is left alone; the system's unless told. */
        public Builder ticker(LongSupplier nanoTime) {
            this.ticker = Objects.requireNonNull(nanoTime, "nanoTime");
            return this;
        }

        /**
         * The source of chance for audits and exploration; need not be unpredictable. Tiers that share a store need different
         * seeds, because it also tells them apart there.
         */
        public Builder random(RandomGenerator random) {
            this.random = Objects.requireNonNull(random, "random");
            return this;
        }

        /**
         * Builds the tier.
         *
         * @throws IllegalArgumentException if a setting is out of range or the tolerance is missing
         */
        public SemanticTier build() {
            Checks.require(
                    "model", model, "the embedding model of the questions; without one there is only the exact tier");
            Checks.requireName(
                    "modelName", modelName, "the embedding model's name; what is learned holds for it alone");
            if (tolerance == null) {
                throw new IllegalArgumentException(
                        "tolerance: none (expected: the tolerated share of wrong hits between 0"
                                + " and 1, such as 0.02; there is no default because nobody else can know it)");
            }
            Checks.requireWithin("tolerance", tolerance, "the tolerated share of wrong hits, such as 0.02");
            if (!(confidence > 0.5 && confidence < 1)) {
                throw new IllegalArgumentException(
                        "confidence: " + confidence + " (expected: between 0.5 and 1; a half is a guess)");
            }
            if (!(auditShare > 0 && auditShare <= 1)) {
                throw new IllegalArgumentException(
                        "auditShare: " + auditShare
                                + " (expected: above 0, at most 1; without audits nobody would see that hits have become wrong)");
            }
            Checks.requireShare("exploreShare", exploreShare);
            if (memory < 100) {
                throw new IllegalArgumentException("memory: " + memory + " (expected: at least 100 verdicts)");
            }
            Checks.requirePositive("maxEntries", maxEntries);
            if (!Double.isNaN(fixedCosine) || fixedFor != null) {
                requireThresholdOfThisModel();
            }
            return new SemanticTier(this, tolerance);
        }

        private void requireThresholdOfThisModel() {
            Checks.requireName(
                    "foundFor",
                    fixedFor,
                    "the name of the embedding model that the threshold " + fixedCosine
                            + " was found for; .9 of one model is .7 of another");
            Checks.requireWithin("fixedThreshold", fixedCosine, "the lowest cosine that is served");
            if (!modelName.equals(fixedFor)) {
                throw new IllegalArgumentException("fixedThreshold: " + fixedCosine + " found for '" + fixedFor
                        + "' (expected: one found for '" + modelName + "', the embedding model; measure it anew)");
            }
        }

        private String describe() {
            return "model=" + modelName + " tolerance=" + tolerance + " confidence=" + confidence + " auditShare="
                    + auditShare + " exploreShare=" + exploreShare + " memory=" + memory
                    + (Double.isNaN(fixedCosine) ? "" : " fixedThreshold=" + fixedCosine) + " verifier="
                    + verifier.name() + " judge=" + (judge == null ? "none" : judge.name());
        }
    }
}
