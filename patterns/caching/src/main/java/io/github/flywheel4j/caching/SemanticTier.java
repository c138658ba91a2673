package io.github.flywheel4j.caching;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.github.flywheel4j.caching.AnswerJudge.Verdict;
import io.github.flywheel4j.caching.Entries.Found;
import io.github.flywheel4j.caching.HitPolicy.Decision;
import io.github.flywheel4j.caching.Lookup.Asked;
import io.github.flywheel4j.caching.Lookup.Candidate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(SemanticTier.class);

    private static final int NEIGHBOURS = 10;
    private static final int MOST_CANDIDATES = 3;
    private static final int QUEUE = 1_000;

    private final EmbeddingModel model;
    private final String modelName;
    private final HitVerifier verifier;
    private final @Nullable AnswerJudge judge;
    private final Executor judgeExecutor;
    private final HitPolicy policy;
    private final double tolerance;
    private final RareWords words = new RareWords();
    private final LongAdder hits = new LongAdder();
    private final LongAdder shadowHits = new LongAdder();
    private final LongAdder explored = new LongAdder();
    private final Map<Veto.Reason, LongAdder> vetoes = new ConcurrentHashMap<>();
    private final Entries entries;

    private SemanticTier(Builder builder, double tolerance) {
        this.model = builder.model;
        this.modelName = builder.modelName;
        this.verifier = builder.verifier;
        this.judge = builder.judge;
        this.judgeExecutor = builder.judgeExecutor == null ? backgroundThreads() : builder.judgeExecutor;
        this.policy = new HitPolicy(
                tolerance,
                builder.confidence,
                builder.auditShare,
                builder.exploreShare,
                builder.memory,
                builder.fixedCosine,
                builder.random);
        this.tolerance = tolerance;
        this.entries = new Entries(builder.maxEntries, CellIndex::new);
        if (builder.snapshot != null) {
            policy.restore(LearnedState.read(builder.snapshot, modelName));
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
                policy.trips());
    }

    /**
     * What was learned, as JSON without any text, for {@link Builder#restore} after a restart. The stored questions are not in it:
     * whoever stores the answers stores them.
     */
    public String snapshot() {
        return LearnedState.write(policy.state(), modelName);
    }

    /** Looks a text up. Never throws for a failing embedding model: that is a miss under which nothing can be stored. */
    Lookup lookup(Partition partition, String text) {
        float[] vector = embed(text);
        TextShape shape = TextShape.of(text);
        if (vector.length == 0) {
            return new Lookup.Miss(new Asked(vector, shape, 0));
        }
        words.add(shape);
        List<Found> found = entries.near(partition, vector, text, NEIGHBOURS);
        double density = PairContext.density(
                found.stream().map(f -> f.near().similarity()).toList());
        Asked asked = new Asked(vector, shape, density);
        Lookup refused = new Lookup.Miss(asked);
        int tried = 0;
        for (int i = 0; i < found.size() && tried < MOST_CANDIDATES; i++) {
            Found candidate = found.get(i);
            if (candidate.knownWrong()) {
                continue;
            }
            tried++;
            Optional<Veto> veto = verifier.verify(text, candidate.entry().text);
            if (veto.isEmpty()) {
                return decided(asked, found, i, refused);
            }
            if (tried == 1) {
                vetoes.computeIfAbsent(veto.get().reason(), reason -> new LongAdder())
                        .increment();
                refused = new Lookup.Vetoed(
                        asked, veto.get().reason(), candidate.near().similarity(), candidate.entry().id);
            }
        }
        return refused;
    }

    /** What is decided of a candidate; where it is not worth a word, what there was before it. */
    private Lookup decided(Asked asked, List<Found> found, int i, Lookup otherwise) {
        double[] features = PairContext.features(
                asked.shape, i, found.stream().map(Found::near).toList(), words);
        Decision decision = policy.decide(features);
        UUID entry = found.get(i).entry().id;
        Candidate candidate = new Candidate(entry, found.get(i).near().similarity(), features, decision);
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

    private float[] embed(String text) {
        try {
            return unit(model.embed(text).content());
        } catch (RuntimeException e) {
            // Without the exception: its message may quote the text.
            LOG.warn(
                    "embedding a question threw {}; the semantic tier has no answer for it",
                    e.getClass().getName());
            return new float[0];
        }
    }

    private static float[] unit(Embedding embedding) {
        float[] vector = embedding.vector().clone();
        double length = Math.sqrt(ExactScan.dot(vector, vector));
        if (!(length > 0)) {
            return new float[0];
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) length;
        }
        return vector;
    }

    /** Stores a text under the entry that holds its answer. */
    void put(Partition partition, String text, Lookup lookup, UUID entry) {
        Asked asked = lookup.asked();
        if (asked.vector.length > 0) {
            asked.storedAs = entry;
            entries.add(new Entry(entry, partition, text, asked.shape, asked.density), asked.vector);
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
        AnswerJudge comparing = judge;
        if (comparing == null || !lookup.wantsJudgement()) {
            return;
        }
        try {
            judgeExecutor.execute(() -> compare(comparing, lookup, question, cached, fresh));
        } catch (RejectedExecutionException e) {
            LOG.debug("the judge has too much to do; a verdict is left out", e);
        }
    }

    private void compare(AnswerJudge comparing, Lookup lookup, String question, String cached, String fresh) {
        Verdict verdict;
        try {
            verdict = comparing.compare(question, cached, fresh);
        } catch (RuntimeException e) {
            LOG.warn(
                    "the judge of the semantic tier threw {}; nothing is learned from it",
                    e.getClass().getName());
            return;
        }
        if (verdict != Verdict.UNSURE) {
            judged(lookup, question, verdict == Verdict.SAME);
        }
    }

    /** Takes a verdict on a lookup's candidate; one without a candidate is of no use. */
    void judged(Lookup lookup, String question, boolean same) {
        Candidate candidate = lookup.candidate();
        if (candidate == null) {
            return;
        }
        if (!same) {
            entries.knownWrong(question, candidate.entry());
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
        policy.calibrate(lookups(pairs));
    }

    private List<JudgedLookup> lookups(Collection<LabelledPair> pairs) {
        Map<String, Asked> texts = new LinkedHashMap<>();
        for (LabelledPair pair : pairs) {
            for (String text : List.of(pair.a(), pair.b())) {
                texts.computeIfAbsent(text, t -> new Asked(embed(t), TextShape.of(t), 0));
            }
        }
        Entries corpus = new Entries(Integer.MAX_VALUE, ExactScan::new);
        RareWords rare = new RareWords();
        Partition partition = new Partition("calibration");
        Map<String, UUID> ids = new LinkedHashMap<>();
        texts.forEach((text, asked) -> {
            if (asked.vector.length > 0) {
                rare.add(asked.shape);
                UUID id = new UUID(0, ids.size());
                double density = PairContext.density(corpus.near(partition, asked.vector, text, NEIGHBOURS).stream()
                        .map(f -> f.near().similarity())
                        .toList());
                corpus.add(new Entry(id, partition, text, asked.shape, density), asked.vector);
                ids.put(text, id);
            }
        });
        List<JudgedLookup> lookups = new ArrayList<>();
        for (LabelledPair pair : pairs) {
            UUID own = ids.get(pair.a());
            UUID other = ids.get(pair.b());
            if (own != null
                    && other != null
                    && !own.equals(other)
                    && verifier.verify(pair.a(), pair.b()).isEmpty()) {
                Asked asked = Objects.requireNonNull(texts.get(pair.a()));
                List<Found> found = new ArrayList<>(corpus.near(partition, asked.vector, pair.a(), NEIGHBOURS + 1));
                found.removeIf(f -> f.entry().id.equals(own));
                for (int i = 0; i < found.size(); i++) {
                    if (found.get(i).entry().id.equals(other)) {
                        lookups.add(new JudgedLookup(
                                PairContext.features(
                                        asked.shape,
                                        i,
                                        found.stream().map(Found::near).toList(),
                                        rare),
                                pair.same(),
                                1));
                    }
                }
            }
        }
        return lookups;
    }

    private static Executor backgroundThreads() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(2, 2, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), work -> {
                    Thread thread = new Thread(work, "flywheel4j-cache-judge");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Builds semantic tiers. Not thread-safe. */
    public static final class Builder {

        private static final int DEFAULT_ENTRIES = 100_000;

        private final EmbeddingModel model;
        private final String modelName;
        private @Nullable Double tolerance;
        private double confidence = 0.8;
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
        private RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

        private Builder(EmbeddingModel model, String modelName) {
            this.model = Objects.requireNonNull(model, "model");
            this.modelName = Objects.requireNonNull(modelName, "modelName");
        }

        /** The tolerated share of wrong answers among the hits, between 0 and 1, for example 0.02. Required. */
        public Builder tolerance(double tolerance) {
            this.tolerance = tolerance;
            return this;
        }

        /**
         * How sure it must be that no more hits are wrong than the model, corrected by the audits, expects; between 0.5 and 1,
         * 0.8 unless told. Higher means fewer hits and fewer files on which the share of wrong ones is a little above the
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
            this.fixedFor = Objects.requireNonNull(foundFor, "foundFor");
            return this;
        }

        /** Goes on with what an earlier tier learned, see {@link SemanticTier#snapshot}; of the same embedding model alone. */
        public Builder restore(String snapshot) {
            this.snapshot = Objects.requireNonNull(snapshot, "snapshot");
            return this;
        }

        /** The source of chance for audits and exploration; need not be unpredictable. */
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
            if (tolerance == null) {
                throw new IllegalArgumentException(
                        "tolerance: none (expected: the tolerated share of wrong hits between 0"
                                + " and 1, such as 0.02; there is no default because nobody else can know it)");
            }
            between("tolerance", tolerance, 0, 1);
            between("confidence", confidence, 0.5, 1);
            if (!(auditShare > 0 && auditShare <= 1)) {
                throw new IllegalArgumentException(
                        "auditShare: " + auditShare
                                + " (expected: above 0, at most 1; without audits nobody would see that hits have become wrong)");
            }
            if (!(exploreShare >= 0 && exploreShare <= 1)) {
                throw new IllegalArgumentException("exploreShare: " + exploreShare + " (expected: 0 to 1)");
            }
            if (memory < 100) {
                throw new IllegalArgumentException("memory: " + memory + " (expected: at least 100 verdicts)");
            }
            if (maxEntries < 1) {
                throw new IllegalArgumentException("maxEntries: " + maxEntries + " (expected: at least 1)");
            }
            if (modelName.isBlank()) {
                throw new IllegalArgumentException(
                        "modelName: blank (expected: the embedding model's name; what is learned holds for it alone)");
            }
            if (fixedFor != null) {
                between("fixedThreshold", fixedCosine, 0, 1);
                if (!fixedFor.equals(modelName)) {
                    throw new IllegalArgumentException("fixedThreshold: " + fixedCosine + " found for '" + fixedFor
                            + "' (expected: one found for '" + modelName + "', the embedding model; measure it anew)");
                }
            }
            return new SemanticTier(this, tolerance);
        }

        private static void between(String name, double value, double low, double high) {
            if (!(value > low && value < high)) {
                throw new IllegalArgumentException(
                        name + ": " + value + " (expected: between " + low + " and " + high + ")");
            }
        }
    }
}
