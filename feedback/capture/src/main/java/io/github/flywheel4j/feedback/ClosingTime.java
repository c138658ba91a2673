package io.github.flywheel4j.feedback;

/** When a sink that is being closed has to be done. Thread-safe. */
final class ClosingTime {

    private volatile boolean begun;
    private volatile long at;

    /** Begins the end, which comes so many nanoseconds from now. */
    void begin(long nanos) {
        at = System.nanoTime() + nanos;
        begun = true;
    }

    /** Whether no more events are to be taken. */
    boolean hasBegun() {
        return begun;
    }

    boolean isOver() {
        return begun && nanosLeft() < 0;
    }

    /** How long there is until the end; negative after it. */
    long nanosLeft() {
        return at - System.nanoTime();
    }
}
