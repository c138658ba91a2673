package io.github.flywheel4j.caching;

import io.github.flywheel4j.caching.PairContext.Near;
import io.github.flywheel4j.caching.VectorIndex.Neighbour;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stored texts of all partitions, at most so many and of so many characters: the least recently stored or served goes first. Thread-safe; the
 * vectors are searched, added and removed outside the lock, because an index may be far away. What a removal that came before
 * its addition left in an index is removed as soon as it is met.
 */
final class Entries {

    /** An entry that is wrong for so many texts is wrong altogether. */
    private static final int MOST_KNOWN_WRONG = 64;

    /** What each text is given on average; a question has some 50 to 200. */
    private static final long CHARACTERS = 400;

    private final int most;
    private final long mostCharacters;
    private final Function<Partition, VectorIndex> indexes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, Entry> entries = new LinkedHashMap<>();
    private final Map<Partition, Vectors> partitions = new HashMap<>();
    private final KnownWrong knownWrong = new KnownWrong();
    private long characters;

    Entries(int most, Function<Partition, VectorIndex> indexes) {
        this.most = most;
        this.mostCharacters = Math.max(SemanticTier.LONGEST_QUESTION, CHARACTERS * most);
        this.indexes = indexes;
    }

    private static final class Vectors {
        final VectorIndex index;
        int size;

        Vectors(VectorIndex index) {
            this.index = index;
        }
    }

    /** An entry near a text, how it stands there, and the two as a pair that may be known to be wrong. */
    record Found(Entry entry, Near near, KnownWrong.Pair pair, boolean knownWrong) {}

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
        UUID form = KnownWrong.form(partition, text);
        List<UUID> strays = new ArrayList<>(0);
        lock.lock();
        try {
            List<Found> found = new ArrayList<>(neighbours.size());
            for (Neighbour neighbour : neighbours) {
                Entry entry = entries.get(neighbour.id());
                if (entry == null) {
                    strays.add(neighbour.id());
                } else if (entry.partition.equals(partition)) {
                    Entry.Group group = entry.group();
                    KnownWrong.Pair pair = KnownWrong.Pair.of(form, entry.form);
                    found.add(new Found(
                            entry,
                            new Near(
                                    neighbour.similarity(),
                                    group,
                                    entry.density,
                                    entry.shape,
                                    entry.surprise,
                                    entry.information,
                                    group.surprise,
                                    group.information),
                            pair,
                            knownWrong.contains(pair)));
                }
            }
            return found;
        } finally {
            lock.unlock();
            strays.forEach(index::remove);
        }
    }

    /** Stores an entry, unless its index throws. */
    void add(Entry entry, float[] vector) {
        List<Runnable> removals = new ArrayList<>(1);
        Vectors vectors;
        lock.lock();
        try {
            take(entry.id, removals);
            entries.put(entry.id, entry);
            characters += entry.text.length();
            vectors = partitions.computeIfAbsent(entry.partition, p -> new Vectors(indexes.apply(p)));
            vectors.size++;
            while (entries.size() > most || characters > mostCharacters) {
                take(entries.keySet().iterator().next(), removals);
            }
        } finally {
            lock.unlock();
        }
        removals.forEach(Runnable::run);
        try {
            vectors.index.add(entry.id, vector);
        } catch (RuntimeException e) {
            remove(entry.id);
            throw e;
        }
        if (get(entry.id) != entry) { // removed meanwhile
            vectors.index.remove(entry.id);
        }
    }

    private @Nullable Entry get(UUID id) {
        lock.lock();
        try {
            return entries.get(id);
        } finally {
            lock.unlock();
        }
    }

    void remove(UUID id) {
        List<Runnable> removals = new ArrayList<>(1);
        lock.lock();
        try {
            take(id, removals);
        } finally {
            lock.unlock();
        }
        removals.forEach(Runnable::run);
    }

    /** Takes an entry out; what is left to be done in its index is added to the removals. */
    private void take(UUID id, List<Runnable> removals) {
        Entry entry = entries.remove(id);
        Vectors vectors = entry == null ? null : partitions.get(entry.partition);
        if (entry != null) {
            characters -= entry.text.length();
        }
        if (entry != null && vectors != null) {
            removals.add(() -> vectors.index.remove(id));
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

    /** Notes that people found a pair wrong; its entries may be gone. */
    void toldWrong(KnownWrong.Pair pair) {
        lock.lock();
        try {
            knownWrong.told(pair);
        } finally {
            lock.unlock();
        }
    }

    /** The pairs that people found wrong. */
    List<KnownWrong.Pair> toldWrong() {
        lock.lock();
        try {
            return knownWrong.told();
        } finally {
            lock.unlock();
        }
    }

    boolean isKnownWrong(KnownWrong.Pair pair) {
        lock.lock();
        try {
            return knownWrong.contains(pair);
        } finally {
            lock.unlock();
        }
    }

    /** Notes that the judge found a pair wrong, of which the entry is one, or was. */
    void judgedWrong(KnownWrong.Pair pair, UUID id) {
        List<Runnable> removals = new ArrayList<>(0);
        lock.lock();
        try {
            boolean isNew = knownWrong.judged(pair);
            Entry entry = entries.get(id);
            if (isNew && entry != null && ++entry.timesWrong > MOST_KNOWN_WRONG) {
                take(id, removals);
            }
        } finally {
            lock.unlock();
        }
        removals.forEach(Runnable::run);
    }

    /** The pairs that are known to be wrong, also those whose entries are gone. */
    List<KnownWrong.Pair> knownWrong() {
        lock.lock();
        try {
            return knownWrong.all();
        } finally {
            lock.unlock();
        }
    }

    void restore(Collection<KnownWrong.Pair> pairs) {
        lock.lock();
        try {
            pairs.forEach(knownWrong::told);
        } finally {
            lock.unlock();
        }
    }

    /** Notes a verdict on a candidate; {@code asked} is the entry of the text that was asked, if it was stored. */
    void judged(UUID candidate, @Nullable UUID asked, double probability, boolean same) {
        lock.lock();
        try {
            double surprise = (same ? 1 : 0) - probability;
            double information = probability * (1 - probability);
            Entry entry = entries.get(candidate);
            Entry own = asked == null ? null : entries.get(asked);
            if (entry != null) {
                entry.group().surprise += surprise;
                entry.group().information += information;
            }
            if (own != null) {
                own.surprise += surprise;
                own.information += information;
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
}
