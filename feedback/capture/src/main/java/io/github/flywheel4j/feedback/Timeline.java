package io.github.flywheel4j.feedback;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of an interaction.
 *
 * @param interactionId its id
 * @param interaction the interaction itself; null if it has not arrived, or was deleted
 * @param feedback what came of it, in the order of time
 */
public record Timeline(UUID interactionId, @Nullable InteractionEvent interaction, List<FeedbackEvent> feedback) {

    /** Copies the list. */
    public Timeline {
        feedback = List.copyOf(feedback);
    }

    /** The feedback of one kind, such as {@code timeline.of(Satisfaction.class)}. */
    public <T extends FeedbackEvent> Stream<T> of(Class<T> kind) {
        return feedback.stream().filter(kind::isInstance).map(kind::cast);
    }
}
