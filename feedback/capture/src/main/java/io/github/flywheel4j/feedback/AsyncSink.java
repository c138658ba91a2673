package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
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

    /** How often the sink takes another event and fails on this one before this one is given up. */
    private static final int PROOFS = 3;

    private final FeedbackSink sink;
    private final EventTally tally = new EventTally();
    private final Handover handover;
    private final int capacity;
    private final int nearlyFull;
    private final Duration closeTimeout;
    private final @Nullable SpillFiles spill;

    /** Events, and suppliers of events that are yet to be put into their stored form. */
    private final ConcurrentLinkedQueue<Object> queue = new ConcurrentLinkedQueue<>();

    private final AtomicInteger queued = new AtomicInteger();
    /** Held while events leave the queue, so that they leave it in order whoever takes them. */
    private final ReentrantLock leaving = new ReentrantLock();
    /** Taken from the queue and brought back, because neither sink nor disk took them; older than all in the queue. Guarded by the lock. */
    private final Deque<FeedbackEvent> broughtBack = new ArrayDeque<>();
    /** What the delivery thread has taken from the queue and not handed on yet. Guarded by the lock. */
    private List<FeedbackEvent> inHand = List.of();

    /** Of close, which waits for those that need the other lock. */
    private final ReentrantLock ending = new ReentrantLock();

    private boolean delivering; // guarded by the lock
    private final Thread delivery;
    private final @Nullable Thread overflow;
    private volatile boolean asleep;
    private volatile boolean closing;
    private volatile long closeAt;
    private boolean closed; // guarded by ending
    private volatile boolean ended; // written under the lock; nothing leaves the queue any more

    private AsyncSink(Builder builder) {
        this.sink = builder.sink;
        this.handover = new Handover(sink, tally);
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
        return tally.counts(queued.get());
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
            // A sink that never returns still has these.
            bringBack(inHand);
            inHand = List.of();
            for (List<FeedbackEvent> rest = take(BATCH); !rest.isEmpty(); rest = take(BATCH)) {
                tally.lose(spill(rest).size(), "the sink behind did not take them before the end");
            }
            ended = true;
            if (spill != null) {
                spill.close();
            }
        } catch (UncheckedIOException e) {
            LOG.warn("cannot close the spilled feedback events", e);
        } finally {
            leaving.unlock();
        }
        tally.atTheEnd();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        sink.close();
    }

    private void offer(Object entry) {
        tally.accept();
        if (closing) {
            tally.lose(1, "the sink is closed");
            return;
        }
        int size = queued.incrementAndGet();
        if (size > capacity) {
            queued.decrementAndGet();
            tally.lose(1, "they come faster than the sink and the disk take them");
            return;
        }
        queue.add(entry);
        if (ended && queue.remove(entry)) {
            // It was closed since the question above.
            queued.decrementAndGet();
            tally.lose(1, "the sink is closed");
            return;
        }
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
            inHand = batch;
            delivering = file != null || !batch.isEmpty();
        } finally {
            leaving.unlock();
        }
        try {
            if (file != null && spill != null) {
                return deliver(file, spill);
            }
            return !batch.isEmpty() && deliver(batch, null);
        } finally {
            leaving.lock();
            try {
                bringBack(inHand);
                inHand = List.of();
                delivering = false;
            } finally {
                leaving.unlock();
            }
        }
    }

    private boolean deliver(Path file, SpillFiles files) throws IOException {
        try (Lines lines = Lines.of(file)) {
            for (List<FeedbackEvent> batch = nextOf(lines); !batch.isEmpty(); batch = nextOf(lines)) {
                if (!deliver(batch, file)) {
                    return false;
                }
            }
        } catch (NoSuchFileException e) {
            LOG.warn("{} with spilled feedback events was deleted by somebody else; its events are lost", file);
        } catch (SchemaTooNew e) {
            LOG.warn("{} is left for a newer version of this library, which spilled feedback events there", file);
            leaving.lock();
            try {
                files.leave(file);
            } finally {
                leaving.unlock();
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("cannot read spilled feedback events in {}; tries again", file, e);
            return !waitBeforeTry(LAST_RETRY_NANOS);
        }
        leaving.lock();
        try {
            if (!ended) {
                files.delete(file);
            }
        } finally {
            leaving.unlock();
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
            hold(file == null ? rest : List.of());
            if (!rest.isEmpty() && takesAnother(rest, file) && ++proofs == PROOFS) {
                handover.giveUp(rest);
                rest = List.of();
                hold(rest);
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

    private void hold(List<FeedbackEvent> events) {
        leaving.lock();
        try {
            if (!ended) {
                inHand = events;
            }
        } finally {
            leaving.unlock();
        }
    }

    /**
     * Whether the sink takes the next event behind those that it does not take. It has to be one that the sink has not had
     * yet: a store that knows an event may say yes without writing.
     */
    private boolean takesAnother(List<FeedbackEvent> untaken, @Nullable Path file) {
        FeedbackEvent another = null;
        boolean inMemory;
        leaving.lock();
        try {
            inMemory = spill == null || !spill.hasOtherThan(file);
            if (!inMemory && spill != null) {
                another = spill.oldestNotIn(file);
            } else if (!ended) {
                queued.incrementAndGet(); // it keeps its place, or another would take it before it is brought back
                List<FeedbackEvent> next = take(1);
                List<FeedbackEvent> both = new ArrayList<>(file == null ? untaken : List.of());
                both.addAll(next);
                inHand = both;
                another = next.isEmpty() ? null : next.get(0);
                if (another == null) {
                    queued.decrementAndGet();
                }
            }
        } finally {
            leaving.unlock();
        }
        if (another == null) {
            return false;
        }
        Handover.Offered offered = handover.offerOne(another);
        if (inMemory) {
            leaving.lock();
            try {
                if (!ended) {
                    inHand = file == null ? untaken : List.of();
                    if (offered == Handover.Offered.FAILED) {
                        broughtBack.addFirst(another);
                    } else {
                        queued.decrementAndGet();
                    }
                }
            } finally {
                leaving.unlock();
            }
        }
        return offered == Handover.Offered.TAKEN;
    }

    private void watchQueue() {
        while (!closing) {
            boolean moved = false;
            try {
                moved = queued.get() >= nearlyFull && moveToDisk();
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
        leaving.lock();
        try {
            while (spill != null && queued.get() > capacity / 2 && !closing) {
                if (!spill.hasRoom()) {
                    return false;
                }
                List<FeedbackEvent> batch = take(SPILL_BATCH);
                if (batch.isEmpty()) {
                    return true;
                }
                List<FeedbackEvent> rest = batch;
                try {
                    rest = spill(batch);
                } finally {
                    bringBack(rest);
                }
                if (!rest.isEmpty()) {
                    return false;
                }
            }
            return true;
        } finally {
            leaving.unlock();
        }
    }

    /** Writes events into the spill folder; those that it did not take. The lock is held. */
    private List<FeedbackEvent> spill(List<FeedbackEvent> batch) {
        if (spill == null || !spill.hasRoom()) {
            return batch;
        }
        int[] unwritable = new int[1];
        try {
            List<FeedbackEvent> rest = spill.append(batch, event -> unwritable[0]++);
            tally.refuse(unwritable[0]);
            tally.spill(batch.size() - rest.size() - unwritable[0], spill.folder());
            return rest;
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("cannot spill feedback events to {}", spill.folder(), e);
            return batch;
        }
    }

    /** Puts events before all that wait in memory; the lock is held. */
    private void bringBack(List<FeedbackEvent> events) {
        for (int i = events.size() - 1; i >= 0; i--) {
            broughtBack.addFirst(events.get(i));
        }
        queued.addAndGet(events.size());
    }

    /** Takes the oldest events of the queue; the lock is held. */
    private List<FeedbackEvent> take(int most) {
        List<FeedbackEvent> batch = new ArrayList<>(Math.min(most, queued.get()));
        while (batch.size() < most && !broughtBack.isEmpty()) {
            batch.add(broughtBack.remove());
            queued.decrementAndGet();
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
            LOG.warn(
                    "an event could not be brought into its stored form: {}",
                    e.getClass().getName());
            tally.refuse(1);
            return null;
        }
    }

    private boolean isIdle() {
        leaving.lock();
        try {
            return !delivering && queue.isEmpty() && broughtBack.isEmpty() && (spill == null || spill.isEmpty());
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
            async.delivery.start();
            if (async.overflow != null) {
                async.overflow.start();
            }
            return async;
        }
    }
}
