package io.github.flywheel4j;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks now and then at the streams whose model holds the layer's own thread, where nobody can wait for the idle timeout,
 * and interrupts those that are idle for too long.
 *
 * <p>A timer for each stream would do the same, but nearly every model gives the thread back at once, and setting such a
 * timer wakes the thread that keeps the time: more than all else that a stack does for a stream. The tick stops when there
 * is nothing to watch.
 */
final class IdleWatch {

    private static final long TICKS_PER_TIMEOUT = 8;
    private static final long LONGEST_TICK = TimeUnit.SECONDS.toNanos(1);

    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final long tick;

    IdleWatch(Duration idleTimeout) {
        this.tick = Math.max(1, Math.min(LONGEST_TICK, Deadline.nanos(idleTimeout) / TICKS_PER_TIMEOUT));
    }

    /** Watches until the result is closed: an idle stream fires the interrupter. */
    Watched watch(ProviderStream stream, Interrupter interrupter) {
        Watched watch = new Watched(stream, interrupter);
        watched.add(watch);
        tickAgain();
        return watch;
    }

    private void tickAgain() {
        if (!watched.isEmpty() && ticking.compareAndSet(false, true)) {
            CompletableFuture<?> unused = Waits.timer(tick, this::look);
        }
    }

    private void look() {
        watched.forEach(Watched::interruptIfIdle);
        ticking.set(false);
        tickAgain(); // after the flag is down, so that one added meanwhile finds a tick or makes one
    }

    /** One stream under watch. */
    final class Watched implements AutoCloseable {

        private final ProviderStream stream;
        private final Interrupter interrupter;

        private Watched(ProviderStream stream, Interrupter interrupter) {
            this.stream = stream;
            this.interrupter = interrupter;
        }

        private void interruptIfIdle() {
            if (stream.isIdle()) {
                interrupter.fire();
            }
        }

        @Override
        public void close() {
            watched.remove(this);
        }
    }
}
