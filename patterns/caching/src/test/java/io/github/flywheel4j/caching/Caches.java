package io.github.flywheel4j.caching;

import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.testkit.TestClock;
import java.util.Random;

/** Caches and contexts for tests. */
final class Caches {

    static final CallContext ANN =
            CallContext.builder().tenant("north").user("ann").build();
    static final CallContext BOB =
            CallContext.builder().tenant("north").user("bob").build();
    static final CallContext CAT =
            CallContext.builder().tenant("south").user("cat").build();

    private Caches() {}

    /** A builder of a cache on whose answers only time, told by the system, acts. */
    static ResponseCache.Builder of(Scope scope) {
        return ResponseCache.builder(scope).temperature(TemperaturePolicy.any()).random(new Random(1));
    }

    /** Equal to {@link #of}, on a clock, without jitter. */
    static ResponseCache.Builder on(TestClock clock, Scope scope) {
        return of(scope).clock(clock).ticker(clock.ticker()).jitter(0);
    }

    static ResponseCache.Builder shared() {
        return of(Scope.shared("a test"));
    }
}
