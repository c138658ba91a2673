package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work of the thread that empties a queue that is nearly full into the spill folder. */
final class Overflow implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(AsyncSink.class);
    private static final int BATCH = 256;

    private final WaitingEvents waiting;
    private final SpillFiles spill;
    private final EventTally tally;
    private final ClosingTime closing;
    private final int nearlyFull;
    private final int halfFull;

    /** Whether the last write failed, which was told then. Guarded by the lock of what waits. */
    private boolean failing;

    Overflow(WaitingEvents waiting, SpillFiles spill, EventTally tally, ClosingTime closing, int capacity) {
        this.waiting = waiting;
        this.spill = spill;
        this.tally = tally;
        this.closing = closing;
        this.nearlyFull = Math.max(1, capacity - capacity / 4);
        this.halfFull = capacity / 2;
    }

    /** Whether the thread is to be woken, when so many wait: once when they become too many, and again now and then. */
    boolean isNeededAt(int size) {
        return size >= nearlyFull && (size == nearlyFull || size % BATCH == 0);
    }

    @Override
    public void run() {
        while (!closing.hasBegun()) {
            boolean moved = false;
            try {
                moved = waiting.size() >= nearlyFull && moveToDisk();
            } catch (Throwable e) {
                LOG.warn(
                        "spilling feedback events threw {}; it goes on",
                        e.getClass().getName(),
                        e);
            }
            if (!moved) {
                LockSupport.parkNanos(this, TimeUnit.SECONDS.toNanos(1));
            }
        }
    }

    /** Empties half of the queue into files; false if the disk does not take it. */
    private boolean moveToDisk() {
        waiting.lock();
        try {
            while (waiting.size() > halfFull && !closing.hasBegun()) {
                if (!spill.hasRoom()) {
                    return false;
                }
                List<FeedbackEvent> batch = waiting.take(BATCH);
                if (batch.isEmpty()) {
                    return true;
                }
                List<FeedbackEvent> rest = batch;
                try {
                    rest = spill(batch);
                } finally {
                    waiting.bringBack(rest);
                }
                if (!rest.isEmpty()) {
                    return false;
                }
            }
            return true;
        } finally {
            waiting.unlock();
        }
    }

    /** Writes events into the spill folder; those that it did not take. The lock is held. */
    List<FeedbackEvent> spill(List<FeedbackEvent> batch) {
        if (!spill.hasRoom()) {
            return batch;
        }
        int[] unwritable = new int[1];
        try {
            List<FeedbackEvent> rest = spill.append(batch, event -> unwritable[0]++);
            tally.refuse(unwritable[0]);
            failing = false;
            tally.spill(batch.size() - rest.size() - unwritable[0], spill.folder());
            return rest;
        } catch (IOException | UncheckedIOException e) {
            if (!failing) {
                failing = true;
                LOG.warn("cannot spill feedback events to {}; tries again", spill.folder(), e);
            }
            return batch;
        }
    }
}
