package io.github.flywheel4j.caching;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How rare a word is among the texts seen: counts by hash in a fixed space, so that memory does not grow with the stream.
 * Words that share a slot count as one, which makes them look a little less rare. Thread-safe; counts may be behind by what
 * other threads are just adding.
 */
final class RareWords {

    private static final int SLOTS = 1 << 16;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(SLOTS);
    private final AtomicLong texts = new AtomicLong();

    void add(TextShape text) {
        for (int word : text.contents()) {
            counts.incrementAndGet(slot(word));
        }
        texts.incrementAndGet();
    }

    /** The inverse document frequency over its highest value so far, 0 for a word of every text to about 1 for a new one. */
    double weight(int word) {
        double seen = texts.get();
        double highest = Math.log((seen + 1) / 0.5);
        return Math.max(0, Math.log((seen + 1) / (counts.get(slot(word)) + 0.5))) / highest;
    }

    private static int slot(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed >>> 16;
    }
}
