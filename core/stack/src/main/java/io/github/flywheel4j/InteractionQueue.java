package io.github.flywheel4j;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers interactions to listeners: at once to inline ones; to the others in order, on a thread of its own that lives
 * only while there is work.
 */
final class InteractionQueue {

    private static final Logger LOG = LoggerFactory.getLogger(InteractionQueue.class);
    private static final long IDLE_SECONDS = 5;

    private final List<InteractionListener> inline;
    private final List<InteractionListener> queued;
    private final ThreadPoolExecutor delivery;
    private final AtomicLong dropped = new AtomicLong();
    private final Set<InteractionListener> failed = ConcurrentHashMap.newKeySet();

    InteractionQueue(List<InteractionListener> listeners, int capacity) {
        this.inline = listeners.stream().filter(InteractionListener::inline).toList();
        this.queued = listeners.stream().filter(each -> !each.inline()).toList();
        this.delivery = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(capacity),
                task -> {
                    Thread thread = new Thread(task, "flywheel4j-interactions");
                    thread.setDaemon(true);
                    return thread;
                },
                (task, pool) -> drop());
        delivery.allowCoreThreadTimeOut(true);
    }

    boolean hasListeners() {
        return !inline.isEmpty() || !queued.isEmpty();
    }

    void add(Interaction interaction) {
        deliver(interaction, inline);
        if (!queued.isEmpty()) {
            delivery.execute(() -> deliver(interaction, queued));
        }
    }

    long dropped() {
        return dropped.get();
    }

    /** Delivers what is queued, for at most that long; whether all was delivered. */
    boolean close(Duration timeout) {
        delivery.shutdown();
        try {
            return delivery.awaitTermination(Deadline.nanos(timeout), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void deliver(Interaction interaction, List<InteractionListener> listeners) {
        for (InteractionListener listener : listeners) {
            try {
                listener.onInteraction(interaction);
            } catch (Throwable e) {
                if (failed.add(listener)) {
                    LOG.warn(
                            "interaction listener {} threw {}; calls go on, further failures of it are not logged",
                            listener.getClass().getName(),
                            e.getClass().getName(),
                            e);
                }
            }
        }
    }

    private void drop() {
        if (dropped.getAndIncrement() == 0) {
            LOG.warn("interactions come faster than the listeners take them, or the stack is closed: some are dropped"
                    + " (see ChatStack.droppedInteractions(); make the listener faster or raise interactionQueue)");
        }
    }
}
