package io.github.flywheel4j.stats;

/**
 * A distribution of latencies in nanoseconds, each correct to 0.1 %: the smallest recorded value that at least so many
 * per cent of the calls did not exceed.
 *
 * @param count recorded calls
 * @param meanNanos arithmetic mean
 * @param p50Nanos median
 * @param p90Nanos 90th percentile
 * @param p99Nanos 99th percentile
 * @param p999Nanos 99.9th percentile
 * @param maxNanos the slowest call
 */
public record LatencyPercentiles(
        long count, double meanNanos, long p50Nanos, long p90Nanos, long p99Nanos, long p999Nanos, long maxNanos) {

    private static final double NANOS_PER_MICRO = 1e3;

    /** The median in microseconds. */
    public double p50Micros() {
        return p50Nanos / NANOS_PER_MICRO;
    }

    /** The 90th percentile in microseconds. */
    public double p90Micros() {
        return p90Nanos / NANOS_PER_MICRO;
    }

    /** The 99th percentile in microseconds. */
    public double p99Micros() {
        return p99Nanos / NANOS_PER_MICRO;
    }

    /** The 99.9th percentile in microseconds. */
    public double p999Micros() {
        return p999Nanos / NANOS_PER_MICRO;
    }

    /** The slowest call in microseconds. */
    public double maxMicros() {
        return maxNanos / NANOS_PER_MICRO;
    }
}
