package io.github.flywheel4j.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A {@link Sleeper} that never waits: it notes each sleep and moves a {@link TestClock} by it.
 *
 * <p>Like a real sleep it throws when the thread is interrupted. Thread-safe; sleeps of several threads add up on the
 * clock, as if they had slept one after another.
 */
public final class TestSleeper implements Sleeper {

    private final TestClock clock;
    private final Queue<Duration> sleeps = new ConcurrentLinkedQueue<>();

    /** A sleeper with a clock of its own. */
    public TestSleeper() {
        this(new TestClock());
    }

    /** A sleeper that moves this clock. */
    public TestSleeper(TestClock clock) {
        this.clock = clock;
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        sleeps.add(duration);
        if (!duration.isNegative()) {
            clock.advance(duration);
        }
    }

    /** All sleeps so far, in order. */
    public List<Duration> sleeps() {
        return List.copyOf(sleeps);
    }

    /** The sum of all sleeps so far, negative ones left out, as they take no time. */
    public Duration total() {
        return sleeps.stream().filter(sleep -> !sleep.isNegative()).reduce(Duration.ZERO, Duration::plus);
    }

    /** The clock that the sleeps move. */
    public TestClock clock() {
        return clock;
    }
}
