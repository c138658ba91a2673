package io.github.flywheel4j.caching;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Predicate;

/** What was taken back here with others, for as long as answers of that time can come from a shared tier. Thread-safe. */
final class Bygone {

    /** Invalidations are rare; these are hours of them. */
    private static final int MOST = 1_000;

    private final ConcurrentLinkedDeque<TakenBack> invalidations = new ConcurrentLinkedDeque<>();
    private final Duration mostAge;
    private final Clock clock;

    /** Answers made before that moment, of which the predicate holds, are no longer to be served. */
    private record TakenBack(Instant before, Predicate<StoredAnswer> what) {}

    /** @param mostAge how long an answer can be in the tier at most */
    Bygone(Duration mostAge, Clock clock) {
        this.mostAge = mostAge;
        this.clock = clock;
    }

    /** From now on no answer made until now, of which the predicate holds, may be served. */
    void add(Predicate<StoredAnswer> what) {
        Instant now = clock.instant();
        invalidations.add(new TakenBack(now, what));
        TakenBack oldest = invalidations.peek();
        while (oldest != null
                && (invalidations.size() > MOST || oldest.before().plus(mostAge).isBefore(now))) {
            invalidations.poll();
            oldest = invalidations.peek();
        }
    }

    /** Whether an answer was taken back with others, as far as this node knows. */
    boolean has(StoredAnswer answer) {
        for (TakenBack each : invalidations) {
            if (!answer.filledAt().isAfter(each.before()) && each.what().test(answer)) {
                return true;
            }
        }
        return false;
    }
}
