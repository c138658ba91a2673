package io.github.flywheel4j.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * How a scripted delay passes: by really waiting, or, in tests, by moving a {@link TestClock}.
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface Sleeper {

    /**
     * Lets {@code duration} pass.
     *
     * @param duration how long; zero or negative returns at once
     * @throws InterruptedException when the thread was interrupted before or while sleeping; the flag is then clear
     */
    void sleep(Duration duration) throws InterruptedException;

    /** A sleeper that really waits, for load runs that imitate a model's latency. Tests use {@link TestSleeper}. */
    static Sleeper real() {
        return duration -> {
            long end = System.nanoTime() + duration.toNanos();
            for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.parkNanos(left);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        };
    }
}
