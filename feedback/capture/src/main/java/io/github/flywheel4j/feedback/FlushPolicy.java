package io.github.flywheel4j.feedback;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When written events are forced onto the disk (fsync).
 *
 * <p>Under every policy an event has been handed to the operating system when the sink's {@code accept} returns: it
 * survives the death of the process, also by SIGKILL. The policy says what a power cut, or a crash of the whole machine,
 * may cost. A disk that lies about fsync keeps none of these promises.
 */
public final class FlushPolicy {

    private static final FlushPolicy EVERY_EVENT = new FlushPolicy(true, null);
    private static final FlushPolicy NONE = new FlushPolicy(false, null);

    private final boolean everyEvent;
    private final @Nullable Duration interval;

    private FlushPolicy(boolean everyEvent, @Nullable Duration interval) {
        this.everyEvent = everyEvent;
        this.interval = interval;
    }

    /**
     * Before {@code accept} returns; a batch is forced once, so behind an {@link AsyncSink} it costs less than it sounds. A
     * power cut costs nothing that was accepted.
     */
    public static FlushPolicy everyEvent() {
        return EVERY_EVENT;
    }

    /** In the background, at this interval. A power cut costs the events of the last interval. */
    public static FlushPolicy every(Duration interval) {
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("interval: " + interval + " (expected: > 0)");
        }
        return new FlushPolicy(false, interval);
    }

    /**
     * When a file is closed, and otherwise when the operating system thinks fit. A power cut may cost all of the open file
     * that the system had not written yet, on most systems half a minute.
     */
    public static FlushPolicy none() {
        return NONE;
    }

    boolean isEveryEvent() {
        return everyEvent;
    }

    @Nullable
    Duration interval() {
        return interval;
    }
}
