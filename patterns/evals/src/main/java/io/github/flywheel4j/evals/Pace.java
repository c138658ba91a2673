package io.github.flywheel4j.evals;

import java.time.Duration;

/** Starts at even distances: how long the next one has to wait. Not thread-safe: one thread starts all. */
final class Pace {

    private static final Pace NONE = new Pace(0);

    private final long distanceNanos;
    private long next;
    private boolean begun;

    private Pace(long distanceNanos) {
        this.distanceNanos = distanceNanos;
    }

    static Pace of(double perSecond) {
        return Double.isInfinite(perSecond) ? NONE : new Pace(Math.max(1, Math.round(1e9 / perSecond)));
    }

    /** How long to wait from now on before the next start; what was missed is not made up for. */
    Duration beforeNext(long now) {
        if (distanceNanos == 0) {
            return Duration.ZERO;
        }
        long start = begun && next - now > 0 ? next : now;
        begun = true;
        next = start + distanceNanos;
        return Duration.ofNanos(start - now);
    }
}
