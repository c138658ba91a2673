package io.github.flywheel4j.caching;

import io.github.flywheel4j.caching.PairContext.Near;
import io.github.flywheel4j.caching.VectorIndex.Neighbour;
import io.github.flywheel4j.text.Spelling;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stored texts of all partitions, at most so many: the least recently stored or served goes first. Thread-safe; the
 * vectors are searched outside the lock.
 */
final class Entries {

    /** An entry that is wrong for so many texts is wrong altogether. */
    private static final int MOST_KNOWN_WRONG = 64;

    private final int most;
    private final Supplier<VectorIndex> indexes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, Entry> entries = new LinkedHashMap<>();
    private final Map<Partition, Vectors> partitions = new HashMap<>();

    Entries(int most, Supplier<VectorIndex> indexes) {
        this.most = most;
        this.indexes = indexes;
    }

    private static final class Vectors {
        final VectorIndex index;
        int size;

        Vectors(VectorIndex index) {
            this.index = index;
        }
    }

    /** An entry near a text, and how it stands there. */
    record Found(Entry entry, Near near, boolean knownWrong) {}

    List<Found> near(Partition partition, float[] vector, String text, int k) {
        VectorIndex index;
        lock.lock();
        try {
            Vectors vectors = partitions.get(partition);
            if (vectors == null) {
                return List.of();
            }
            index = vectors.index;
        } finally {
            lock.unlock();
        }
        List<Neighbour> neighbours = index.nearest(vector, k);
        UUID form = form(text);
        lock.lock();
        try {
            List<Found> found = new ArrayList<>(neighbours.size());
            for (Neighbour neighbour : neighbours) {
                Entry entry = entries.get(neighbour.id());
                if (entry != null && entry.partition.equals(partition)) {
                    Entry.Group group = entry.group();
                    found.add(new Found(
                            entry,
                            new Near(
                                    neighbour.similarity(),
                                    group,
                                    entry.density,
                                    entry.shape,
                                    entry.surprise,
                                    entry.judged,
                                    group.surprise,
                                    group.judged),
                            entry.knownWrong.contains(form)));
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    void add(Entry entry, float[] vector) {
        Vectors vectors;
        lock.lock();
        try {
            removeLocked(entry.id);
            vectors = partitions.computeIfAbsent(entry.partition, p -> new Vectors(indexes.get()));
            vectors.size++;
        } finally {
            lock.unlock();
        }
        // Outside the lock: an index that makes room for a vector takes milliseconds, and all lookups would wait for
        // it.
        vectors.index.add(entry.id, vector);
        lock.lock();
        try {
            Entry other = entries.remove(entry.id);
            entries.put(entry.id, entry);
            if (other != null) {
                // Stored meanwhile under the same id: it counts once.
                forget(other, !other.partition.equals(entry.partition));
            }
            while (entries.size() > most) {
                removeLocked(entries.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    void remove(UUID id) {
        lock.lock();
        try {
            removeLocked(id);
        } finally {
            lock.unlock();
        }
    }

    private void removeLocked(UUID id) {
        Entry entry = entries.remove(id);
        if (entry != null) {
            forget(entry, true);
        }
    }

    private void forget(Entry entry, boolean vectorToo) {
        Vectors vectors = partitions.get(entry.partition);
        if (vectors != null) {
            if (vectorToo) {
                vectors.index.remove(entry.id);
            }
            if (--vectors.size == 0) {
                partitions.remove(entry.partition);
            }
        }
    }

    /** Puts the entry behind all others in the order in which they go. */
    void used(UUID id) {
        lock.lock();
        try {
            Entry entry = entries.remove(id);
            if (entry != null) {
                entries.put(id, entry);
            }
        } finally {
            lock.unlock();
        }
    }

    void knownWrong(String text, UUID id) {
        lock.lock();
        try {
            Entry entry = entries.get(id);
            if (entry != null) {
                entry.knownWrong.add(form(text));
                if (entry.knownWrong.size() > MOST_KNOWN_WRONG) {
                    removeLocked(id);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Notes a verdict on a candidate; {@code asked} is the entry of the text that was asked, if it was stored. */
    void judged(UUID candidate, @Nullable UUID asked, double probability, boolean same) {
        lock.lock();
        try {
            double surprise = (same ? 1 : 0) - probability;
            Entry entry = entries.get(candidate);
            Entry own = asked == null ? null : entries.get(asked);
            if (entry != null) {
                entry.group().surprise += surprise;
                entry.group().judged++;
            }
            if (own != null) {
                own.surprise += surprise;
                own.judged++;
                if (same && entry != null) {
                    own.join(entry);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return entries.size();
        } finally {
            lock.unlock();
        }
    }

    /** What stays the same when a text is re-worded in case, white space or Unicode form; a digest, so that no text is kept. */
    private static UUID form(String text) {
        return UUID.nameUUIDFromBytes(Spelling.fold(text).getBytes(StandardCharsets.UTF_8));
    }
}
