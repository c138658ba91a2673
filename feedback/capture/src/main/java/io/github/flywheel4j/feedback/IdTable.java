package io.github.flywheel4j.feedback;

import java.util.UUID;

/**
 * Numbers by id, in one array that is half full at most: 32 bytes an id, and 16 to 32 for each number. For passes over many
 * million events, of which a map of objects would hold ten times as much. Not thread-safe.
 */
final class IdTable {

    private final int width;

    /** Rows of an id's two halves and its numbers; the last row is of the id that is zero, because zero marks an empty row. */
    private long[] rows;

    private int capacity = 32;
    private int size;
    private boolean hasZero;

    IdTable(int numbers) {
        this.width = 2 + numbers;
        this.rows = new long[(capacity + 1) * width];
    }

    int size() {
        return size;
    }

    /** The row of an id, which is added with zeros if it is not there; good until the next one is added. */
    int add(UUID id) {
        if (size * 2 >= capacity) {
            grow();
        }
        int row = row(rows, capacity, id.getMostSignificantBits(), id.getLeastSignificantBits());
        if (!isThere(row)) {
            rows[row] = id.getMostSignificantBits();
            rows[row + 1] = id.getLeastSignificantBits();
            hasZero |= row == capacity * width;
            size++;
        }
        return row;
    }

    /** The row of an id; -1 if it is not there. */
    int find(UUID id) {
        int row = row(rows, capacity, id.getMostSignificantBits(), id.getLeastSignificantBits());
        return isThere(row) ? row : -1;
    }

    long get(int row, int number) {
        return rows[row + 2 + number];
    }

    void set(int row, int number, long value) {
        rows[row + 2 + number] = value;
    }

    private boolean isThere(int row) {
        return row == capacity * width ? hasZero : rows[row] != 0 || rows[row + 1] != 0;
    }

    private void grow() {
        int larger = capacity * 2;
        long[] grown = new long[(larger + 1) * width];
        for (int from = 0; from < capacity * width; from += width) {
            if (isThere(from)) {
                System.arraycopy(rows, from, grown, row(grown, larger, rows[from], rows[from + 1]), width);
            }
        }
        System.arraycopy(rows, capacity * width, grown, larger * width, width);
        rows = grown;
        capacity = larger;
    }

    /** Where an id is, or where it belongs. */
    private int row(long[] in, int slots, long high, long low) {
        if (high == 0 && low == 0) {
            return slots * width;
        }
        long mixed = (high ^ Long.rotateLeft(low, 32)) * 0x9e3779b97f4a7c15L;
        int slot = (int) (mixed >>> 33) & (slots - 1);
        while (true) {
            int row = slot * width;
            if ((in[row] == 0 && in[row + 1] == 0) || (in[row] == high && in[row + 1] == low)) {
                return row;
            }
            slot = (slot + 1) & (slots - 1);
        }
    }
}
