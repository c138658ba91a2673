package io.github.flywheel4j.caching;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.PriceList;
import io.github.flywheel4j.Stage;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Answers a call with the answer to an equal one, and, if asked for, to one in other words; equal calls under way at the same
 * time share one model call.
 *
 * <pre>{@code
 * ResponseCache cache = ResponseCache.builder(Scope.tenant())
 *         .temperature(TemperaturePolicy.any())
 *         .timeToLive(Duration.ofHours(6))
 *         .build();
 * ChatStack stack = ChatStack.builder().chatModel(model).layer(cache).build();
 * }</pre>
 *
 * <p>The key is the whole request: scope, workload, knowledge version, provider, parameters with tools and response format,
 * all messages, and the fingerprint of what stands further in (prompt version, models, guards, retrieval), so that a changed
 * stack never serves what another one said. Stored is only what ended normally, that no layer further in blocked, cut or marked
 * as degraded, and that called no tool but {@linkplain Builder#pureTools pure} ones.
 *
 * <p>A served answer costs no tokens; its {@link AnswerInfo} says "cache", its age and its origin, the interaction in which it
 * was made. The trace says {@code hit}, {@code stale}, {@code miss}, {@code veto}, {@code shadow}, {@code explore} or
 * {@code bypass}, and why. A call whose context {@linkplain CallContext#isFresh() must be answered afresh} passes: nothing is
 * read, stored or shared.
 *
 * <p>Thread-safe. Stateful: it holds the answers. Closing ends the subscription to a shared tier, and nothing else.
 */
public final class ResponseCache implements ChatLayer, AutoCloseable {

    /**
     * The fact by which a layer further in says on which documents an answer rests: a list of ids, in any of its decisions.
     * {@link #evictSource} evicts by them.
     */
    public static final String SOURCES = "sources";

    final AnswerStore answers;
    final Flights flights = new Flights();
    final CacheCounters counters = new CacheCounters();
    final RequestKeys keys;
    final Storable storable;
    final @Nullable SemanticTier semantic;
    final Freshness freshness;
    final Clock clock;
    final PriceList prices;
    final Duration backgroundTimeout;
    private final String settings;

    private ResponseCache(Builder builder) {
        this.semantic = builder.semantic;
        this.keys = new RequestKeys(
                builder.scope,
                builder.requireTemperature(),
                builder.userText(),
                builder.media,
                builder.semantic != null,
                builder.knowledgeVersion);
        this.storable = new Storable(builder.pureTools, builder.maximumAnswerBytes);
        this.answers = new AnswerStore(builder, counters, this::gone, this::wrong);
        this.clock = builder.clock;
        this.prices = builder.prices;
        this.freshness = new Freshness(
                builder.timeToLive, builder.staleWhileRevalidate, builder.staleIfError, builder.refreshAhead);
        this.backgroundTimeout = builder.backgroundTimeout;
        this.settings = builder.describe();
    }

    /**
     * A builder of caches.
     *
     * @param scope whose answers may be served to whom
     */
    public static Builder builder(Scope scope) {
        return new Builder(scope);
    }

    @Override
    public Stage stage() {
        return Stage.CACHE;
    }

    @Override
    public String settings() {
        return settings;
    }

    @Override
    public ChatResponse handle(ChatCall call, Next next) {
        long start = System.nanoTime();
        RequestKey key =
                call.context().isFresh() ? new RequestKey.None("asked for") : keys.key(call, next.fingerprint());
        if (key instanceof RequestKey.Of known) {
            return new CachedCall(new CacheVisit(this, call, next, known, start)).answer();
        }
        String reason = ((RequestKey.None) key).reason();
        counters.bypass(reason);
        call.trace().record(name(), "bypass", Map.of("reason", reason), Duration.ofNanos(System.nanoTime() - start));
        return next.proceed(call);
    }

    /**
     * Evicts an answer that was wrong, here and on all nodes of a shared tier, and lets nothing bring it back. Where it was
     * served for a question in other words, the two questions are from now on known not to have the same answer. Negative
     * feedback on an answer ends here.
     *
     * @param interactionId the interaction in which the answer was made (an answer's {@link AnswerInfo#origin()}), or one that
     *     was served it on this node not long ago
     * @return whether an answer was evicted
     */
    public boolean evict(UUID interactionId) {
        return answers.evict(interactionId);
    }

    /**
     * Evicts the answers that rest on a state of the documents, here and on all nodes.
     *
     * @return how many of them were in this node's memory
     */
    public int evictKnowledgeVersion(String version) {
        return evict(new Invalidation(Invalidation.Kind.KNOWLEDGE, version));
    }

    /**
     * Evicts the answers that rest on a document, here and on all nodes; see {@link #SOURCES}.
     *
     * @return how many of them were in this node's memory
     */
    public int evictSource(String sourceId) {
        return evict(new Invalidation(Invalidation.Kind.SOURCE, sourceId));
    }

    /**
     * Evicts the answers that a predicate picks, here, in the shared tier and, one by one, on all nodes. It looks at every
     * answer.
     *
     * @return how many of them were in this node's memory
     */
    public int evictIf(Predicate<? super StoredAnswer> predicate) {
        return answers.evict(predicate::test, Optional.empty());
    }

    /**
     * Evicts all answers, here and on all nodes.
     *
     * @return how many of them were in this node's memory
     */
    public int evictAll() {
        return evict(new Invalidation(Invalidation.Kind.ALL, ""));
    }

    /** What the cache did so far. */
    public CacheStats stats() {
        return counters.snapshot(answers.size(), answers.bytes());
    }

    @Override
    public void close() {
        answers.close();
    }

    private int evict(Invalidation what) {
        return answers.evict(what.predicate(), Optional.of(what));
    }

    private void gone(UUID filledBy) {
        if (semantic != null) {
            semantic.remove(filledBy);
        }
    }

    private void wrong(KnownWrong.Pair questions) {
        if (semantic != null) {
            semantic.knownWrong(questions);
        }
    }

    /** Builds caches. Not thread-safe. */
    public static final class Builder {

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

        private Builder(Scope scope) {
            this.scope = scope;
        }

        /** At which temperatures an answer may be served again; required, because a hit turns a sample into the answer. */
        public Builder temperature(TemperaturePolicy policy) {
            this.temperature = policy;
            return this;
        }

        /** How long an answer is fresh; an hour unless told, less than most facts take to change. */
        public Builder timeToLive(Duration timeToLive) {
            this.timeToLive = timeToLive;
            return this;
        }

        /**
         * The largest share of its time that an answer loses at random, 0 to 1, so that answers made together do not expire
         * together; 0.1 unless told.
         */
        public Builder jitter(double share) {
            this.jitter = share;
            return this;
        }

        /**
         * How long past its time an answer is still served while a new one is made in the background; zero unless told. The
         * tokens of a refresh are in no interaction; {@link CacheStats#refreshes()} counts them.
         */
        public Builder staleWhileRevalidate(Duration duration) {
            this.staleWhileRevalidate = duration;
            return this;
        }

        /**
         * How long past its time an answer is served if the model fails, marked as degraded with the reason; zero unless told.
         */
        public Builder staleIfError(Duration duration) {
            this.staleIfError = duration;
            return this;
        }

        /**
         * In which last share of its time an answer that is asked for is refreshed in the background, 0 to 1; 0, never, unless
         * told, because it asks the model for answers that may never be wanted.
         */
        public Builder refreshAhead(double share) {
            this.refreshAhead = share;
            return this;
        }

        /** The most time that a model call in the background may take; a minute unless told. */
        public Builder backgroundTimeout(Duration timeout) {
            this.backgroundTimeout = timeout;
            return this;
        }

        /** What the answers in this node's memory may weigh, in bytes; 64 MiB unless told, some 30,000 answers of a page. */
        public Builder maximumBytes(long bytes) {
            this.maximumBytes = bytes;
            return this;
        }

        /** What one answer may weigh to be stored, in bytes; 256 KiB unless told. */
        public Builder maximumAnswerBytes(int bytes) {
            this.maximumAnswerBytes = bytes;
            return this;
        }

        /** How many answers that one user filled are kept, the newest ones; 10,000 unless told. */
        public Builder entriesPerUser(int most) {
            this.entriesPerUser = most;
            return this;
        }

        /** How many answers that one tenant's users filled are kept, the newest ones; 100,000 unless told. */
        public Builder entriesPerTenant(int most) {
            this.entriesPerTenant = most;
            return this;
        }

        /** Lets users' texts that differ in white space alone be the same; off unless told: in code it has a meaning. */
        public Builder normaliseWhitespace() {
            this.whitespace = true;
            return this;
        }

        /** Lets users' texts that differ in Unicode's composition alone (NFC) be the same; off unless told. */
        public Builder normaliseUnicode() {
            this.unicode = true;
            return this;
        }

        /**
         * Caches requests with images, sound, video and files too, by their bytes; off unless told. One that names only an
         * address is never cached: nobody knows what is there today.
         */
        public Builder hashMedia() {
            this.media = true;
            return this;
        }

        /**
         * Tools whose calls have no side effect and whose results are the same for all in the scope: an answer that calls only
         * such tools is stored. None unless told.
         */
        public Builder pureTools(String... names) {
            this.pureTools = Set.of(names);
            return this;
        }

        /**
         * The state of the documents that answers rest on, asked at each call, beside the one of the call's context; none
         * unless told.
         */
        public Builder knowledgeVersion(Supplier<@Nullable String> version) {
            this.knowledgeVersion = version;
            return this;
        }

        /** Prices, for the money that hits save; none unless told. */
        public Builder prices(PriceList prices) {
            this.prices = prices;
            return this;
        }

        /** Answers questions in other words too; off unless told. A tier belongs to one cache. */
        public Builder semantic(SemanticTier tier) {
            this.semantic = tier;
            return this;
        }

        /** A tier that several nodes share, behind this node's memory; none unless told. Whoever made it closes it. */
        public Builder shared(SharedTier tier) {
            this.shared = tier;
            return this;
        }

        /** The clock of ages and times to live; the system's unless told. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** Nanoseconds on a clock that never jumps, for removing what has expired; the system's unless told. */
        public Builder ticker(LongSupplier nanoTime) {
            this.ticker = nanoTime;
            return this;
        }

        /** The source of the jitter; one of the platform's unless told. */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /**
         * Builds the cache.
         *
         * @throws IllegalArgumentException if a setting is out of its range or the scope is missing
         * @throws IllegalStateException if no temperature policy is stated
         */
        public ResponseCache build() {
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
            return new ResponseCache(this);
        }

        TemperaturePolicy requireTemperature() {
            if (temperature == null) {
                throw new IllegalStateException(
                        "temperature: not stated (expected: temperature(TemperaturePolicy.any()),"
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
}
