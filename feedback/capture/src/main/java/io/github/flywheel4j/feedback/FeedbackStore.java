package io.github.flywheel4j.feedback;

import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The reading side: what sinks wrote. Events that were delivered twice are read once.
 *
 * <p>Streams read as they go and hold no more than the ids of what they returned (32 bytes each); close them. All methods
 * throw {@link java.io.UncheckedIOException} if the store cannot be read, and {@link SchemaTooNew} if a newer version of
 * this library wrote to it. Thread-safe.
 */
public interface FeedbackStore {

    /** Interactions, in the order of writing. */
    Stream<InteractionEvent> interactions(InteractionQuery query);

    /** All events, in the order of writing. */
    Stream<FeedbackEvent> events();

    /**
     * All that is known of an interaction: itself, if it has arrived, and the feedback on it, also feedback on later
     * answers that a cache filled from it, and comparisons with others.
     */
    Timeline timeline(UUID interactionId);

    /** How many interactions there are, and of how many of them something is known. */
    Coverage coverage(InteractionQuery query);

    /** Deletes all events before a time. */
    RetentionReport deleteBefore(Instant time);

    /**
     * Forgets a person: their id in every form, and every text of their interactions and of the feedback on them, are gone
     * from everything that the store holds. What is left are counts: that there was a call, when, by which workload, and
     * what came of it. Lines that cannot be read are deleted too, because nobody can tell whose they are.
     *
     * <p>Flush the {@link AsyncSink} before: what waits there has not arrived yet.
     *
     * @param user the person's id, as the application knows it
     */
    ErasureReport erase(String user);
}
