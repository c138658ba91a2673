package io.github.flywheel4j;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The moment by which a call must be answered, on a clock that never jumps ({@link System#nanoTime()}).
 *
 * <p>Immutable and thread-safe.
 */
public final class Deadline {

    private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE / 2);
    private static final Deadline NONE = new Deadline(0, System::nanoTime);

    private final long at;
    private final LongSupplier nanoTime;

    private Deadline(long at, LongSupplier nanoTime) {
        this.at = at;
        this.nanoTime = nanoTime;
    }

    /** No deadline: {@link #remaining()} is about 292 years. */
    public static Deadline none() {
        return NONE;
    }

    /** A deadline that far from now; zero or negative durations have passed at once. */
    public static Deadline after(Duration duration) {
        return after(duration, System::nanoTime);
    }

    /** Equal to {@link #after(Duration)}, but on the given clock (nanoseconds), for tests. */
    public static Deadline after(Duration duration, LongSupplier nanoTime) {
        return new Deadline(nanoTime.getAsLong() + nanos(duration), nanoTime);
    }

    /** Whether there is no deadline. */
    public boolean isNone() {
        return this == NONE;
    }

    /** The time left; zero or negative once the deadline has passed. */
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /** Whether the deadline has passed. */
    public boolean isExpired() {
        return this != NONE && remainingNanos() <= 0;
    }

    /** The one of the two that comes first. */
    public Deadline earlier(Deadline other) {
        return remainingNanos() <= other.remainingNanos() ? this : other;
    }

    long remainingNanos() {
        return this == NONE ? Long.MAX_VALUE : at - nanoTime.getAsLong();
    }

    /**
     * A duration in nanoseconds, where one too long to count, forward or back, counts as about 146 years, so that sums do
     * not overflow.
     */
    static long nanos(Duration duration) {
        if (duration.compareTo(MOST) > 0) {
            return MOST.toNanos();
        }
        return duration.compareTo(MOST.negated()) < 0 ? -MOST.toNanos() : duration.toNanos();
    }

    @Override
    public String toString() {
        return this == NONE ? "Deadline(none)" : "Deadline(in " + remaining() + ")";
    }
}
