package io.github.flywheel4j.evals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** So many calls in each period; what is left of one period is not saved for the next. Thread-safe. */
final class CallAllowance {
    private final int calls;
    private final Duration period;
    private final Clock clock;
    private Instant began;
    private int taken;

    CallAllowance(int calls, Duration period, Clock clock) {
        this.calls = calls;
        this.period = period;
        this.clock = clock;
        this.began = clock.instant();
    }

    boolean take() {
        synchronized (this) {
            Instant now = clock.instant();
            if (Duration.between(began, now).compareTo(period) >= 0) {
                began = now;
                taken = 0;
            }
            if (taken == calls) {
                return false;
            }
            taken++;
            return true;
        }
    }
}
