package io.github.flywheel4j.caching;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.EmbeddingStore;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SemanticTier} is told: values, their defaults with the reasons, and what they must be. Not thread-safe.
 *
 * @param <B> the builder that is set
 */
abstract class SemanticSettings<B extends SemanticSettings<B>> {

    private static final int DEFAULT_ENTRIES = 100_000;

    final EmbeddingModel model;
    final String modelName;

    @Nullable
    Double tolerance;

    double confidence = HitPolicy.CONFIDENCE;
    double auditShare = 0.1;
    double exploreShare = 1;
    int memory = 5_000;
    int maxEntries = DEFAULT_ENTRIES;
    HitVerifier verifier = HitVerifier.english();

    @Nullable
    AnswerJudge judge;

    @Nullable
    Executor judgeExecutor;

    double fixedCosine = Double.NaN;

    @Nullable
    String fixedFor;

    @Nullable
    String snapshot;

    @Nullable
    EmbeddingStore<TextSegment> store;

    LongSupplier ticker = System::nanoTime;
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

    SemanticSettings(EmbeddingModel model, String modelName) {
        this.model = model;
        this.modelName = modelName;
    }

    abstract B self();

    /** The tolerated share of wrong answers among the hits, between 0 and 1, for example 0.02. Required. */
    public B tolerance(double tolerance) {
        this.tolerance = tolerance;
        return self();
    }

    /**
     * How sure it must be that no more hits are wrong than the model, corrected by the audits, expects; between 0.5 and 1,
     * 0.95 unless told. Lower means more hits, and more files on which the share of wrong ones is a little above the
     * tolerance.
     */
    public B confidence(double confidence) {
        this.confidence = confidence;
        return self();
    }

    /**
     * Refuses candidates by what the texts say, before anything is served or judged; {@link HitVerifier#english()} unless told.
     */
    public B verifier(HitVerifier verifier) {
        this.verifier = Objects.requireNonNull(verifier, "verifier");
        return self();
    }

    /** Compares answers; without one the tier learns from {@link SemanticTier#calibrate} alone. */
    public B judge(AnswerJudge judge) {
        this.judge = Objects.requireNonNull(judge, "judge");
        return self();
    }

    /** Where the judge runs; two daemon threads with a bounded queue unless told. Verdicts that it refuses are left out. */
    public B judgeExecutor(Executor executor) {
        this.judgeExecutor = Objects.requireNonNull(executor, "executor");
        return self();
    }

    /**
     * The share of hits that is judged for ever, above 0 to 1; 0.1 unless told. Of the first hits more are: all of the first 5 / tolerance,
     * 250 at a tolerance of 0.02, because fewer hold too few wrong ones to learn from. An audited hit costs a call of the
     * model and of the judge, in the background.
     */
    public B auditShare(double share) {
        this.auditShare = share;
        return self();
    }

    /**
     * The share of misses near an entry that is judged, 0 to 1; 1 unless told, because it costs no call of the model, only
     * the judge's.
     */
    public B exploreShare(double share) {
        this.exploreShare = share;
        return self();
    }

    /** How many of the newest verdicts are learned from; 5,000 unless told. */
    public B memory(int verdicts) {
        this.memory = verdicts;
        return self();
    }

    /**
     * Most texts in memory over all partitions; 100,000 unless told. Longer ones count for several: 400 characters are
     * meant for each. The least recently stored or served go first.
     */
    public B maxEntries(int entries) {
        this.maxEntries = entries;
        return self();
    }

    /**
     * Serves from this cosine on, from the first call, instead of learning which hits are right. The audits and the breaker go
     * on. A cosine says nothing without the model that it was found for: .9 of one model is .7 of another.
     *
     * @param cosine between 0 and 1
     * @param foundFor the name of the embedding model, equal to the builder's
     */
    public B fixedThreshold(double cosine, String foundFor) {
        this.fixedCosine = cosine;
        this.fixedFor = foundFor;
        return self();
    }

    /** Goes on with what an earlier tier learned, see {@link SemanticTier#snapshot}; of the same embedding model alone. */
    public B restore(String snapshot) {
        this.snapshot = Objects.requireNonNull(snapshot, "snapshot");
        return self();
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
    public B store(EmbeddingStore<TextSegment> store) {
        this.store = Objects.requireNonNull(store, "store");
        return self();
    }

    /** Nanoseconds on a clock that never jumps, for how long a failing store is left alone; the system's unless told. */
    public B ticker(LongSupplier nanoTime) {
        this.ticker = Objects.requireNonNull(nanoTime, "nanoTime");
        return self();
    }

    /**
     * The source of chance for audits and exploration; need not be unpredictable. Tiers that share a store need different
     * seeds, because it also tells them apart there.
     */
    public B random(RandomGenerator random) {
        this.random = Objects.requireNonNull(random, "random");
        return self();
    }

    /**
     * The tolerance, if all settings can be.
     *
     * @throws IllegalArgumentException if a setting is out of range or the tolerance is missing
     */
    double checkedTolerance() {
        Checks.require(
                "model", model, "the embedding model of the questions; without one there is only the exact tier");
        Checks.requireName("modelName", modelName, "the embedding model's name; what is learned holds for it alone");
        if (tolerance == null) {
            throw new IllegalArgumentException("tolerance: none (expected: the tolerated share of wrong hits between 0"
                    + " and 1, such as 0.02; there is no default because nobody else can know it)");
        }
        Checks.requireWithin("tolerance", tolerance, "the tolerated share of wrong hits, such as 0.02");
        if (!(confidence > 0.5 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "confidence: " + confidence + " (expected: between 0.5 and 1; a half is a guess)");
        }
        if (!(auditShare > 0 && auditShare <= 1)) {
            throw new IllegalArgumentException("auditShare: " + auditShare
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
        return tolerance;
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

    String describe() {
        return "model=" + modelName + " tolerance=" + tolerance + " confidence=" + confidence + " auditShare="
                + auditShare + " exploreShare=" + exploreShare + " memory=" + memory
                + (Double.isNaN(fixedCosine) ? "" : " fixedThreshold=" + fixedCosine) + " verifier="
                + verifier.name() + " judge=" + (judge == null ? "none" : judge.name());
    }
}
