package io.github.flywheel4j;

import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Two actions that start at the same moment, again and again, with a random head start. */
final class Races implements AutoCloseable {

    private final ExecutorService other = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "race");
        thread.setDaemon(true);
        return thread;
    });
    private final CyclicBarrier start = new CyclicBarrier(2);
    private final Random random;

    /** Races of the named test; -Dflywheel4j.seed=... repeats one of them. */
    Races(String test) {
        long seed = Long.getLong("flywheel4j.seed", System.nanoTime());
        System.out.println(test + ": seed " + seed);
        this.random = new Random(seed);
    }

    Random random() {
        return random;
    }

    /** Runs one action on this thread and one on another, and waits for both; fails with what either threw. */
    void run(Runnable here, Runnable there) throws InterruptedException {
        int headStart = random.nextInt(4) == 0 ? 0 : random.nextInt(2000);
        boolean hereWaits = random.nextBoolean();
        Future<?> racer = other.submit(() -> {
            start.await();
            spin(hereWaits ? 0 : headStart);
            there.run();
            return null;
        });
        try {
            start.await();
            spin(hereWaits ? headStart : 0);
            here.run();
        } catch (BrokenBarrierException e) {
            throw new AssertionError(e);
        } finally {
            join(racer);
        }
    }

    private static void join(Future<?> racer) throws InterruptedException {
        try {
            racer.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the other side of a race failed", e);
        }
    }

    /** Uses up a little time without giving up the processor. */
    static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        other.shutdownNow();
    }
}
