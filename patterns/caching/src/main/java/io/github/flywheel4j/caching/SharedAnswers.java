package io.github.flywheel4j.caching;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers of a {@link SharedTier}, seen through what was invalidated here: a removal that the tier did not take, because
 * it was gone, is tried again and holds here at once. No failure of the tier is a failure of a call.
 *
 * <p>Thread-safe.
 */
final class SharedAnswers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedAnswers.class);

    private static final String ANSWER = "a:";
    private static final String FILLED_BY = "i:";

    /** Invalidations are rare; these are hours of them. */
    private static final int MOST_PREDICATES = 1_000;

    private static final int MOST_PENDING = 10_000;

    private final SharedTier tier;
    private final Clock clock;
    private final Runnable onFailure;
    private final ConcurrentLinkedDeque<Bygone> bygone = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedDeque<Runnable> pending = new ConcurrentLinkedDeque<>();
    private final AtomicInteger pendingCount = new AtomicInteger();
    private final Duration mostAge;
    private volatile SharedTier.@Nullable Subscription subscription;

    /** Answers made before that moment, of which the predicate holds, are no longer to be served. */
    private record Bygone(Instant before, Predicate<StoredAnswer> what) {}

    /** @param mostAge how long an answer can be in the tier at most */
    SharedAnswers(SharedTier tier, Duration mostAge, Clock clock, Runnable onFailure) {
        this.tier = tier;
        this.clock = clock;
        this.mostAge = mostAge;
        this.onFailure = onFailure;
    }

    /** Subscribes, at the latest when the tier is there; what was told before that was missed. */
    void subscribe(SharedTier.Subscriber subscriber) {
        Runnable late = () -> {
            subscription = tier.subscribe(subscriber);
            subscriber.missed();
        };
        if (!succeeds(() -> subscription = tier.subscribe(subscriber))) {
            later(late);
        }
    }

    @Nullable
    StoredAnswer get(CacheKey key) {
        catchUp();
        byte[] bytes = attempt(() -> tier.get(ANSWER + key));
        StoredAnswer answer =
                bytes == null ? null : StoredAnswer.fromBytes(bytes).orElse(null);
        return answer == null || isInvalid(answer) ? null : answer;
    }

    void put(CacheKey key, StoredAnswer answer, Duration timeToLive) {
        if (timeToLive.toMillis() < 1) {
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

    /** Tells all nodes something that removes no answer. */
    void tell(Invalidation what) {
        insist(() -> tier.publish(what.toMessage()));
    }

    /** Removes one answer from the tier and from all nodes. */
    void evict(UUID filledBy, @Nullable CacheKey key) {
        insist(() -> {
            // If nobody could be asked for the key before, it is asked for when the tier is back.
            CacheKey made = key == null ? read(filledBy) : key;
            List<String> names = new ArrayList<>(List.of(FILLED_BY + filledBy));
            if (made != null) {
                names.add(ANSWER + made);
            }
            tier.remove(names);
            tier.publish(Invalidation.ofInteraction(filledBy).toMessage());
        });
    }

    /** Removes the answers that the predicate picks from the tier, and those with the keys from all nodes; see there. */
    void evict(Predicate<StoredAnswer> what, Collection<CacheKey> here, Optional<Invalidation> everywhere) {
        insist(() -> {
            List<String> names = new ArrayList<>();
            List<Invalidation> told = new ArrayList<>();
            here.forEach(key -> names.add(ANSWER + key));
            tier.forEach((name, bytes) -> {
                if (name.startsWith(ANSWER)) {
                    StoredAnswer.fromBytes(bytes).filter(what).ifPresent(answer -> {
                        names.add(name);
                        names.add(FILLED_BY + answer.filledBy());
                        if (everywhere.isEmpty()) {
                            told.add(Invalidation.ofInteraction(answer.filledBy()));
                        }
                    });
                }
            });
            tier.remove(names);
            everywhere.ifPresent(told::add);
            told.forEach(each -> tier.publish(each.toMessage()));
        });
    }

    /** Removes what this node put while another one removed, and was too late to see: the keys it holds of what must go. */
    void removeLate(Collection<CacheKey> here) {
        if (!here.isEmpty()) {
            List<String> names = here.stream().map(key -> ANSWER + key).toList();
            insist(() -> tier.remove(names));
        }
    }

    /** From now on no answer made until now, of which the predicate holds, is served from the tier. */
    void forget(Predicate<StoredAnswer> what) {
        Instant now = clock.instant();
        bygone.add(new Bygone(now, what));
        Bygone oldest = bygone.peek();
        while (oldest != null
                && (bygone.size() > MOST_PREDICATES
                        || oldest.before().plus(mostAge).isBefore(now))) {
            bygone.poll();
            oldest = bygone.peek();
        }
    }

    @Override
    public void close() {
        SharedTier.Subscription open = subscription;
        if (open != null) {
            attempt(() -> {
                open.close();
                return true;
            });
        }
    }

    /** Whether it was taken back with others, as far as this node knows. */
    boolean isInvalid(StoredAnswer answer) {
        for (Bygone each : bygone) {
            if (!answer.filledAt().isAfter(each.before()) && each.what().test(answer)) {
                return true;
            }
        }
        return false;
    }

    private void insist(Runnable removal) {
        if (!succeeds(removal)) {
            later(removal);
        }
    }

    private void later(Runnable action) {
        if (pendingCount.get() < MOST_PENDING) {
            pendingCount.incrementAndGet();
            pending.add(action);
        }
    }

    /** Tries the removals that failed, until one fails again. */
    void catchUp() {
        Runnable next = pending.poll();
        while (next != null) {
            if (!succeeds(next)) {
                pending.addFirst(next);
                return;
            }
            pendingCount.decrementAndGet();
            next = pending.poll();
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
