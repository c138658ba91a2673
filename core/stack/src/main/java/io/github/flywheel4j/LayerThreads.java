package io.github.flywheel4j;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads on which layers of streamed and asynchronous calls run, shared by all stacks: virtual ones where the JDK
 * has them, else cached daemon threads. Unbounded, because layers wait for tasks that they submit themselves.
 */
final class LayerThreads {

    private static final long KEEP_ALIVE_SECONDS = 30;

    private LayerThreads() {}

    static Executor shared() {
        return Holder.EXECUTOR;
    }

    /** Started with the first call that needs it. */
    private static final class Holder {
        static final Executor EXECUTOR = create();
    }

    private static Executor create() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return cachedDaemons(); // before JDK 21
        }
    }

    static Executor cachedDaemons() {
        AtomicLong number = new AtomicLong();
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "flywheel4j-layers-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }
}
