package io.github.flywheel4j.feedback;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded queue before any sink, so that giving an event never waits.
 *
 * <p>A thread of its own hands events on, in order and in batches. When the sink is slow or away, the queue fills; when it
 * is nearly full, it is emptied into files of the folder that {@link Builder#spillTo} names, and these are caught up with
 * later, also after a restart. What finds neither room in the queue nor on the disk is lost: counted ({@link #counts()}),
 * logged when it first happens and when the sink is closed, and never silent.
 *
 * <p>A sink that throws is offered the events again, after 0.1 seconds, then twice as long each time up to 10 seconds. An
 * event is given up only if the sink refuses it ({@link IllegalArgumentException}), or fails on it twice while it takes
 * those around it. Delivery is at least once: a sink may see an event again, with the same id.
 *
 * <p>Safety: an event in the queue dies with the process. A spilled one survives the process, not a power cut: the files
 * are not forced. What the sink took is as safe as the sink promises.
 *
 * <p>Thread-safe. Stateful: it owns two threads, the spill folder and the sink behind it, until it is closed.
 */
public final class AsyncSink implements FeedbackSink {

    private static final Logger LOG = LoggerFactory.getLogger(AsyncSink.class);
    private static final int BATCH = 1_024;
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** How much longer than the close timeout the threads may take to notice it. */
    private static final long NOTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final FeedbackSink sink;
    private final EventTally tally = new EventTally();
    private final ClosingTime closing = new ClosingTime();
    private final Duration closeTimeout;
    private final WaitingEvents waiting;
    private final @Nullable SpillFiles spill;
    private final Delivery delivery;
    private final Thread deliveryThread;
    private final @Nullable Overflow overflow;
    private final @Nullable Thread overflowThread;

    /** Of close, which waits for those that need the other lock. */
    private final ReentrantLock ending = new ReentrantLock();

    private boolean closed; // guarded by ending

    private AsyncSink(Builder builder) {
        this.sink = builder.sink;
        this.closeTimeout = builder.closeTimeout;
        this.waiting = new WaitingEvents(builder.capacity, tally);
        this.spill = builder.spillFolder == null ? null : new SpillFiles(builder.spillFolder, builder.spillLimit);
        this.delivery =
                new Delivery(new Handover(sink, tally), waiting, spill, tally, closing, Delivery.LAST_RETRY_NANOS);
        this.deliveryThread = daemon("flywheel4j-feedback", delivery);
        this.overflow = spill == null ? null : new Overflow(waiting, spill, tally, closing, builder.capacity);
        this.overflowThread = overflow == null ? null : daemon("flywheel4j-feedback-spill", overflow);
    }

    /** A queue before a sink, with the defaults of {@link Builder}. */
    public static AsyncSink before(FeedbackSink sink) {
        return builder(sink).build();
    }

    /** A builder. */
    public static Builder builder(FeedbackSink sink) {
        return new Builder(sink);
    }

    @Override
    public void accept(FeedbackEvent event) {
        offer(Objects.requireNonNull(event, "event"));
    }

    /** Takes an event that is made later, on the sink's thread. */
    void acceptLater(Supplier<FeedbackEvent> event) {
        offer(event);
    }

    /** False: it never waits. */
    @Override
    public boolean waits() {
        return false;
    }

    /** What became of the events so far. */
    public Counts counts() {
        return tally.counts(waiting.size());
    }

    /**
     * What became of events.
     *
     * @param accepted given to this sink
     * @param delivered taken by the sink behind it; more than accepted if events of an earlier run were caught up with
     * @param refused given up, because the sink behind it does not take them
     * @param lost found no room, or came after the end
     * @param spilled written to files on the way
     * @param queued waiting in memory now
     */
    public record Counts(long accepted, long delivered, long refused, long lost, long spilled, int queued) {}

    /**
     * Waits until everything given so far was taken, in files of earlier runs too, and flushes the sink behind it.
     *
     * @return whether it was; false if the time was not enough, or this thread was interrupted
     */
    public boolean flush(Duration timeout) {
        long until = System.nanoTime() + nanos(timeout);
        LockSupport.unpark(deliveryThread);
        while (!delivery.isIdle()) {
            if (System.nanoTime() - until > 0 || Thread.currentThread().isInterrupted() || !deliveryThread.isAlive()) {
                return false;
            }
            LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
        }
        sink.flush();
        return true;
    }

    /**
     * Equal to {@link #flush(Duration)} with the close timeout, but throws if that is not enough.
     *
     * @throws IllegalStateException if events still wait
     */
    @Override
    public void flush() {
        if (!flush(closeTimeout)) {
            throw new IllegalStateException(waiting.size() + " events still wait after " + closeTimeout
                    + " (expected: none; the sink behind is slow or away, see the log)");
        }
    }

    /**
     * Takes no more events, hands on what waits, for at most the close timeout, puts the rest into the spill folder, or
     * counts it as lost if there is none, and closes the sink behind it.
     */
    @Override
    public void close() {
        ending.lock();
        try {
            closeOnce();
        } finally {
            ending.unlock();
        }
    }

    private void closeOnce() {
        if (closed) {
            return;
        }
        closed = true;
        closing.begin(nanos(closeTimeout));
        boolean interrupted = end(overflowThread);
        interrupted |= end(deliveryThread);
        waiting.lock();
        try {
            // A sink that never returns still has what is in hand.
            waiting.end(BATCH, rest -> {
                int lost = overflow == null ? rest.size() : overflow.spill(rest).size();
                tally.lose(lost, "the sink behind did not take them before the end");
            });
            if (spill != null) {
                spill.close();
            }
        } catch (UncheckedIOException e) {
            LOG.warn("cannot close the spilled feedback events", e);
        } finally {
            waiting.unlock();
        }
        tally.atTheEnd();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        sink.close();
    }

    private void offer(Object entry) {
        tally.accept();
        if (closing.hasBegun()) {
            tally.lose(1, "the sink is closed");
            return;
        }
        int size = waiting.add(entry);
        if (size == 0) {
            return;
        }
        if (delivery.isAsleep()) {
            LockSupport.unpark(deliveryThread);
        }
        if (overflow != null && overflow.isNeededAt(size)) {
            LockSupport.unpark(overflowThread);
        }
    }

    private boolean end(@Nullable Thread thread) {
        if (thread == null) {
            return false;
        }
        LockSupport.unpark(thread);
        boolean interrupted = false;
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, closing.nanosLeft()) + NOTICE_NANOS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (thread.isAlive()) {
            thread.interrupt();
        }
        return interrupted;
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** At most 146 years, so that a time and another one can be added. */
    private static long nanos(Duration duration) {
        return Math.min(Long.MAX_VALUE / 2, TimeUnit.NANOSECONDS.convert(duration));
    }

    /** Builds queues before a sink. Not thread-safe. */
    public static final class Builder {

        private static final int DEFAULT_CAPACITY = 16_384;
        private static final long DEFAULT_SPILL_LIMIT = 256L << 20;
        private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(10);

        private final FeedbackSink sink;
        private int capacity = DEFAULT_CAPACITY;
        private @Nullable Path spillFolder;
        private long spillLimit = DEFAULT_SPILL_LIMIT;
        private Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;

        private Builder(FeedbackSink sink) {
            this.sink = Objects.requireNonNull(sink, "sink");
        }

        /** How many events may wait in memory; 16,384 unless told, over a second of a busy service. */
        public Builder capacity(int events) {
            this.capacity = events;
            return this;
        }

        /**
         * Where events go when the queue is nearly full; nowhere unless told, because a library does not choose places on a
         * disk. The folder is made if need be, and belongs to this sink alone.
         */
        public Builder spillTo(Path folder) {
            this.spillFolder = Objects.requireNonNull(folder, "folder");
            return this;
        }

        /** How many bytes the spill folder may take; 256 MiB unless told, about a quarter of a million events. */
        public Builder spillLimit(long bytes) {
            this.spillLimit = bytes;
            return this;
        }

        /** How long {@link AsyncSink#close()} waits for the sink behind; 10 seconds unless told. */
        public Builder closeTimeout(Duration timeout) {
            this.closeTimeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Builds the sink and starts its threads.
         *
         * @throws IllegalArgumentException if a setting is out of its range
         * @throws IllegalStateException if another sink uses the spill folder
         * @throws UncheckedIOException if the spill folder cannot be made or written
         */
        public AsyncSink build() {
            if (capacity <= 0) {
                throw new IllegalArgumentException("capacity: " + capacity + " (expected: > 0)");
            }
            if (spillLimit <= 0) {
                throw new IllegalArgumentException("spillLimit: " + spillLimit + " bytes (expected: > 0)");
            }
            if (closeTimeout.isNegative()) {
                throw new IllegalArgumentException("closeTimeout: " + closeTimeout + " (expected: >= 0)");
            }
            AsyncSink async = new AsyncSink(this);
            async.deliveryThread.start();
            if (async.overflowThread != null) {
                async.overflowThread.start();
            }
            return async;
        }
    }
}
