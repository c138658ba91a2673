package io.github.flywheel4j.caching;

import io.github.flywheel4j.ChatCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers of a {@link SharedTier}, as long as nothing is owed to it: what it did not take back, because it was gone, is done
 * in the background when it is there again, and until then it is as good as gone. No failure of the tier is a failure of a
 * call.
 *
 * <p>Thread-safe.
 */
final class SharedAnswers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedAnswers.class);

    /** Before the key of an answer. */
    static final String ANSWER = "a:";

    /** Before the interaction that filled an answer; there is its key. */
    static final String FILLED_BY = "i:";

    private final SharedTier tier;
    private final SharedTier.Subscriber subscriber;
    private final Bygone bygone;
    private final Recalls recalls;
    private final Runnable onFailure;
    private final OwedRecall owed = new OwedRecall();
    private final AtomicBoolean subscribes = new AtomicBoolean();
    private final AtomicBoolean settles = new AtomicBoolean();
    private volatile SharedTier.@Nullable Subscription subscription;

    SharedAnswers(
            SharedTier tier,
            SharedTier.Subscriber subscriber,
            Bygone bygone,
            @Nullable SemanticTier semantic,
            Runnable onFailure) {
        this.recalls = new Recalls(tier, semantic == null ? null : new SharedPairs(tier, semantic));
        this.tier = tier;
        this.subscriber = subscriber;
        this.bygone = bygone;
        this.onFailure = onFailure;
    }

    /** Subscribes, if the tier is there; if not, before the first answer comes from it. */
    void subscribe() {
        if (subscription == null && !subscribes.getAndSet(true)) {
            boolean unused = succeeds(() -> subscription = tier.subscribe(subscriber));
            subscribes.set(false);
        }
    }

    /**
     * What the tier has under a key; null too where that may be what was taken back, or might be while nobody listens.
     *
     * @param asking whose stack does in the background what is owed
     */
    @Nullable
    StoredAnswer get(CacheKey key, ChatCall asking) {
        if (subscription == null) {
            subscribe();
            if (subscription != null) {
                subscriber.missed(); // what was told before
            }
        }
        if (!owed.isEmpty()) {
            settle(asking);
        }
        if (subscription == null || !owed.isEmpty()) {
            return null;
        }
        byte[] bytes = attempt(() -> tier.get(ANSWER + key));
        StoredAnswer answer =
                bytes == null ? null : StoredAnswer.fromBytes(bytes).orElse(null);
        return answer == null || bygone.has(answer) ? null : answer;
    }

    void put(CacheKey key, StoredAnswer answer, Duration timeToLive) {
        if (timeToLive.toMillis() < 1 || subscription == null) {
            return;
        }
        attempt(() -> {
            // First that by which it is found again, so that none is there that cannot be taken back.
            tier.put(FILLED_BY + answer.filledBy(), key.toString().getBytes(StandardCharsets.US_ASCII), timeToLive);
            tier.put(ANSWER + key, answer.toBytes(), timeToLive);
            return true;
        });
    }

    /** The key of the answer that an interaction filled; null if it is not known, or nobody can be asked. */
    @Nullable
    CacheKey keyOf(UUID filledBy) {
        return attempt(() -> recalls.keyOf(filledBy));
    }

    /** Takes one answer back from the tier and from all nodes. */
    void evict(UUID filledBy, @Nullable CacheKey key) {
        insist(Recall.of(filledBy, Optional.ofNullable(key)));
    }

    /**
     * Takes back the answers that the predicate picks from the tier and from all nodes.
     *
     * @param message what nodes are told
     * @param isTold whether that says which these are
     */
    void evict(Predicate<StoredAnswer> what, Invalidation message, boolean isTold) {
        insist(Recall.of(new Recall.Pick(what, isTold), message));
    }

    /** Removes what this node put while another one removed, and was too late to see: what it holds of what must go. */
    void removeLate(Map<CacheKey, ReadyAnswer> here) {
        List<String> names = new ArrayList<>();
        here.forEach((key, entry) -> {
            names.add(ANSWER + key);
            names.add(FILLED_BY + entry.answer().filledBy());
        });
        if (!names.isEmpty()) {
            insist(Recall.ofNames(names));
        }
    }

    /** Removes an answer in whose place another one of the same interaction was put. */
    void removeReplaced(CacheKey key) {
        insist(Recall.ofNames(List.of(ANSWER + key)));
    }

    /** Tells all nodes, also those that start later, that two questions do not have the same answer. */
    void wrong(KnownWrong.Pair pair) {
        insist(Recall.of(pair));
    }

    /** Learns which pairs of questions others found wrong while this node did not hear, and tells them those of its own. */
    void exchangePairs() {
        insist(Recall.ofExchange());
    }

    private void insist(Recall recall) {
        if (!succeeds(() -> recalls.carryOut(recall))) {
            owed.add(recall);
        }
    }

    /** Does what is owed, or some of it if the tier fails again. */
    void settle() {
        owed.settle(recall -> succeeds(() -> recalls.carryOut(recall)));
    }

    private void settle(ChatCall asking) {
        if (!settles.getAndSet(true)) {
            try {
                Future<?> unused = asking.submit(() -> {
                    try {
                        settle();
                    } finally {
                        settles.set(false);
                    }
                    return true;
                });
            } catch (RuntimeException e) {
                settles.set(false);
                LOG.debug("what is owed to the shared tier waits for the next call", e);
            }
        }
    }

    @Override
    public void close() {
        SharedTier.Subscription open = subscription;
        if (open != null) {
            boolean unused = succeeds(open::close);
        }
    }

    private boolean succeeds(Runnable action) {
        return attempt(() -> {
                    action.run();
                    return true;
                })
                != null;
    }

    private <T> @Nullable T attempt(Supplier<? extends @Nullable T> action) {
        try {
            return action.get();
        } catch (RuntimeException e) {
            boolean unused = Interrupted.by(e); // the flag is set again: the call ends where it waits next
            onFailure.run();
            LOG.debug("the shared tier failed; this node goes on with its own answers", e);
            return null;
        }
    }
}
