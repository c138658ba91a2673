package io.github.flywheel4j.caching;

import io.github.flywheel4j.ChatCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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

    private static final String ANSWER = "a:";
    private static final String FILLED_BY = "i:";

    private final SharedTier tier;
    private final SharedTier.Subscriber subscriber;
    private final Bygone bygone;
    private final @Nullable SharedPairs pairs;
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
        this.pairs = semantic == null ? null : new SharedPairs(tier, semantic);
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
            tier.put(ANSWER + key, answer.toBytes(), timeToLive);
            tier.put(FILLED_BY + answer.filledBy(), key.toString().getBytes(StandardCharsets.US_ASCII), timeToLive);
            return true;
        });
    }

    /** The key of the answer that an interaction filled; null if it is not known, or nobody can be asked. */
    @Nullable
    CacheKey keyOf(UUID filledBy) {
        return attempt(() -> read(filledBy));
    }

    private @Nullable CacheKey read(UUID filledBy) {
        byte[] key = tier.get(FILLED_BY + filledBy);
        return key == null ? null : CacheKey.parse(new String(key, StandardCharsets.US_ASCII));
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
        if (pairs != null) {
            insist(Recall.ofExchange());
        }
    }

    private void insist(Recall recall) {
        if (!succeeds(() -> carryOut(recall))) {
            owed.add(recall);
        }
    }

    /** Does what is owed, or some of it if the tier fails again. */
    void settle() {
        owed.settle(recall -> succeeds(() -> carryOut(recall)));
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

    /**
     * Nodes are told twice: before, so that none stores what it was asked before, and after, so that none keeps what it fetched
     * until then.
     */
    private void carryOut(Recall recall) {
        List<Invalidation> messages = recall.messages();
        publish(messages);
        List<String> names = new ArrayList<>(recall.names());
        recall.interactions().forEach((filledBy, key) -> {
            names.add(FILLED_BY + filledBy);
            CacheKey made = key.orElseGet(() -> read(filledBy));
            if (made != null) {
                names.add(ANSWER + made);
            }
        });
        List<UUID> untold = recall.picks().isEmpty() ? List.of() : pick(recall.picks(), names);
        if (!names.isEmpty()) {
            tier.remove(names);
        }
        publish(messages);
        publish(Invalidation.ofInteractions(untold));
        if (!recall.pairs().isEmpty()) {
            SharedPairs.note(tier, recall.pairs());
            publish(recall.pairs().stream().map(Invalidation::ofPair).toList());
        }
        if (recall.isExchange() && pairs != null) {
            pairs.exchange();
        }
    }

    private void publish(List<Invalidation> messages) {
        messages.forEach(each -> tier.publish(each.toMessage()));
    }

    /** Adds the names of the answers that are picked, and returns those of which nodes do not know that they are. */
    private List<UUID> pick(List<Recall.Pick> picks, List<String> names) {
        List<UUID> untold = new ArrayList<>();
        tier.forEach((name, bytes) -> {
            StoredAnswer answer = name.startsWith(ANSWER)
                    ? StoredAnswer.fromBytes(bytes).orElse(null)
                    : null;
            List<Recall.Pick> by = answer == null
                    ? List.of()
                    : picks.stream().filter(each -> each.what().test(answer)).toList();
            if (answer != null && !by.isEmpty()) {
                names.add(name);
                names.add(FILLED_BY + answer.filledBy());
                if (by.stream().noneMatch(Recall.Pick::isTold)) {
                    untold.add(answer.filledBy());
                }
            }
        });
        return untold;
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
