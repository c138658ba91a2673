package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work of the thread that hands events on, oldest first: those in the spill folder, then those in memory. */
final class Delivery implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(AsyncSink.class);
    private static final int BATCH = 1_024;
    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    static final long LAST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);
    /**
     * Waking a sleeping thread costs the caller some microseconds; so the thread looks again by itself for a while before it
     * sleeps until it is woken.
     */
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int LOOKS_BEFORE_SLEEP = 50;

    /** How often the sink takes another event and fails on this one before this one is given up. */
    private static final int PROOFS = 3;

    private final Handover handover;
    private final WaitingEvents waiting;
    private final @Nullable SpillFiles spill;
    private final EventTally tally;
    private final ClosingTime closing;
    private final long unreadableRetryNanos;
    private boolean delivering; // guarded by the lock of what waits
    private volatile boolean asleep;

    Delivery(
            Handover handover,
            WaitingEvents waiting,
            @Nullable SpillFiles spill,
            EventTally tally,
            ClosingTime closing,
            long unreadableRetryNanos) {
        this.handover = handover;
        this.waiting = waiting;
        this.spill = spill;
        this.tally = tally;
        this.closing = closing;
        this.unreadableRetryNanos = unreadableRetryNanos;
    }

    /** Whether the thread sleeps until somebody wakes it. */
    boolean isAsleep() {
        return asleep;
    }

    /** Whether everything was handed on. */
    boolean isIdle() {
        waiting.lock();
        try {
            return !delivering && waiting.isEmpty() && (spill == null || spill.isEmpty());
        } finally {
            waiting.unlock();
        }
    }

    @Override
    public void run() {
        int looks = 0;
        while (!closing.isOver()) {
            boolean worked;
            try {
                worked = deliverSome();
            } catch (Throwable e) {
                LOG.warn(
                        "handing on feedback events threw {}; it goes on",
                        e.getClass().getName(),
                        e);
                worked = false;
            }
            if (worked) {
                looks = 0;
            } else if (closing.hasBegun()) {
                return;
            } else if (looks++ < LOOKS_BEFORE_SLEEP) {
                LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
            } else {
                asleep = true;
                if (waiting.isQueueEmpty() && !closing.hasBegun()) {
                    LockSupport.park(this);
                }
                asleep = false;
                looks = 0;
            }
        }
    }

    /** Hands on what is oldest; whether there was anything. */
    boolean deliverSome() throws IOException {
        Path file;
        List<FeedbackEvent> batch;
        waiting.lock();
        try {
            file = spill == null ? null : spill.oldest();
            batch = file == null ? waiting.takeInHand(BATCH) : List.of();
            delivering = file != null || !batch.isEmpty();
        } finally {
            waiting.unlock();
        }
        try {
            if (file != null && spill != null) {
                return deliver(file, spill);
            }
            return !batch.isEmpty() && deliver(batch, null);
        } finally {
            waiting.lock();
            try {
                waiting.bringBackFromHand();
                delivering = false;
            } finally {
                waiting.unlock();
            }
        }
    }

    private boolean deliver(Path file, SpillFiles files) throws IOException {
        try (Lines lines = Lines.of(file, SpillFiles.LONGEST_EVENT)) {
            for (List<FeedbackEvent> batch = nextOf(lines); !batch.isEmpty(); batch = nextOf(lines)) {
                if (!deliver(batch, file)) {
                    return false;
                }
            }
        } catch (NoSuchFileException e) {
            LOG.warn("{} with spilled feedback events was deleted by somebody else; its events are lost", file);
        } catch (SchemaTooNew e) {
            LOG.warn("{} is left for a newer version of this library, which spilled feedback events there", file);
            waiting.lock();
            try {
                files.leave(file);
            } finally {
                waiting.unlock();
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("cannot read spilled feedback events in {}; tries again", file, e);
            return waitBeforeTry(unreadableRetryNanos);
        }
        waiting.lock();
        try {
            if (!waiting.hasEnded()) {
                files.delete(file);
            }
        } finally {
            waiting.unlock();
        }
        return true;
    }

    private List<FeedbackEvent> nextOf(Lines lines) throws IOException {
        List<FeedbackEvent> batch = new ArrayList<>();
        while (batch.size() < BATCH && lines.next()) {
            FeedbackEvent event = lines.eventOrNull();
            if (event == null) {
                tally.lose(1, "a spilled line cannot be read");
            } else {
                batch.add(event);
            }
        }
        return batch;
    }

    /**
     * Hands on a batch, as often as it takes; false if time ran out.
     *
     * @param file where the events are on the disk; null if they are in hand
     */
    private boolean deliver(List<FeedbackEvent> batch, @Nullable Path file) {
        List<FeedbackEvent> rest = batch;
        long wait = FIRST_RETRY_NANOS;
        int proofs = 0;
        while (true) {
            rest = handover.offer(rest);
            dropInterrupt();
            waiting.hold(file == null ? rest : List.of());
            if (!rest.isEmpty() && takesAnother(rest, file) && ++proofs == PROOFS) {
                handover.giveUp(rest);
                rest = List.of();
                waiting.hold(rest);
            }
            if (rest.isEmpty()) {
                return true;
            }
            if (!waitBeforeTry(wait)) {
                return false;
            }
            wait = Math.min(wait * 2, LAST_RETRY_NANOS);
        }
    }

    /**
     * Whether the sink takes the next event behind those that it does not take. It has to be one that the sink has not had
     * yet: a store that knows an event may say yes without writing.
     */
    private boolean takesAnother(List<FeedbackEvent> untaken, @Nullable Path file) {
        List<FeedbackEvent> held = file == null ? untaken : List.of();
        FeedbackEvent another;
        boolean inMemory;
        waiting.lock();
        try {
            inMemory = spill == null || !spill.hasOtherThan(file);
            another = inMemory || spill == null ? waiting.takeAnother(held) : spill.oldestNotIn(file);
        } finally {
            waiting.unlock();
        }
        if (another == null) {
            return false;
        }
        Handover.Offered offered = handover.offerOne(another);
        dropInterrupt();
        if (inMemory) {
            waiting.settle(another, offered == Handover.Offered.FAILED, held);
        }
        return offered == Handover.Offered.TAKEN;
    }

    /**
     * A sink may leave its thread interrupted, and then no wait waits, no file is read and no sink that minds it takes
     * anything. At the end it is close that interrupts.
     */
    private void dropInterrupt() {
        if (!closing.hasBegun()) {
            boolean unused = Thread.interrupted();
        }
    }

    /** Waits; false if time runs out before. */
    private boolean waitBeforeTry(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() - until < 0) {
            if (closing.isOver()) {
                return false;
            }
            LockSupport.parkNanos(this, Math.min(nanos, FIRST_RETRY_NANOS));
        }
        return !closing.isOver();
    }
}
