package io.github.flywheel4j.caching;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Which calls were served which answers, the newest ones. It is written at each hit, and a ring beside a map costs a tenth of
 * a cache that looks for the least used entry. Thread-safe.
 */
final class ServedAnswers {

    private final ConcurrentHashMap<UUID, Again> byCall = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<@Nullable UUID> ring;
    private final AtomicLong next = new AtomicLong();

    /**
     * An answer that was served once more.
     *
     * @param origin the interaction in which it was made
     * @param questions the one that it was served for and the one that it was made for, where these are two; else null. Whoever
     *     finds it wrong may come when the answer is long gone, so nothing of it is needed then.
     */
    record Again(UUID origin, KnownWrong.@Nullable Pair questions) {

        static Again asAsked(UUID origin) {
            return new Again(origin, null);
        }
    }

    ServedAnswers(int most) {
        this.ring = new AtomicReferenceArray<>(most);
    }

    void put(UUID call, Again again) {
        byCall.put(call, again);
        UUID oldest = ring.getAndSet((int) (next.getAndIncrement() % ring.length()), call);
        if (oldest != null && !oldest.equals(call)) {
            byCall.remove(oldest);
        }
    }

    @Nullable
    Again get(UUID call) {
        return byCall.get(call);
    }
}
