package io.github.flywheel4j.caching;

import java.util.Arrays;

/**
 * The rows with the greatest scores among those offered, at most a number of them. Not thread-safe.
 *
 * <p>Twice as many are collected, then the lesser half is dropped: a few nanoseconds an offer, where a heap takes a hundred.
 * An item is one number, score before place, so that comparing numbers compares scores.
 */
final class NearestRows {

    private static final int ROW_BITS = 20;

    /** The greatest row of a block. */
    static final int MOST_ROWS = 1 << ROW_BITS;

    private final int capacity;
    private final long[] items;
    private int size;
    private float floor = Float.NEGATIVE_INFINITY;

    NearestRows(int capacity) {
        this.capacity = capacity;
        this.items = new long[2 * capacity];
    }

    /** A score that is not above this need not be offered. */
    float floor() {
        return floor;
    }

    /** From now on only scores above this are kept. */
    void raiseFloor(float to) {
        floor = Math.max(floor, to);
    }

    void offer(float score, int block, int row) {
        if (score > floor) {
            items[size++] = (long) ordered(Float.floatToRawIntBits(score)) << 32 | (long) block << ROW_BITS | row;
            if (size == items.length) {
                dropLesserHalf();
            }
        }
    }

    /** Offers all that another one has. */
    void offer(NearestRows others) {
        for (int i = 0; i < others.size; i++) {
            offer(others.score(i), others.block(i), others.row(i));
        }
    }

    /** Drops what is more than wanted; the rest stands about in the order in which it was offered, where little was dropped. */
    void trim() {
        if (size > capacity) {
            dropLesserHalf();
        }
    }

    /** Sorts what there is, the greatest score first; nothing may be offered after. */
    void sort() {
        trim();
        Arrays.sort(items, 0, size);
        for (int i = 0, j = size - 1; i < j; i++, j--) {
            long item = items[i];
            items[i] = items[j];
            items[j] = item;
        }
    }

    int size() {
        return size;
    }

    float score(int index) {
        return Float.intBitsToFloat(ordered((int) (items[index] >> 32)));
    }

    int block(int index) {
        return (int) items[index] >>> ROW_BITS;
    }

    int row(int index) {
        return (int) items[index] & MOST_ROWS - 1;
    }

    /** The bits of a float as a number with the same order, and back. */
    private static int ordered(int bits) {
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    /** Hoare's selection: afterwards the greater half stands in front. */
    private void dropLesserHalf() {
        int from = 0;
        int to = size - 1;
        while (from < to) {
            long pivot = items[(from + to) >>> 1];
            int left = from;
            int right = to;
            while (left <= right) {
                while (items[left] > pivot) {
                    left++;
                }
                while (items[right] < pivot) {
                    right--;
                }
                if (left <= right) {
                    long item = items[left];
                    items[left++] = items[right];
                    items[right--] = item;
                }
            }
            if (capacity - 1 <= right) {
                to = right;
            } else if (capacity - 1 >= left) {
                from = left;
            } else {
                break;
            }
        }
        size = capacity;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < capacity; i++) {
            least = Math.min(least, items[i]);
        }
        floor = Float.intBitsToFloat(ordered((int) (least >> 32)));
    }
}
