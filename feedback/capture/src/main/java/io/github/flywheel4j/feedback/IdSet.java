package io.github.flywheel4j.feedback;

import java.util.UUID;

/** A set of ids: 32 to 64 bytes an id. Not thread-safe. */
final class IdSet {

    private final IdTable ids = new IdTable(0);

    /** Adds an id; false if it was in the set. */
    boolean add(UUID id) {
        int before = ids.size();
        int unused = ids.add(id);
        return ids.size() > before;
    }

    boolean contains(UUID id) {
        return ids.find(id) >= 0;
    }
}
