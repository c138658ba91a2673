package io.github.flywheel4j.caching;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What could not be taken back. Thread-safe. */
final class OwedRecall {

    private final ReentrantLock lock = new ReentrantLock();

    /** One at a time: who comes second finds nothing left, and goes on as if all were done. */
    private final ReentrantLock settling = new ReentrantLock();

    private Recall owed = new Recall();
    private boolean isUnderWay;

    void add(Recall recall) {
        lock.lock();
        try {
            owed.add(recall);
        } finally {
            lock.unlock();
        }
    }

    /** Whether all is done, also what is being done at the moment. */
    boolean isEmpty() {
        lock.lock();
        try {
            return owed.isEmpty() && !isUnderWay;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does what is owed; what is owed meanwhile is left for the next time.
     *
     * @param action says whether it did it
     */
    void settle(Predicate<Recall> action) {
        settling.lock();
        try {
            Recall all = take();
            boolean done = false;
            try {
                done = all.isEmpty() || action.test(all);
            } finally {
                putBack(done ? new Recall() : all);
            }
        } finally {
            settling.unlock();
        }
    }

    private Recall take() {
        lock.lock();
        try {
            Recall all = owed;
            owed = new Recall();
            isUnderWay = true;
            return all;
        } finally {
            lock.unlock();
        }
    }

    private void putBack(Recall left) {
        lock.lock();
        try {
            owed.add(left);
            isUnderWay = false;
        } finally {
            lock.unlock();
        }
    }
}
