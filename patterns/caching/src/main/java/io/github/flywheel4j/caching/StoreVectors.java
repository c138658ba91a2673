package io.github.flywheel4j.caching;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vectors of all partitions of one tier in an {@link EmbeddingStore} of the user's.
 *
 * <p>A store that fails several times in a row is left alone for a while, and is then tried once: calls do not wait for one that
 * is down. Removals are collected and carried out before the next vector is added, on a thread that has just waited for the
 * model anyway; what an entry leaves behind until then is not served, because the entry is gone.
 *
 * <p>As thread-safe as the store.
 */
final class StoreVectors {

    private static final Logger LOG = LoggerFactory.getLogger(StoreVectors.class);

    private static final int FAILURES_BEFORE_PAUSE = 3;
    private static final long PAUSE = Duration.ofSeconds(10).toNanos();
    private static final int MOST_REMOVED_AT_ONCE = 1_000;

    /** What is not noted stays in the store until a search meets it. */
    private static final int MOST_OWED = 100_000;

    private final EmbeddingStore<TextSegment> store;
    private final String tier;
    private final LongSupplier ticker;
    private final LongAdder failures = new LongAdder();
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private final Set<UUID> owed = ConcurrentHashMap.newKeySet();
    private volatile long resumesAt;

    /**
     * @param tier told apart from all other tiers that use the store, of now and of earlier
     * @param ticker nanoseconds on a clock that never jumps
     */
    StoreVectors(EmbeddingStore<TextSegment> store, UUID tier, LongSupplier ticker) {
        this.store = store;
        this.tier = tier.toString();
        this.ticker = ticker;
    }

    VectorIndex index(Partition partition) {
        return new StoreIndex(this, tier + "/" + partition.digest());
    }

    /** @throws StoreFailed if the store throws, or is left alone at present */
    <T> T ask(Function<EmbeddingStore<TextSegment>, T> action) {
        if (failuresInARow.get() >= FAILURES_BEFORE_PAUSE && resumesAt - ticker.getAsLong() > 0) {
            failures.increment();
            throw new StoreFailed();
        }
        try {
            T result = action.apply(store);
            failuresInARow.set(0);
            return result;
        } catch (RuntimeException e) {
            failures.increment();
            if (!Interrupted.by(e)) { // a call that was cancelled says nothing about the store
                failed(e);
            }
            throw new StoreFailed();
        }
    }

    private void failed(RuntimeException failure) {
        resumesAt = ticker.getAsLong() + PAUSE;
        int inARow = failuresInARow.incrementAndGet();
        if (inARow == FAILURES_BEFORE_PAUSE) {
            // Without the exception: its message may hold what the store holds.
            LOG.warn(
                    "the embedding store of the semantic tier threw {}, {} times in a row; it is left alone for {} seconds"
                            + " at a time until it works again",
                    failure.getClass().getName(),
                    inARow,
                    Duration.ofNanos(PAUSE).toSeconds());
        }
    }

    /** Notes that a vector is to be removed. */
    void owe(UUID id) {
        if (owed.size() < MOST_OWED) {
            owed.add(id);
        }
    }

    /** Carries out the removals that are owed, or some of many. A failure is counted, and they stay owed. */
    void settle() {
        List<UUID> ids = owed.stream().limit(MOST_REMOVED_AT_ONCE).toList();
        if (ids.isEmpty()) {
            return;
        }
        try {
            boolean done = ask(to -> {
                to.removeAll(ids.stream().map(UUID::toString).toList());
                return true;
            });
            if (done) {
                ids.forEach(owed::remove);
            }
        } catch (StoreFailed e) {
            LOG.debug("vectors could not be removed from the embedding store; they are tried again");
        }
    }

    /** Times that the store could not do its job. */
    long failures() {
        return failures.sum();
    }

    String kind() {
        return "store " + store.getClass().getName();
    }
}
