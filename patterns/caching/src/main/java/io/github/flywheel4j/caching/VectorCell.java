package io.github.flywheel4j.caching;

import java.util.UUID;

/** Vectors that are near each other. Any number of threads may read its rows while one writes. */
final class VectorCell {

    private static final int LEAST_ROOM = 4;

    private final int capacity;
    private volatile VectorBlock<UUID> rows;
    private int count;

    VectorCell(int dimension, VectorCentre centre, int capacity) {
        this(new VectorBlock<>(dimension, centre, Math.min(capacity, LEAST_ROOM)), capacity);
    }

    private VectorCell(VectorBlock<UUID> rows, int capacity) {
        this.rows = rows;
        this.capacity = capacity;
    }

    /** The rows at this moment; some have lost their label. */
    VectorBlock<UUID> rows() {
        return rows;
    }

    /** How many rows have a label. */
    int count() {
        return count;
    }

    /** Whether no row can be appended; {@link #compact()} may help. */
    boolean isFull() {
        return rows.size() == capacity;
    }

    void append(UUID id, float[] vector) {
        VectorBlock<UUID> now = withRoom();
        now.append(id, vector);
        rows = now;
        count++;
    }

    /** Takes over a row of another cell. */
    void append(UUID id, VectorBlock<UUID> from, int row) {
        VectorBlock<UUID> now = withRoom();
        copy(id, from, row, now);
        rows = now;
        count++;
    }

    /** By a quarter: most cells of a cache are small ones, and doubling would waste a third of the memory. */
    private VectorBlock<UUID> withRoom() {
        VectorBlock<UUID> now = rows;
        return now.isFull() ? now.withCapacity(Math.min(capacity, now.capacity() * 5 / 4)) : now;
    }

    void remove(UUID id) {
        int row = rows.find(id);
        if (row >= 0) {
            remove(row);
        }
    }

    /** Takes the label off a row that has one. */
    void remove(int row) {
        rows.clear(row);
        count--;
    }

    /** Drops the rows without a label. */
    void compact() {
        renew(rows.centre());
    }

    /** Drops the rows without a label, and takes the signs of the others relative to a centre. */
    void renew(VectorCentre centre) {
        VectorBlock<UUID> old = rows;
        VectorBlock<UUID> fresh =
                new VectorBlock<>(old.dimension(), centre, Math.min(capacity, Math.max(LEAST_ROOM, count * 5 / 4)));
        for (int row = 0; row < old.size(); row++) {
            UUID id = old.label(row);
            if (id != null) {
                copy(id, old, row, fresh);
            }
        }
        rows = fresh;
    }

    private static void copy(UUID id, VectorBlock<UUID> from, int row, VectorBlock<UUID> to) {
        if (from.centre() == to.centre()) {
            to.append(id, from, row);
        } else {
            float[] vector = new float[from.dimension()];
            from.decode(row, vector, 0);
            to.append(id, vector);
        }
    }
}
