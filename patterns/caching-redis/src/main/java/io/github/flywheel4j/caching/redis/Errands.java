package io.github.flywheel4j.caching.redis;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done on no call's thread and on none of Lettuce's, where whoever asks Redis something would wait for itself.
 * Thread-safe; once closed it does nothing more.
 */
final class Errands implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Errands.class);

    private final ExecutorService inOrder = Executors.newSingleThreadExecutor(Errands::thread);
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(Errands::thread);

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "flywheel4j-cache-redis");
        thread.setDaemon(true);
        return thread;
    }

    /** Does one after the other, on one thread; a failure is logged. */
    void inOrder(Runnable errand) {
        try {
            inOrder.execute(() -> {
                try {
                    errand.run();
                } catch (RuntimeException e) {
                    log.warn("a subscriber of the shared tier of the cache failed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("closed: nobody is told any more", e);
        }
    }

    /** Does it after a while, on another thread, which may wait for a connection. */
    void later(Duration delay, Runnable errand) {
        try {
            var unused = later.schedule(errand, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("closed: no further attempt", e);
        }
    }

    @Override
    public void close() {
        later.shutdownNow();
        inOrder.shutdown();
    }
}
