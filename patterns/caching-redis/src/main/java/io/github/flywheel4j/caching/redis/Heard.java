package io.github.flywheel4j.caching.redis;

import java.util.concurrent.atomic.AtomicLong;

/** Up to which number all that was published was heard, one after the other, by all who listen here. Thread-safe. */
final class Heard {

    /** Nobody listens, so nothing can be missed. */
    static final long NOBODY = -1;

    /** Nothing was heard yet, and whatever was published before matters to nobody. */
    private static final long NOTHING_YET = -2;

    private static final long UNKNOWN = -3;

    private final AtomicLong upTo = new AtomicLong(NOBODY);

    /** The number, {@link #NOBODY}, or one that no server ever counted. */
    long upTo() {
        return upTo.get();
    }

    /** Somebody listens from now on. */
    void begin() {
        upTo.compareAndSet(NOBODY, NOTHING_YET);
    }

    /** Nothing up to this number was missed by those who have just begun. */
    void nothingBefore(long published) {
        upTo.updateAndGet(known -> known == NOTHING_YET ? published : known);
    }

    /** All heard this one; false if one before it was missed. */
    boolean next(long number) {
        long known = upTo.getAndUpdate(before -> before == NOTHING_YET || number == before + 1 ? number : before);
        return known < 0 || number <= known + 1;
    }

    /** All were told that anything up to this number may have been missed. */
    void allUpTo(long published) {
        upTo.accumulateAndGet(published, Math::max);
    }

    /** What was known is of no use: the server counts anew. */
    void forget() {
        upTo.set(UNKNOWN);
    }
}
