package io.github.flywheel4j.caching;

import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatCall;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where answers are kept: this node's memory and, behind it, a shared tier if there is one; and how they go again. Thread-safe.
 */
final class AnswerStore implements AutoCloseable, SharedTier.Subscriber {

    private static final Logger LOG = LoggerFactory.getLogger(AnswerStore.class);

    /** Served answers whose ids can be evicted without the id of their origin; feedback comes soon or names the origin. */
    private static final int MOST_SERVED = 20_000;

    private final LocalAnswers local;
    private final @Nullable SharedAnswers shared;
    private final ServedAnswers served = new ServedAnswers(MOST_SERVED);
    private final Duration timeToLive;
    private final double jitter;
    private final RandomGenerator random;
    private final Clock clock;
    private final Duration keepStale;
    private final Bygone bygone;
    private final Consumer<UUID> onEvicted;
    private final @Nullable SemanticTier semantic;
    private final CacheCounters counters;

    /** Ends with each invalidation of more than one answer: what was asked before is not stored after. */
    private final Epoch epoch = new Epoch();

    /** What of the epoch that is under way is not stored either. */
    private final EvictedIds evicted = new EvictedIds();

    /** What was put in an earlier epoch may be what another node took back, and must be asked of the shared tier. */
    private volatile long trustedFrom;

    /** By which this node knows its own messages. */
    private final UUID node;

    /**
     * @param onGone hears the ids of answers that are no longer in this node's memory
     * @param onEvicted hears the ids of calls whose answer was taken back, be it here or not, on any node
     * @param semantic hears of two questions of which the answer to one was served for the other and taken back, on any node
     */
    AnswerStore(
            CacheSettings<?> settings,
            CacheCounters counters,
            Consumer<UUID> onGone,
            Consumer<UUID> onEvicted,
            @Nullable SemanticTier semantic) {
        this.timeToLive = settings.timeToLive;
        this.jitter = settings.jitter;
        this.random = settings.random;
        this.clock = settings.clock;
        this.counters = counters;
        this.onEvicted = onEvicted;
        this.semantic = semantic;
        this.keepStale = max(settings.staleWhileRevalidate, settings.staleIfError);
        this.local = new LocalAnswers(
                settings.maximumBytes,
                settings.entriesPerUser,
                settings.entriesPerTenant,
                keepStale,
                clock,
                settings.ticker,
                onGone);
        // Not the one of the settings: two nodes of one seed would take each other's messages for their own.
        RandomGenerator unique = RandomGenerator.of("L64X128MixRandom");
        this.node = new UUID(unique.nextLong(), unique.nextLong());
        this.bygone = new Bygone(timeToLive.plus(keepStale), clock);
        this.shared = settings.shared == null
                ? null
                : new SharedAnswers(settings.shared, this, bygone, semantic, counters.sharedFailures::increment);
        if (shared != null) {
            shared.subscribe();
            shared.exchangePairs();
        }
    }

    /** What this node's memory has under a key, fresh or stale, and need not ask anybody about. */
    @Nullable
    ReadyAnswer get(CacheKey key) {
        return trusted(local.get(key));
    }

    /** The answer that an interaction filled, if this node's memory has it, fresh or stale, and need not ask anybody about it. */
    @Nullable
    ReadyAnswer get(UUID filledBy) {
        return trusted(local.get(filledBy));
    }

    private @Nullable ReadyAnswer trusted(@Nullable ReadyAnswer entry) {
        return entry == null || entry.epoch() < trustedFrom ? null : entry;
    }

    /** The answer that an interaction filled, if this node's memory has it; the shared tier is asked where it must be. */
    @Nullable
    ReadyAnswer find(UUID filledBy, ChatCall asking) {
        ReadyAnswer here = get(filledBy);
        CacheKey key = here == null ? local.keyOf(filledBy) : null;
        ReadyAnswer there = key == null ? here : fetch(key, asking);
        return there != null && there.answer().filledBy().equals(filledBy) ? there : null;
    }

    /** Fetches what the shared tier has under a key into this node's memory. */
    @Nullable
    ReadyAnswer fetch(CacheKey key, ChatCall asking) {
        if (shared == null) {
            return null;
        }
        SharedAnswers tier = shared;
        long since = epoch.now();
        StoredAnswer answer = tier.get(key, asking);
        if (answer == null || evicted.has(answer.filledBy())) {
            return null;
        }
        ReadyAnswer entry = ReadyAnswer.of(answer, asking.context(), since, freshHereUntil(answer));
        if (isGone(entry)) {
            return null;
        }
        // The tier has looked at what was taken back before; no predicate is asked here, for it may take back answers
        // itself.
        boolean kept = epoch.storeIfStill(since, () -> {
            if (evicted.has(answer.filledBy())) { // on its way here
                return false;
            }
            local.put(key, entry);
            return true;
        });
        local.tellGone();
        return kept ? entry : null;
    }

    /** As long as it says, but no longer than what is made here at most: who made it may have another clock, or another time to live. */
    private long freshHereUntil(StoredAnswer answer) {
        Instant now = clock.instant();
        Instant made = answer.filledAt().isBefore(now) ? answer.filledAt() : now;
        return Math.min(
                answer.freshUntil().toEpochMilli(), made.plus(timeToLive).toEpochMilli());
    }

    /** Whether it is the answer to this request that an interaction filled, and not that to another one. */
    boolean isHere(CacheKey key, UUID filledBy) {
        return key.equals(local.keyOf(filledBy)) && local.get(filledBy) != null;
    }

    long epoch() {
        return epoch.now();
    }

    /**
     * Stores an answer.
     *
     * @param since the epoch in which it was asked for
     * @param heardBy the calls that waited for it: to evict one of them is to evict it
     * @return false if answers were invalidated meanwhile, so that it may rest on what is no longer so
     */
    boolean put(CacheKey key, StoredAnswer answer, CallContext owner, long since, Collection<UUID> heardBy) {
        AtomicReference<@Nullable CacheKey> other = new AtomicReference<>();
        boolean kept = epoch.storeIfStill(since, () -> {
            if (isEvicted(answer, heardBy)) {
                return false;
            }
            other.set(local.put(key, ReadyAnswer.of(answer, owner, since)));
            return true;
        });
        local.tellGone();
        if (!kept || shared == null) {
            return kept;
        }
        CacheKey replaced = other.get();
        if (replaced != null) {
            shared.removeReplaced(replaced);
        }
        Duration left = Duration.between(clock.instant(), answer.freshUntil()).plus(keepStale);
        shared.put(key, answer, left);
        if (epoch.now() != since || isEvicted(answer, heardBy)) { // on its way to the shared tier
            forget(answer.filledBy());
            local.remove(key, answer.filledBy());
            shared.evict(answer.filledBy(), key);
            return false;
        }
        return true;
    }

    private boolean isEvicted(StoredAnswer answer, Collection<UUID> heardBy) {
        return evicted.has(answer.filledBy()) || heardBy.stream().anyMatch(evicted::has);
    }

    /** Until when an answer made now is fresh: its time to live, less a random part, so that answers do not expire at once. */
    Instant freshUntil(Instant now) {
        double less;
        synchronized (random) { // few generators are thread-safe
            less = jitter * random.nextDouble();
        }
        return now.plusNanos((long) (timeToLive.toNanos() * (1 - less)));
    }

    /** Notes that a call was served an answer, so that the call's id evicts it: at once, if somebody evicted it already. */
    void served(UUID call, ServedAnswers.Again again) {
        served.put(call, again);
        if (evicted.has(call)) {
            boolean unused = evict(call);
        }
    }

    boolean evict(UUID interaction) {
        forget(interaction); // before it is looked at what it was served: whoever serves it looks in the other order
        ServedAnswers.Again again = served.get(interaction);
        boolean filled = evictFilledBy(interaction);
        boolean origin = again != null && evictServed(again);
        return filled || origin;
    }

    /** Evicts what a call was served, and notes that it was wrong for the call's question if that was another one. */
    private boolean evictServed(ServedAnswers.Again again) {
        KnownWrong.Pair questions = again.questions();
        if (questions != null && semantic != null) {
            semantic.knownWrong(questions);
        }
        if (questions != null && shared != null) {
            shared.wrong(questions);
        }
        return evictFilledBy(again.origin());
    }

    private boolean evictFilledBy(UUID interaction) {
        forget(interaction);
        CacheKey key = local.keyOf(interaction);
        if (shared != null) {
            CacheKey elsewhere = key == null ? shared.keyOf(interaction) : key;
            shared.evict(interaction, elsewhere);
            key = elsewhere;
        }
        boolean removed = key != null && (local.remove(key, interaction) || shared != null);
        if (removed) {
            counters.evicted.increment();
        }
        return removed;
    }

    int evict(Predicate<StoredAnswer> told, Optional<Invalidation> everywhere) {
        Predicate<StoredAnswer> what = inDoubtYes(told);
        endEpoch(what);
        var gone = local.removeIf(what);
        if (shared != null) {
            shared.evict(what, everywhere.orElse(Invalidation.ofPredicate(node)), everywhere.isPresent());
        }
        counters.evicted.add(gone.size());
        return gone.size();
    }

    /** A predicate that fails on an answer says nothing for it, and must not stop the others from being taken back. */
    private static Predicate<StoredAnswer> inDoubtYes(Predicate<StoredAnswer> told) {
        return answer -> {
            try {
                return told.test(answer);
            } catch (RuntimeException e) {
                LOG.warn(
                        "a predicate of an eviction threw {}; the answer is taken back",
                        e.getClass().getName());
                return true;
            }
        };
    }

    long size() {
        return local.size();
    }

    long bytes() {
        return local.bytes();
    }

    int idsAndOwners() {
        return local.idsAndOwners();
    }

    /** Another node, or this one, told all nodes to let answers go. */
    @Override
    public void message(String message) {
        Invalidation told = Invalidation.parse(message);
        if (told == null) {
            return;
        }
        switch (told.kind()) {
            case WRONG_PAIR -> {
                KnownWrong.Pair questions = told.pair();
                if (questions != null && semantic != null) {
                    semantic.knownWrong(questions);
                }
            }
            case INTERACTION -> told.interactions().forEach(this::hearsOfEvicted);
            case PREDICATE -> {
                if (!told.value().equals(node.toString())) {
                    trustedFrom = epoch.end();
                }
            }
            case KNOWLEDGE, SOURCE, ALL -> {
                endEpoch(told.predicate()); // a node that has not heard yet may still put there what must go
                var gone = local.removeIf(told.predicate());
                if (shared != null) {
                    shared.removeLate(gone);
                }
            }
        }
    }

    private void hearsOfEvicted(UUID interaction) {
        boolean isNews = !evicted.has(interaction);
        forget(interaction);
        CacheKey key = local.keyOf(interaction);
        ReadyAnswer here = local.get(interaction);
        if (key != null && here != null && local.remove(key, interaction) && shared != null) {
            shared.removeLate(Map.of(key, here)); // who took it back may not have known its key
        }
        // Who served it knows what it was; who took it back may not.
        ServedAnswers.Again again = isNews ? served.get(interaction) : null;
        if (again != null) {
            boolean unused = evictServed(again);
        }
    }

    /** Nobody knows what was to go: all that the shared tier has can be fetched again. What this node owes it is done now. */
    @Override
    public void missed() {
        epoch.end();
        local.removeIf(answer -> true);
        if (shared != null) {
            shared.settle();
            shared.exchangePairs();
        }
    }

    /** First nothing more of it comes from the shared tier, then the epoch ends, and then what is here can be removed. */
    private void endEpoch(Predicate<StoredAnswer> what) {
        bygone.add(what);
        epoch.end();
    }

    private void forget(UUID filledBy) {
        epoch.note(() -> evicted.add(filledBy));
        onEvicted.accept(filledBy);
    }

    @Override
    public void close() {
        if (shared != null) {
            shared.close();
        }
    }

    /** Its time and the time that it may be stale are up; a shared tier's clock may be another one. */
    private boolean isGone(ReadyAnswer entry) {
        return clock.millis() >= entry.freshUntil() + keepStale.toMillis();
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
