package io.github.flywheel4j.feedback;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that is known of an interaction: the interaction itself, or what came of it later.
 *
 * <p>The family is closed, so that every reader can treat every kind. {@link Satisfaction} (did the user like it) and
 * {@link Correctness} (was it right, and who says so) are different kinds on purpose, and nothing turns one into the other:
 * what is trained on thumbs learns to please.
 *
 * <p>All kinds are immutable. Events with the same {@link #eventId()} are the same event.
 */
public sealed interface FeedbackEvent
        permits InteractionEvent,
                Satisfaction,
                Correctness,
                Correction,
                Preference,
                Adoption,
                SourceRelevance,
                MissingKnowledge,
                Comment,
                Signal,
                Erasure {

    /** The version of the JSON form that this library writes; it reads all versions up to this one. */
    int SCHEMA = 1;

    /** The event's own id, time and source, and what it is about. */
    EventInfo info();

    /** Which kind of event this is. */
    FeedbackKind kind();

    /** The event's own id. */
    default UUID eventId() {
        return info().eventId();
    }

    /** When it happened. */
    default Instant time() {
        return info().time();
    }

    /** The interaction it is about. */
    default UUID interactionId() {
        return info().interactionId();
    }

    /** The session to which it belongs; null if that is not known. */
    default @Nullable String session() {
        return info().session();
    }

    /** This event as one line of JSON, with the schema's version inside. */
    default String toJson() {
        return EventWriter.toJson(this);
    }

    /**
     * This event after an erasure: without people and texts, with the same ids. What is left is what counts need. A store of
     * one's own puts it in the event's place.
     */
    FeedbackEvent masked();

    /**
     * Reads what {@link #toJson()} wrote, also by an older version. Fields that are not known are ignored.
     *
     * @throws SchemaTooNew if a newer version of this library wrote it
     * @throws IllegalArgumentException if it is no event; the message never quotes the text
     */
    static FeedbackEvent fromJson(String json) {
        return EventReader.read(json);
    }
}
