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

    /** Interactions, in the order of writing. A condition on labels may cost a pass over the feedback first. */
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
     * from everything that the store holds and from what still waits before it, in memory and in spill folders. What is left
     * are counts: that there was a call, when, by which workload, and what came of it. Lines that cannot be read are deleted
     * too, because nobody can tell whose they are. An event that was erased and is delivered again, and one that comes on an
     * erased interaction later, is kept as masked.
     *
     * <p>The sink is flushed first, so that what waits arrives and is erased with the rest. If that fails, nothing was
     * erased: try again when what is behind the sink is back. What the application gives while this runs counts as later. A
     * stream that was begun before may still return events as they were: begin an export anew.
     *
     * @param user the person's id, as the application knows it
     * @param sink what the application gives its events to: the {@link AsyncSink} if there is one
     * @throws IllegalStateException if events still wait in the sink after its close timeout
     */
    default ErasureReport erase(String user, FeedbackSink sink) {
        sink.flush();
        return eraseStored(user);
    }

    /**
     * Forgets a person in what the store holds, and nowhere else: for programs that run while no sink does, and for stores
     * of one's own to implement. Use {@link #erase(String, FeedbackSink)} where events may wait in a sink.
     *
     * @param user the person's id, as the application knows it
     */
    ErasureReport eraseStored(String user);
}
