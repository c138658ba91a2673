package io.github.flywheel4j;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Interrupts one thread, at most once, and only while it is inside the section that {@link #disarm()} ends: no interrupt
 * can arrive after the section and hit whatever the thread does next.
 */
final class Interrupter extends AtomicInteger {

    private static final long serialVersionUID = 1L;

    private static final int ARMED = 0;
    private static final int FIRING = 1;
    private static final int FIRED = 2;
    private static final int DISARMED = 3;

    private final transient Thread thread = Thread.currentThread();

    void fire() {
        if (Thread.currentThread() == thread) {
            return; // it is awake, and whoever runs on it looks at the cancellation next
        }
        if (compareAndSet(ARMED, FIRING)) {
            thread.interrupt();
            set(FIRED);
        }
    }

    /** Ends the section; if this interrupter fired, the interrupt is its own and is taken back. */
    void disarm() {
        if (compareAndSet(ARMED, DISARMED)) {
            return;
        }
        while (get() == FIRING) {
            Thread.onSpinWait();
        }
        Thread.interrupted();
    }

    boolean hasFired() {
        return get() >= FIRING && get() != DISARMED;
    }
}
