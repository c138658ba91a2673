package io.github.flywheel4j.stats;

/**
 * The times at which the calls of an open-loop load are meant to start: a constant rate that no slow answer delays.
 *
 * <p>Times are on the scale of {@link System#nanoTime()} (nanoseconds, arbitrary origin, compared by difference).
 * Each time is computed from the number of the call, not by adding up gaps, so a rate whose gap is no whole number of
 * nanoseconds does not drift.
 *
 * <p>Method: the load generator of wrk2 and Gil Tene's talk "How NOT to Measure Latency" (2013): the latency of a call
 * counts from its place in the schedule, not from the moment the generator got round to sending it.
 *
 * @param callsPerSecond calls a second, above 0 and at most 1,000,000,000
 * @param startNanos the intended start of call 0
 */
public record ArrivalSchedule(double callsPerSecond, long startNanos) {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Checks the rate. */
    public ArrivalSchedule {
        if (!(callsPerSecond > 0 && callsPerSecond <= NANOS_PER_SECOND)) {
            throw new IllegalArgumentException(
                    "callsPerSecond: " + callsPerSecond + " (expected: > 0 and <= 1,000,000,000)");
        }
    }

    /**
     * A schedule of so many calls a second.
     *
     * @throws IllegalArgumentException if the rate is not above 0 and at most 1,000,000,000
     */
    public static ArrivalSchedule perSecond(double callsPerSecond, long startNanos) {
        return new ArrivalSchedule(callsPerSecond, startNanos);
    }

    /**
     * When a call is meant to start.
     *
     * @param call the number of the call, from 0
     * @throws IllegalArgumentException if the number is negative
     */
    public long intendedNanos(long call) {
        if (call < 0) {
            throw new IllegalArgumentException("call: " + call + " (expected: >= 0)");
        }
        return startNanos + Math.round(call * NANOS_PER_SECOND / callsPerSecond);
    }
}
