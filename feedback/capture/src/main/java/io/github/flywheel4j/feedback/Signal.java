package io.github.flywheel4j.feedback;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Implicit feedback: what somebody did with an answer, not what they said of it. A signal is evidence and no label; see
 * {@link Labeler}.
 *
 * @param info the event's id, time and source
 * @param type what they did
 * @param measure how much of it, in the unit that {@link SignalType} names; null if the type has none
 * @param followedBy the interaction from which this was derived, such as the question asked again; null if there is none
 */
public record Signal(
        EventInfo info,
        SignalType type,
        @Nullable Double measure,
        @Nullable UUID followedBy) implements FeedbackEvent {

    /** Checks that the measure is a number. */
    public Signal {
        if (measure != null && !Double.isFinite(measure)) {
            throw new IllegalArgumentException("measure: " + measure + " (expected: a finite number)");
        }
    }

    @Override
    public FeedbackKind kind() {
        return FeedbackKind.SIGNAL;
    }

    @Override
    public Signal masked() {
        return new Signal(info.withoutPerson(), type, measure, followedBy);
    }
}
