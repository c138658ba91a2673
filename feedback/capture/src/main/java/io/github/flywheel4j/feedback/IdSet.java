package io.github.flywheel4j.feedback;

import java.util.UUID;

/** A set of ids in two longs each, half full at most: 32 bytes an id. Not thread-safe. */
final class IdSet {

    private long[] slots = new long[64];
    private int size;
    private boolean hasZero;

    /** Adds an id; false if it was in the set. */
    boolean add(UUID id) {
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        if (high == 0 && low == 0) {
            boolean added = !hasZero;
            hasZero = true;
            return added;
        }
        if (size * 4 >= slots.length) {
            grow();
        }
        return put(slots, high, low) && ++size > 0;
    }

    boolean contains(UUID id) {
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        if (high == 0 && low == 0) {
            return hasZero;
        }
        int slot = slot(slots, high, low);
        return slots[2 * slot] == high && slots[2 * slot + 1] == low;
    }

    private void grow() {
        long[] larger = new long[slots.length * 2];
        for (int i = 0; i < slots.length; i += 2) {
            if (slots[i] != 0 || slots[i + 1] != 0) {
                put(larger, slots[i], slots[i + 1]);
            }
        }
        slots = larger;
    }

    private static boolean put(long[] slots, long high, long low) {
        int slot = slot(slots, high, low);
        if (slots[2 * slot] == high && slots[2 * slot + 1] == low) {
            return false;
        }
        slots[2 * slot] = high;
        slots[2 * slot + 1] = low;
        return true;
    }

    /** Where an id is, or where it belongs. */
    private static int slot(long[] slots, long high, long low) {
        int mask = slots.length / 2 - 1;
        long mixed = (high ^ Long.rotateLeft(low, 32)) * 0x9e3779b97f4a7c15L;
        int slot = (int) (mixed >>> 33) & mask;
        while ((slots[2 * slot] != 0 || slots[2 * slot + 1] != 0)
                && (slots[2 * slot] != high || slots[2 * slot + 1] != low)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
