package io.github.flywheel4j.feedback;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events that wait in memory, at most so many. Whoever adds one never waits; whoever takes some holds the lock, so that
 * they leave in order whoever takes them. Thread-safe.
 */
final class WaitingEvents {

    private static final Logger LOG = LoggerFactory.getLogger(AsyncSink.class);

    private final int capacity;
    private final EventTally tally;

    /** Events, and suppliers of events that are yet to be put into their stored form. */
    private final ConcurrentLinkedQueue<Object> queue = new ConcurrentLinkedQueue<>();

    private final AtomicInteger queued = new AtomicInteger();
    private final ReentrantLock leaving = new ReentrantLock();
    /** Taken from the queue and brought back, because neither sink nor disk took them; older than all in the queue. Guarded by the lock. */
    private final Deque<FeedbackEvent> broughtBack = new ArrayDeque<>();
    /** What the delivery thread has taken from the queue and not handed on yet. Guarded by the lock. */
    private List<FeedbackEvent> inHand = List.of();

    private volatile boolean ended; // written under the lock; nothing leaves the queue any more

    WaitingEvents(int capacity, EventTally tally) {
        this.capacity = capacity;
        this.tally = tally;
    }

    /** Adds an event, or the supplier of one; how many wait now, 0 if there is no room for it. */
    int add(Object entry) {
        int size = queued.incrementAndGet();
        if (size > capacity) {
            queued.decrementAndGet();
            tally.lose(1, "they come faster than the sink and the disk take them");
            return 0;
        }
        queue.add(entry);
        if (ended && queue.remove(entry)) {
            // It was closed since somebody looked.
            queued.decrementAndGet();
            tally.lose(1, "the sink is closed");
            return 0;
        }
        return size;
    }

    int size() {
        return queued.get();
    }

    void lock() {
        leaving.lock();
    }

    void unlock() {
        leaving.unlock();
    }

    /** Whether nothing is in the queue; what was brought back is not asked for. */
    boolean isQueueEmpty() {
        return queue.isEmpty();
    }

    /** Whether nothing waits; the lock is held. */
    boolean isEmpty() {
        return queue.isEmpty() && broughtBack.isEmpty();
    }

    /** Whether nothing leaves any more; the lock is held. */
    boolean hasEnded() {
        return ended;
    }

    /**
     * Hands out all that waits and what is in hand, the oldest first; from now on nothing comes and nothing else leaves. The
     * lock is held.
     */
    void end(int mostAtOnce, Consumer<List<FeedbackEvent>> rest) {
        // First: what is added after the last look would stay here, and be counted nowhere.
        ended = true;
        bringBackFromHand();
        for (List<FeedbackEvent> some = take(mostAtOnce); !some.isEmpty(); some = take(mostAtOnce)) {
            rest.accept(some);
        }
    }

    /** Puts events before all that wait; the lock is held. */
    void bringBack(List<FeedbackEvent> events) {
        for (int i = events.size() - 1; i >= 0; i--) {
            broughtBack.addFirst(events.get(i));
        }
        queued.addAndGet(events.size());
    }

    /** Takes the oldest events into the hand of who delivers; the lock is held. */
    List<FeedbackEvent> takeInHand(int most) {
        inHand = ended ? List.of() : take(most);
        return inHand;
    }

    /** Brings back what is in hand; the lock is held. */
    void bringBackFromHand() {
        bringBack(inHand);
        inHand = List.of();
    }

    /** What is in hand from now on, of what was. */
    void hold(List<FeedbackEvent> events) {
        leaving.lock();
        try {
            if (!ended) {
                inHand = events;
            }
        } finally {
            leaving.unlock();
        }
    }

    /** Takes one more in hand, which keeps its place; null if there is none. The lock is held. */
    @Nullable
    FeedbackEvent takeAnother(List<FeedbackEvent> held) {
        if (ended) {
            return null;
        }
        queued.incrementAndGet(); // or another would take its place before it is brought back
        List<FeedbackEvent> next = take(1);
        List<FeedbackEvent> both = new ArrayList<>(held);
        both.addAll(next);
        inHand = both;
        if (next.isEmpty()) {
            queued.decrementAndGet();
            return null;
        }
        return next.get(0);
    }

    /** Ends {@link #takeAnother}: it is brought back to its place, or gone. */
    void settle(FeedbackEvent another, boolean back, List<FeedbackEvent> held) {
        leaving.lock();
        try {
            if (ended) {
                return;
            }
            inHand = held;
            if (back) {
                broughtBack.addFirst(another);
            } else {
                queued.decrementAndGet();
            }
        } finally {
            leaving.unlock();
        }
    }

    /** Takes the oldest events; the lock is held. */
    List<FeedbackEvent> take(int most) {
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
}
