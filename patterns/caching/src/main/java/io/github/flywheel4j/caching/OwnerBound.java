package io.github.flywheel4j.caching;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How many answers one owner may have here: the oldest makes room, so that who asks a million questions pushes out their own
 * answers alone. Thread-safe.
 *
 * @param <T> what an owner is known by
 */
final class OwnerBound<T> {

    private final int most;
    private final ConcurrentHashMap<T, LinkedHashSet<CacheKey>> owned = new ConcurrentHashMap<>();

    OwnerBound(int most) {
        this.most = most;
    }

    /** Notes an answer; the key that has to go for it, if any. Nothing is noted of nobody. */
    Optional<CacheKey> add(@Nullable T owner, CacheKey key) {
        if (owner == null) {
            return Optional.empty();
        }
        AtomicReference<@Nullable CacheKey> oldest = new AtomicReference<>();
        owned.compute(owner, (name, before) -> {
            LinkedHashSet<CacheKey> keys = before == null ? new LinkedHashSet<>() : before;
            keys.remove(key);
            keys.add(key);
            if (keys.size() > most) {
                Iterator<CacheKey> inOrder = keys.iterator();
                oldest.set(inOrder.next());
                inOrder.remove();
            }
            return keys;
        });
        return Optional.ofNullable(oldest.get());
    }

    void remove(@Nullable T owner, CacheKey key) {
        if (owner != null) {
            owned.computeIfPresent(owner, (name, keys) -> {
                keys.remove(key);
                return keys.isEmpty() ? null : keys;
            });
        }
    }

    int owners() {
        return owned.size();
    }
}
