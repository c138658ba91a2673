package io.github.flywheel4j.feedback;

import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What every event of the feedback family says of itself: its own id, when, from where, and which interaction it is about.
 *
 * @param eventId the event's own id, a UUID of version 7; delivering an event twice changes nothing, because of it
 * @param time when it happened; for an interaction, when the call began
 * @param source which part of the application said so: "web", "capture", "detector". Never a person
 * @param interactionId the interaction it is about; it need not be known yet, events are joined when they are read
 * @param answerFrom the interaction whose answer this one repeats, when the answer came from a cache; null otherwise
 * @param user the person it comes from, in the form in which {@link UserIds} stores them; null if that is not known
 * @param session the session in which it was given, so that sinks can keep what belongs to one together and in order; null
 *     if that is not known, and for an interaction, whose context has it
 */
public record EventInfo(
        UUID eventId,
        Instant time,
        String source,
        UUID interactionId,
        @Nullable UUID answerFrom,
        @Nullable String user,
        @Nullable String session) {

    /** Checks that nothing required is missing. */
    public EventInfo {
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(interactionId, "interactionId");
        if (source.isBlank()) {
            throw new IllegalArgumentException("source: blank (expected: the part of the application that says so)");
        }
    }

    /** An event of which no session is known. */
    public EventInfo(
            UUID eventId,
            Instant time,
            String source,
            UUID interactionId,
            @Nullable UUID answerFrom,
            @Nullable String user) {
        this(eventId, time, source, interactionId, answerFrom, user, null);
    }

    /** An event that happens now, about an interaction, from nobody known. */
    public static EventInfo now(Clock clock, String source, UUID interactionId) {
        long millis = clock.millis();
        return new EventInfo(EventIds.at(millis), Instant.ofEpochMilli(millis), source, interactionId, null, null);
    }

    EventInfo withoutPerson() {
        return user == null && session == null
                ? this
                : new EventInfo(eventId, time, source, interactionId, answerFrom, null);
    }

    /** Names ids only: people do not belong into logs. */
    @Override
    public String toString() {
        return "EventInfo(" + eventId + ", on " + interactionId + ")";
    }
}
