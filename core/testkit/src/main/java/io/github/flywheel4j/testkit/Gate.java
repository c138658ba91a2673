package io.github.flywheel4j.testkit;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Where hanging calls wait. Once opened it stays open. Thread-safe. */
final class Gate {

    private final Object lock = new Object();
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private boolean open;

    /** Waits on this thread until the gate opens. */
    void await() throws InterruptedException {
        CountDownLatch opened = new CountDownLatch(1);
        Runnable wake = opened::countDown;
        if (!enter(wake)) {
            return;
        }
        try {
            opened.await();
        } finally {
            leave(wake);
        }
    }

    /** Returns true when {@code wake} now waits and will be run once, by {@link #open()}; false when it is open. */
    boolean enter(Runnable wake) {
        synchronized (lock) {
            if (open) {
                return false;
            }
            waiting.add(wake);
            return true;
        }
    }

    /** Returns true when {@code wake} was still waiting; it will not be run. */
    boolean leave(Runnable wake) {
        synchronized (lock) {
            return waiting.remove(wake);
        }
    }

    int waiting() {
        synchronized (lock) {
            return waiting.size();
        }
    }

    void open() {
        Set<Runnable> released;
        synchronized (lock) {
            open = true;
            released = new LinkedHashSet<>(waiting);
            waiting.clear();
        }
        released.forEach(Runnable::run);
    }
}
