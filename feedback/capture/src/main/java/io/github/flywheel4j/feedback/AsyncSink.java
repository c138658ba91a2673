package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
    private static final int SPILL_BATCH = 256;
    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LAST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);
    /**
     * Waking a sleeping thread costs the caller some microseconds; so the thread looks again by itself for a while before it
     * sleeps until it is woken.
     */
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int LOOKS_BEFORE_SLEEP = 50;

    private final FeedbackSink sink;
    private final int capacity;
    private final int nearlyFull;
    private final Duration closeTimeout;
    private final @Nullable SpillFiles spill;

    /** Events, and suppliers of events that are yet to be put into their stored form. */
    private final ConcurrentLinkedQueue<Object> queue = new ConcurrentLinkedQueue<>();

    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong spilled = new AtomicLong();

    /** Held while events leave the queue, so that they leave it in order whoever takes them. */
    private final ReentrantLock leaving = new ReentrantLock();
    /** Taken from the queue for the disk, which did not take them; older than all in the queue. Guarded by the lock. */
    private final Deque<FeedbackEvent> stranded = new ArrayDeque<>();

    private final ReentrantLock ending =
            new ReentrantLock(); // of close, which waits for those that need the other lock
    private boolean delivering; // guarded by the lock
    private final Thread delivery;
    private final @Nullable Thread overflow;
    private volatile boolean asleep;
    private volatile boolean closing;
    private volatile long closeAt;
    private boolean closed; // guarded by this
    private boolean failing; // of the delivery thread

    private AsyncSink(Builder builder) {
        this.sink = builder.sink;
        this.capacity = builder.capacity;
        this.nearlyFull = Math.max(1, capacity - capacity / 4);
        this.closeTimeout = builder.closeTimeout;
        this.spill = builder.spillFolder == null ? null : new SpillFiles(builder.spillFolder, builder.spillLimit);
        this.delivery = daemon("flywheel4j-feedback", this::deliverAll);
        this.overflow = spill == null ? null : daemon("flywheel4j-feedback-spill", this::watchQueue);
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
        return new Counts(accepted.get(), delivered.get(), refused.get(), lost.get(), spilled.get(), queued.get());
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
        LockSupport.unpark(delivery);
        while (!isIdle()) {
            if (System.nanoTime() - until > 0 || Thread.currentThread().isInterrupted() || !delivery.isAlive()) {
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
            throw new IllegalStateException(queued.get() + " events still wait after " + closeTimeout
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
        closeAt = System.nanoTime() + nanos(closeTimeout);
        closing = true;
        boolean interrupted = end(overflow);
        interrupted |= end(delivery);
        leaving.lock();
        try {
            for (List<FeedbackEvent> rest = take(BATCH); !rest.isEmpty(); rest = take(BATCH)) {
                keepOrLose(rest);
            }
            if (spill != null) {
                spill.close();
            }
        } finally {
            leaving.unlock();
        }
        if (lost.get() + refused.get() > 0) {
            LOG.warn("{} feedback events were lost and {} refused, of {}", lost.get(), refused.get(), accepted.get());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        sink.close();
    }

    private void offer(Object entry) {
        accepted.incrementAndGet();
        if (closing) {
            lose(1, "the sink is closed");
            return;
        }
        int size = queued.incrementAndGet();
        if (size > capacity) {
            queued.decrementAndGet();
            lose(1, "they come faster than the sink and the disk take them");
            return;
        }
        queue.add(entry);
        if (asleep) {
            LockSupport.unpark(delivery);
        }
        if (overflow != null && size >= nearlyFull && (size == nearlyFull || size % SPILL_BATCH == 0)) {
            LockSupport.unpark(overflow);
        }
    }

    private void deliverAll() {
        int looks = 0;
        while (!isOver()) {
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
            } else if (closing) {
                return;
            } else if (looks++ < LOOKS_BEFORE_SLEEP) {
                LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
            } else {
                asleep = true;
                if (queue.isEmpty() && !closing) {
                    LockSupport.park(this);
                }
                asleep = false;
                looks = 0;
            }
        }
    }

    /** Hands on what is oldest; whether there was anything. */
    private boolean deliverSome() throws IOException {
        Path file;
        List<FeedbackEvent> batch;
        leaving.lock();
        try {
            file = spill == null ? null : spill.oldest();
            batch = file == null ? take(BATCH) : List.of();
            delivering = file != null || !batch.isEmpty();
        } finally {
            leaving.unlock();
        }
        try {
            if (file != null && spill != null) {
                return deliver(file, spill);
            }
            return !batch.isEmpty() && deliver(batch, false);
        } finally {
            delivered();
        }
    }

    private void delivered() {
        leaving.lock();
        try {
            delivering = false;
        } finally {
            leaving.unlock();
        }
    }

    private boolean deliver(Path file, SpillFiles spill) throws IOException {
        try (Lines lines = Lines.of(file)) {
            List<FeedbackEvent> batch = new ArrayList<>(BATCH);
            while (lines.next()) {
                FeedbackEvent event = lines.eventOrNull();
                if (event == null) {
                    lose(1, "a spilled line cannot be read");
                } else {
                    batch.add(event);
                }
                if (batch.size() == BATCH) {
                    if (!deliver(batch, true)) {
                        return false;
                    }
                    batch = new ArrayList<>(BATCH);
                }
            }
            if (!batch.isEmpty() && !deliver(batch, true)) {
                return false;
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("cannot read spilled feedback events in {}; tries again", file, e);
            return !waitBeforeTry(LAST_RETRY_NANOS);
        }
        leaving.lock();
        try {
            spill.delete(file);
        } finally {
            leaving.unlock();
        }
        return true;
    }

    /** Hands on a batch, as often as it takes; false if time ran out. */
    private boolean deliver(List<FeedbackEvent> batch, boolean onDisk) {
        List<FeedbackEvent> rest = batch;
        long wait = FIRST_RETRY_NANOS;
        while (true) {
            try {
                sink.acceptAll(rest);
                delivered.addAndGet(rest.size());
                recovered();
                return true;
            } catch (Throwable e) {
                failed(e);
            }
            rest = oneByOne(rest);
            if (rest.isEmpty()) {
                recovered();
                return true;
            }
            if (!waitBeforeTry(wait)) {
                if (!onDisk) {
                    leaving.lock();
                    try {
                        keepOrLose(rest);
                    } finally {
                        leaving.unlock();
                    }
                }
                return false;
            }
            wait = Math.min(wait * 2, LAST_RETRY_NANOS);
        }
    }

    /** Tells events that the sink cannot take from a sink that takes none; the events that are still to be handed on. */
    private List<FeedbackEvent> oneByOne(List<FeedbackEvent> batch) {
        List<FeedbackEvent> untaken = new ArrayList<>();
        int behindThem = 0;
        for (int i = 0; i < batch.size(); i++) {
            FeedbackEvent event = batch.get(i);
            switch (offerOnce(event)) {
                case TAKEN -> behindThem = untaken.size();
                case REFUSED -> refuse(1);
                case FAILED -> {
                    untaken.add(event);
                    if (untaken.size() - behindThem >= 3) {
                        // Three in a row: the sink is away, and trying each of them would only take time.
                        List<FeedbackEvent> rest = new ArrayList<>(untaken);
                        rest.addAll(batch.subList(i + 1, batch.size()));
                        return rest;
                    }
                }
            }
        }
        List<FeedbackEvent> rest = new ArrayList<>(untaken.subList(behindThem, untaken.size()));
        for (FeedbackEvent event : untaken.subList(0, behindThem)) {
            // The sink took a later one, so it is there, and a second failure is the event's own.
            if (offerOnce(event) != Offered.TAKEN) {
                refuse(1);
            }
        }
        return rest;
    }

    private enum Offered {
        TAKEN,
        REFUSED,
        FAILED
    }

    private Offered offerOnce(FeedbackEvent event) {
        try {
            sink.accept(event);
            delivered.incrementAndGet();
            return Offered.TAKEN;
        } catch (IllegalArgumentException e) {
            failed(e);
            return Offered.REFUSED;
        } catch (Throwable e) {
            failed(e);
            return Offered.FAILED;
        }
    }

    private void watchQueue() {
        while (!closing) {
            if (queued.get() < nearlyFull || !moveToDisk()) {
                LockSupport.parkNanos(this, TimeUnit.SECONDS.toNanos(1));
            }
        }
    }

    /** Empties half of the queue into files; false if the disk does not take it. */
    private boolean moveToDisk() {
        SpillFiles files = spill;
        leaving.lock();
        try {
            while (files != null && queued.get() > capacity / 2 && !closing) {
                if (!files.hasRoom()) {
                    return false;
                }
                List<FeedbackEvent> batch = take(SPILL_BATCH);
                if (batch.isEmpty()) {
                    return true;
                }
                if (!spill(batch, files)) {
                    stranded.addAll(batch);
                    return false;
                }
            }
            return true;
        } finally {
            leaving.unlock();
        }
    }

    private void keepOrLose(List<FeedbackEvent> rest) {
        if (spill == null || !spill.hasRoom() || !spill(rest, spill)) {
            lose(rest.size(), "the sink behind did not take them before the end");
        }
    }

    private boolean spill(List<FeedbackEvent> batch, SpillFiles files) {
        try {
            files.append(batch);
            if (spilled.getAndAdd(batch.size()) == 0) {
                LOG.warn(
                        "feedback events come faster than their sink takes them: some are kept in {} until it does",
                        files.folder());
            }
            return true;
        } catch (IOException e) {
            LOG.warn("cannot spill feedback events to {}", files.folder(), e);
            return false;
        }
    }

    /** Takes the oldest events of the queue; the lock is held. */
    private List<FeedbackEvent> take(int most) {
        List<FeedbackEvent> batch = new ArrayList<>(Math.min(most, stranded.size() + queued.get()));
        while (batch.size() < most && !stranded.isEmpty()) {
            batch.add(stranded.remove());
        }
        while (batch.size() < most) {
            Object entry = queue.poll();
            if (entry == null) {
                break;
            }
            queued.decrementAndGet();
            FeedbackEvent event = event(entry);
            if (event != null) {
                batch.add(event);
            }
        }
        return batch;
    }

    private @Nullable FeedbackEvent event(Object entry) {
        if (entry instanceof FeedbackEvent event) {
            return event;
        }
        try {
            return (FeedbackEvent) ((Supplier<?>) entry).get();
        } catch (Throwable e) {
            failed(e);
            refuse(1);
            return null;
        }
    }

    private boolean isIdle() {
        leaving.lock();
        try {
            return !delivering && queue.isEmpty() && stranded.isEmpty() && (spill == null || spill.isEmpty());
        } finally {
            leaving.unlock();
        }
    }

    private boolean isOver() {
        return closing && System.nanoTime() - closeAt > 0;
    }

    /** Waits; false if time runs out before. */
    private boolean waitBeforeTry(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() - until < 0) {
            if (isOver()) {
                return false;
            }
            LockSupport.parkNanos(this, Math.min(nanos, FIRST_RETRY_NANOS));
        }
        return !isOver();
    }

    private boolean end(@Nullable Thread thread) {
        if (thread == null) {
            return false;
        }
        LockSupport.unpark(thread);
        boolean interrupted = false;
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, closeAt - System.nanoTime()) + FIRST_RETRY_NANOS * 2);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (thread.isAlive()) {
            thread.interrupt();
        }
        return interrupted;
    }

    private void failed(Throwable e) {
        if (!failing) {
            failing = true;
            LOG.warn(
                    "a feedback sink threw {}; calls go on, its events wait and are offered again",
                    e.getClass().getName(),
                    e);
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            LOG.info("the feedback sink takes events again");
        }
    }

    private void refuse(int events) {
        if (refused.getAndAdd(events) == 0) {
            LOG.warn("a feedback sink does not take an event at all: it is left out (counted in AsyncSink.counts())");
        }
    }

    private void lose(int events, String why) {
        if (lost.getAndAdd(events) == 0) {
            LOG.warn(
                    "feedback events are lost: {} (counted in AsyncSink.counts(); name a spill folder, raise the capacity"
                            + " or make the sink faster)",
                    why);
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
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
            async.delivery.start();
            if (async.overflow != null) {
                async.overflow.start();
            }
            return async;
        }
    }
}
