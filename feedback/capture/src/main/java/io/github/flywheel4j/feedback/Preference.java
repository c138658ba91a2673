package io.github.flywheel4j.feedback;

import java.util.UUID;

/**
 * Somebody chose this answer over another one.
 *
 * @param info the event's id, time and source; its interaction is the preferred one
 * @param over the interaction whose answer was not chosen
 * @param shown in which order the two were shown: people, like judges, lean to a place
 */
public record Preference(EventInfo info, UUID over, Shown shown) implements FeedbackEvent {

    /** In which order two answers were shown. */
    public enum Shown {
        /** The preferred answer came first, or stood on the left. */
        PREFERRED_FIRST,
        /** The preferred answer came second, or stood on the right. */
        PREFERRED_SECOND,
        /** Nobody knows any more. */
        UNKNOWN
    }

    /** Checks that there are two answers. */
    public Preference {
        if (over.equals(info.interactionId())) {
            throw new IllegalArgumentException(
                    "over: " + over + " (expected: another interaction than the preferred one)");
        }
    }

    @Override
    public FeedbackKind kind() {
        return FeedbackKind.PREFERENCE;
    }

    @Override
    public Preference masked() {
        return new Preference(info.withoutPerson(), over, shown);
    }
}
