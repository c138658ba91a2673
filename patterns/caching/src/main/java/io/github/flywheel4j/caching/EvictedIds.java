package io.github.flywheel4j.caching;

import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The calls on which somebody said that their answer must go, the newest ones: it may still be in the making, or on its way from
 * a shared tier. An id never comes again, so nothing is forgotten but to bound the memory. Thread-safe.
 */
final class EvictedIds {

    /** Some 10 MB; people find a few a day. */
    private static final int MOST = 100_000;

    private final Set<UUID> ids = ConcurrentHashMap.newKeySet();
    private final Queue<UUID> inOrder = new ConcurrentLinkedQueue<>();

    void add(UUID id) {
        if (ids.add(id)) {
            inOrder.add(id);
            UUID oldest = ids.size() > MOST ? inOrder.poll() : null;
            if (oldest != null) {
                ids.remove(oldest);
            }
        }
    }

    boolean has(UUID id) {
        return ids.contains(id);
    }
}
