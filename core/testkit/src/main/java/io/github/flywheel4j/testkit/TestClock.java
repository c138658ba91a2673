package io.github.flywheel4j.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock that moves only when told, with a nanosecond ticker that moves with it.
 *
 * <p>It starts at 2026-01-01T00:00:00Z, in UTC, unless told otherwise. The ticker starts at a value close to overflow, as
 * {@link System#nanoTime()} may, so that code which compares ticks instead of their difference fails. Thread-safe.
 */
public final class TestClock extends Clock {

    private static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long FIRST_TICK =
            Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

    private final Instant start;
    private final ZoneId zone;
    private final AtomicLong elapsed;

    private TestClock(Instant start, ZoneId zone, AtomicLong elapsed) {
        this.start = start;
        this.zone = zone;
        this.elapsed = elapsed;
    }

    /** A clock that starts at 2026-01-01T00:00:00Z. */
    public TestClock() {
        this(DEFAULT_START);
    }

    /** A clock that starts at this instant. */
    public TestClock(Instant start) {
        this(Objects.requireNonNull(start, "start"), ZoneOffset.UTC, new AtomicLong());
    }

    /**
     * Moves the clock, its ticker and all its views in other zones forward.
     *
     * @param by how far
     * @return this clock
     * @throws IllegalArgumentException when negative: time that runs backwards is a test of its own
     */
    public TestClock advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("advance: " + by + " (expected: >= 0)");
        }
        elapsed.addAndGet(by.toNanos());
        return this;
    }

    /** How far the clock has moved since it was made. */
    public Duration elapsed() {
        return Duration.ofNanos(elapsed.get());
    }

    /** The ticker's value, in nanoseconds from an arbitrary origin; only differences mean anything. */
    public long nanoTime() {
        return FIRST_TICK + elapsed.get();
    }

    /** {@link #nanoTime()} as a function, for code that takes its ticker from outside. */
    public LongSupplier ticker() {
        return this::nanoTime;
    }

    @Override
    public Instant instant() {
        return start.plusNanos(elapsed.get());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public TestClock withZone(ZoneId other) {
        return new TestClock(start, Objects.requireNonNull(other, "zone"), elapsed);
    }

    @Override
    public String toString() {
        return "TestClock[" + instant() + ", " + zone + "]";
    }
}
