package io.github.flywheel4j.stats;

import org.HdrHistogram.ConcurrentHistogram;

/**
 * Collects latencies that count from the intended start of a call, and so are free of coordinated omission.
 *
 * <p>Stateful and thread-safe: any number of threads may record without locking, also while another reads
 * {@link #percentiles()}. Values are kept in nanoseconds with three significant digits (an error of at most 0.1 %)
 * from one nanosecond to years, in a few hundred kilobytes.
 *
 * <p>Source: Gil Tene, "How NOT to Measure Latency" (2013), and his <a
 * href="https://hdrhistogram.github.io/HdrHistogram/">HdrHistogram</a>, which holds the counts. HdrHistogram can only
 * guess what a blocked generator left out ({@code recordValueWithExpectedInterval}); with an {@link ArrivalSchedule}
 * nothing is left out and nothing is guessed.
 */
public final class LatencyRecorder {

    private static final int SIGNIFICANT_DIGITS = 3;

    private final ConcurrentHistogram histogram = new ConcurrentHistogram(SIGNIFICANT_DIGITS);

    /** Creates an empty recorder. */
    public LatencyRecorder() {}

    /**
     * Records one call, from its intended start to its end.
     *
     * @param intendedStartNanos when the call was meant to start, by {@link System#nanoTime()}
     * @param endNanos when its answer was complete, by the same clock
     * @throws IllegalArgumentException if the call ended before it was meant to start: it was sent too early
     */
    public void record(long intendedStartNanos, long endNanos) {
        recordNanos(endNanos - intendedStartNanos);
    }

    /**
     * Records one latency that was measured elsewhere.
     *
     * @param latencyNanos nanoseconds from the intended start to the end
     * @throws IllegalArgumentException if it is negative
     */
    public void recordNanos(long latencyNanos) {
        if (latencyNanos < 0) {
            throw new IllegalArgumentException("latencyNanos: " + latencyNanos
                    + " (expected: >= 0; the call ended before its intended start, so it was sent too early)");
        }
        histogram.recordValue(latencyNanos);
    }

    /**
     * The distribution of what was recorded so far.
     *
     * @throws IllegalStateException if nothing was recorded: no calls have no percentiles
     */
    public LatencyPercentiles percentiles() {
        var counts = histogram.copy();
        if (counts.getTotalCount() == 0) {
            throw new IllegalStateException("no latency was recorded (expected: at least one before percentiles())");
        }
        return new LatencyPercentiles(
                counts.getTotalCount(),
                counts.getMean(),
                counts.getValueAtPercentile(50),
                counts.getValueAtPercentile(90),
                counts.getValueAtPercentile(99),
                counts.getValueAtPercentile(99.9),
                counts.getMaxValue());
    }
}
