package io.github.flywheel4j.caching;

import io.github.flywheel4j.PriceList;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ResponseCache} is told: values, their defaults with the reasons, and what they must be. Not thread-safe.
 *
 * @param <B> the builder that is set
 */
abstract class CacheSettings<B extends CacheSettings<B>> {

    private static final int MOST_ANSWER_BYTES = 256 * 1024;
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    final Scope scope;

    @Nullable
    TemperaturePolicy temperature;

    Duration timeToLive = Duration.ofHours(1);
    double jitter = 0.1;
    Duration staleWhileRevalidate = Duration.ZERO;
    Duration staleIfError = Duration.ZERO;
    double refreshAhead;
    Duration backgroundTimeout = Duration.ofMinutes(1);
    long maximumBytes = MOST_BYTES;
    int maximumAnswerBytes = MOST_ANSWER_BYTES;
    int entriesPerUser = 10_000;
    int entriesPerTenant = 100_000;
    boolean whitespace;
    boolean unicode;
    boolean media;
    Set<String> pureTools = Set.of();
    Supplier<@Nullable String> knowledgeVersion = () -> null;
    PriceList prices = PriceList.empty();

    @Nullable
    SemanticTier semantic;

    @Nullable
    SharedTier shared;

    Clock clock = Clock.systemUTC();
    LongSupplier ticker = System::nanoTime;
    RandomGenerator random = RandomGenerator.of("Random");

    CacheSettings(Scope scope) {
        this.scope = scope;
    }

    abstract B self();

    /** At which temperatures an answer may be served again; required, because a hit turns a sample into the answer. */
    public B temperature(TemperaturePolicy policy) {
        this.temperature = policy;
        return self();
    }

    /** How long an answer is fresh; an hour unless told, less than most facts take to change. */
    public B timeToLive(Duration timeToLive) {
        this.timeToLive = timeToLive;
        return self();
    }

    /**
     * The largest share of its time that an answer loses at random, 0 to 1, so that answers made together do not expire
     * together; 0.1 unless told.
     */
    public B jitter(double share) {
        this.jitter = share;
        return self();
    }

    /**
     * How long past its time an answer is still served while a new one is made in the background; zero unless told. The
     * tokens of a refresh are in no interaction; {@link CacheStats#refreshes()} counts them.
     */
    public B staleWhileRevalidate(Duration duration) {
        this.staleWhileRevalidate = duration;
        return self();
    }

    /**
     * How long past its time an answer is served if the model fails, marked as degraded with the reason; zero unless told.
     */
    public B staleIfError(Duration duration) {
        this.staleIfError = duration;
        return self();
    }

    /**
     * In which last share of its time an answer that is asked for is refreshed in the background, 0 to 1; 0, never, unless
     * told, because it asks the model for answers that may never be wanted.
     */
    public B refreshAhead(double share) {
        this.refreshAhead = share;
        return self();
    }

    /** The most time that a model call in the background may take; a minute unless told. */
    public B backgroundTimeout(Duration timeout) {
        this.backgroundTimeout = timeout;
        return self();
    }

    /** What the answers in this node's memory may weigh, in bytes; 64 MiB unless told, some 30,000 answers of a page. */
    public B maximumBytes(long bytes) {
        this.maximumBytes = bytes;
        return self();
    }

    /** What one answer may weigh to be stored, in bytes; 256 KiB unless told. */
    public B maximumAnswerBytes(int bytes) {
        this.maximumAnswerBytes = bytes;
        return self();
    }

    /** How many answers that one user filled are kept, the newest ones; 10,000 unless told. */
    public B entriesPerUser(int most) {
        this.entriesPerUser = most;
        return self();
    }

    /** How many answers that one tenant's users filled are kept, the newest ones; 100,000 unless told. */
    public B entriesPerTenant(int most) {
        this.entriesPerTenant = most;
        return self();
    }

    /** Lets users' texts that differ in white space alone be the same; off unless told: in code it has a meaning. */
    public B normaliseWhitespace() {
        this.whitespace = true;
        return self();
    }

    /** Lets users' texts that differ in Unicode's composition alone (NFC) be the same; off unless told. */
    public B normaliseUnicode() {
        this.unicode = true;
        return self();
    }

    /**
     * Caches requests with images, sound, video and files too, by their bytes; off unless told. One that names only an
     * address is never cached: nobody knows what is there today.
     */
    public B hashMedia() {
        this.media = true;
        return self();
    }

    /**
     * Tools whose calls have no side effect and whose results are the same for all in the scope: an answer that calls only
     * such tools is stored. None unless told.
     */
    public B pureTools(String... names) {
        this.pureTools = Set.of(names);
        return self();
    }

    /**
     * The state of the documents that answers rest on, asked at each call, beside the one of the call's context; none
     * unless told.
     */
    public B knowledgeVersion(Supplier<@Nullable String> version) {
        this.knowledgeVersion = version;
        return self();
    }

    /** Prices, for the money that hits save; none unless told. */
    public B prices(PriceList prices) {
        this.prices = prices;
        return self();
    }

    /** Answers questions in other words too; off unless told. A tier belongs to one cache. */
    public B semantic(SemanticTier tier) {
        this.semantic = tier;
        return self();
    }

    /** A tier that several nodes share, behind this node's memory; none unless told. Whoever made it closes it. */
    public B shared(SharedTier tier) {
        this.shared = tier;
        return self();
    }

    /** The clock of ages and times to live; the system's unless told. */
    public B clock(Clock clock) {
        this.clock = clock;
        return self();
    }

    /** Nanoseconds on a clock that never jumps, for removing what has expired; the system's unless told. */
    public B ticker(LongSupplier nanoTime) {
        this.ticker = nanoTime;
        return self();
    }

    /** The source of the jitter; one of the platform's unless told. */
    public B random(RandomGenerator random) {
        this.random = random;
        return self();
    }

    /**
     * Fails on a setting that cannot be.
     *
     * @throws IllegalArgumentException if a setting is out of its range or the scope is missing
     * @throws IllegalStateException if no temperature policy is stated
     */
    void check() {
        Checks.require(
                "scope",
                scope,
                "whose answers may be served to whom: Scope.user(), Scope.tenant() or Scope.shared(why it is safe)");
        TemperaturePolicy unused = requireTemperature();
        Checks.requirePositive("timeToLive", timeToLive);
        Checks.requirePositive("backgroundTimeout", backgroundTimeout);
        Checks.requireNotNegative("staleWhileRevalidate", staleWhileRevalidate);
        Checks.requireNotNegative("staleIfError", staleIfError);
        Checks.requireShare("jitter", jitter);
        Checks.requireShare("refreshAhead", refreshAhead);
        Checks.requirePositive("maximumBytes", maximumBytes);
        Checks.requirePositive("maximumAnswerBytes", maximumAnswerBytes);
        Checks.requirePositive("entriesPerUser", entriesPerUser);
        Checks.requirePositive("entriesPerTenant", entriesPerTenant);
        if (maximumAnswerBytes > maximumBytes) {
            throw new IllegalArgumentException("maximumAnswerBytes: " + maximumAnswerBytes + " (expected: at most"
                    + " maximumBytes, " + maximumBytes + "; a larger answer could never be kept)");
        }
    }

    TemperaturePolicy requireTemperature() {
        if (temperature == null) {
            throw new IllegalStateException("temperature: not stated (expected: temperature(TemperaturePolicy.any()),"
                    + " or TemperaturePolicy.atMost(0) if a caller may ask twice to get two different answers)");
        }
        return temperature;
    }

    UnaryOperator<String> userText() {
        UnaryOperator<String> composed =
                unicode ? text -> Normalizer.normalize(text, Normalizer.Form.NFC) : UnaryOperator.identity();
        return whitespace ? text -> composed.apply(text).strip().replaceAll("\\s+", " ") : composed;
    }

    String describe() {
        return "scope=" + scope + " temperature=" + temperature + " timeToLive=" + timeToLive + " jitter=" + jitter
                + " staleWhileRevalidate=" + staleWhileRevalidate + " staleIfError=" + staleIfError
                + " refreshAhead=" + refreshAhead + " whitespace=" + whitespace + " unicode=" + unicode + " media="
                + media + " pureTools=" + new TreeSet<>(pureTools) + " maximumAnswerBytes=" + maximumAnswerBytes
                + (semantic == null ? "" : " semantic=(" + semantic.settings() + ")");
    }
}
