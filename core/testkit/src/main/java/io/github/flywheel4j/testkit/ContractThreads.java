package io.github.flywheel4j.testkit;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Unbounded daemon threads that know how many of their tasks have not ended. Thread-safe. */
final class ContractThreads implements Executor, AutoCloseable {

    private final AtomicInteger running = new AtomicInteger();
    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "layer-contract");
                thread.setDaemon(true);
                return thread;
            });

    @Override
    public void execute(Runnable task) {
        running.incrementAndGet();
        pool.execute(() -> {
            try {
                task.run();
            } finally {
                running.decrementAndGet();
            }
        });
    }

    int running() {
        return running.get();
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
