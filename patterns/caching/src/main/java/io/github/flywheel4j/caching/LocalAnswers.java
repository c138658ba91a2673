package io.github.flywheel4j.caching;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The answers in this node's memory: bounded in bytes, per user and per tenant, each for its time.
 *
 * <p>Thread-safe. An answer is removed under its key; what hangs on its id goes with it. An interaction has one answer here: an
 * id that stood for two would take back only one of them.
 */
final class LocalAnswers {

    private final Cache<CacheKey, ReadyAnswer> entries;
    private final ConcurrentHashMap<UUID, CacheKey> keys = new ConcurrentHashMap<>();
    private final OwnerBound<ReadyAnswer.User> users;
    private final OwnerBound<String> tenants;
    private final Consumer<UUID> onGone;
    private final Queue<UUID> gone = new ConcurrentLinkedQueue<>();

    /**
     * @param keepStale how long after its time an answer is kept
     * @param onGone hears the ids of answers that are no longer here
     */
    LocalAnswers(
            long mostBytes,
            int mostPerUser,
            int mostPerTenant,
            Duration keepStale,
            Clock clock,
            LongSupplier ticker,
            Consumer<UUID> onGone) {
        this.users = new OwnerBound<>(mostPerUser);
        this.tenants = new OwnerBound<>(mostPerTenant);
        this.onGone = onGone;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(mostBytes)
                .weigher((CacheKey key, ReadyAnswer entry) -> entry.answer().weight())
                // An answer that takes another's place has a time of its own.
                .expireAfter(Expiry.writing((CacheKey key, ReadyAnswer entry) -> Duration.ofMillis(
                                Math.max(0, entry.freshUntil() - clock.millis()))
                        .plus(keepStale)))
                .ticker(ticker::getAsLong)
                // On the thread that causes them: what hangs on an answer must not outlive it.
                .executor(Runnable::run)
                .removalListener(this::removed)
                .build();
    }

    @Nullable
    ReadyAnswer get(CacheKey key) {
        ReadyAnswer entry = entries.getIfPresent(key);
        tellGone();
        return entry;
    }

    @Nullable
    ReadyAnswer get(UUID filledBy) {
        CacheKey key = keys.get(filledBy);
        ReadyAnswer entry = key == null ? null : get(key);
        return entry != null && entry.answer().filledBy().equals(filledBy) ? entry : null;
    }

    @Nullable
    CacheKey keyOf(UUID filledBy) {
        return keys.get(filledBy);
    }

    /**
     * Puts an answer in the place of what is under the key, and of another answer of the same interaction: where a layer
     * further out asks for two things in one call, the later one stays. Whose answers went for it is told by the next
     * {@link #tellGone()} alone: it is put under a lock.
     *
     * @return the key of that other answer; null if there was none
     */
    @Nullable
    CacheKey put(CacheKey key, ReadyAnswer entry) {
        // Everything that hangs on an entry comes before it, because the entry may be gone as soon as it is put.
        UUID id = entry.answer().filledBy();
        CacheKey before = keys.put(id, key);
        CacheKey other = before == null || before.equals(key) ? null : before;
        if (other != null) {
            take(other, id);
        }
        Optional<CacheKey> oldestOfUser = users.add(entry.user(), key);
        Optional<CacheKey> oldestOfTenant = tenants.add(entry.tenant(), key);
        entries.put(key, entry);
        // Once more: this very answer may have been here before, and its removal, told late, may have taken the key
        // along.
        CacheKey now = keys.compute(id, (same, held) -> held == null ? key : held);
        if (!key.equals(
                now)) { // another one of this interaction came at the same time, and was too early to see this one
            take(key, id);
        } else if (!holds(key, id)) { // gone already, and told before the key was there again
            keys.remove(id, key);
        }
        oldestOfUser.ifPresent(entries::invalidate);
        oldestOfTenant.ifPresent(entries::invalidate);
        return other;
    }

    /** Removes what is under a key, if that interaction filled it. */
    boolean remove(CacheKey key, UUID filledBy) {
        boolean removed = take(key, filledBy);
        tellGone();
        return removed;
    }

    private boolean holds(CacheKey key, UUID filledBy) {
        ReadyAnswer entry = entries.policy().getIfPresentQuietly(key);
        return entry != null && entry.answer().filledBy().equals(filledBy);
    }

    private boolean take(CacheKey key, UUID filledBy) {
        ReadyAnswer entry = entries.policy().getIfPresentQuietly(key);
        return entry != null
                && entry.answer().filledBy().equals(filledBy)
                && entries.asMap().remove(key, entry);
    }

    /** Removes the answers that a predicate picks; their keys with them. */
    Map<CacheKey, ReadyAnswer> removeIf(Predicate<StoredAnswer> predicate) {
        Map<CacheKey, ReadyAnswer> picked = new ConcurrentHashMap<>();
        entries.asMap().forEach((key, entry) -> {
            if (predicate.test(entry.answer()) && entries.asMap().remove(key, entry)) {
                picked.put(key, entry);
            }
        });
        tellGone();
        return picked;
    }

    long size() {
        entries.cleanUp();
        tellGone();
        return entries.estimatedSize();
    }

    long bytes() {
        return entries.policy()
                .eviction()
                .map(policy -> policy.weightedSize())
                .orElse(OptionalLong.empty())
                .orElse(0);
    }

    /** What is kept beside the entries: for tests that nothing is left behind. */
    int idsAndOwners() {
        return keys.size() + users.owners() + tenants.owners();
    }

    private void removed(@Nullable CacheKey key, @Nullable ReadyAnswer entry, RemovalCause cause) {
        if (key == null || entry == null) {
            return;
        }
        ReadyAnswer now = entries.policy().getIfPresentQuietly(key);
        if (now == null || !Objects.equals(now.user(), entry.user())) {
            users.remove(entry.user(), key);
        }
        if (now == null || !Objects.equals(now.tenant(), entry.tenant())) {
            tenants.remove(entry.tenant(), key);
        }
        UUID id = entry.answer().filledBy();
        if (now == null
                || !now.answer().filledBy().equals(id)) { // else the same answer once more, from the shared tier
            // Looked at again where nobody can put the key meanwhile.
            keys.computeIfPresent(id, (same, held) -> held.equals(key) && !holds(key, id) ? null : held);
            gone.add(id);
        }
    }

    /** Tells of the answers that went: a search index may take its time to let go of one, and the cause may hold a lock. */
    void tellGone() {
        UUID next = gone.poll();
        while (next != null) {
            onGone.accept(next);
            next = gone.poll();
        }
    }
}
