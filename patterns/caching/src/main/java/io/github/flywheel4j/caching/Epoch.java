package io.github.flywheel4j.caching;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;

/**
 * The time between two invalidations, as a number that grows. What was asked in an earlier one may rest on what is no longer so.
 *
 * <p>Thread-safe. Storing excludes the end of an epoch, so that an answer is either there before the end, and is seen by whoever
 * removes after it, or is not stored: at no moment can a call that begins after an invalidation find it. What is done under the
 * lock is short, and none of it is a user's code or a search index.
 */
final class Epoch {

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final AtomicLong number = new AtomicLong();

    long now() {
        return number.get();
    }

    /** Ends it, because answers are about to be removed, and returns the next one. */
    long end() {
        lock.writeLock().lock();
        try {
            return number.incrementAndGet();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Notes in the midst of it that one answer is taken back. */
    void note(Runnable action) {
        lock.writeLock().lock();
        try {
            action.run();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Stores, if it is still the epoch that it was; the action says whether it did. */
    boolean storeIfStill(long since, BooleanSupplier action) {
        lock.readLock().lock();
        try {
            return number.get() == since && action.getAsBoolean();
        } finally {
            lock.readLock().unlock();
        }
    }
}
