package io.github.flywheel4j.caching;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.PriceList;
import io.github.flywheel4j.Stage;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
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
        this.answers = new AnswerStore(builder, counters, this::gone, flights::takeBack, semantic);
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
     * served for a question in other words, the two questions are from now on known not to have the same answer, within
     * their scope and workload and whatever becomes of documents, prompts and models. One that is
     * still streamed is not stored when it is whole, and no call that begins now is served it. Negative feedback on an answer
     * ends here.
     *
     * @param interactionId the interaction in which the answer was made (an answer's {@link AnswerInfo#origin()}), or one that
     *     was served it not long ago; where that was on another node, that node takes it back as soon as it hears
     * @return whether an answer was evicted by this node; false also if it was not whole yet
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
     * Evicts the answers that a predicate picks, here, in the shared tier and on all nodes. It looks at every answer here and
     * there. The other nodes, which cannot be told the predicate, serve what they have in memory only after the shared tier
     * confirmed it, once for each answer.
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

    /** Builds caches. Not thread-safe. */
    public static final class Builder extends CacheSettings<Builder> {

        private Builder(Scope scope) {
            super(scope);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Builds the cache.
         *
         * @throws IllegalArgumentException if a setting is out of its range or the scope is missing
         * @throws IllegalStateException if no temperature policy is stated
         */
        public ResponseCache build() {
            check();
            return new ResponseCache(this);
        }
    }
}
