package io.github.flywheel4j.feedback;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a verified token says.
 *
 * @param interactionId the interaction that feedback may be given on
 * @param user the person it was made for; null if it was made for nobody in particular
 * @param allowed the kinds of feedback that may be given
 * @param expires when it ends
 */
public record FeedbackToken(UUID interactionId, @Nullable String user, Set<FeedbackKind> allowed, Instant expires) {

    /** Copies the kinds. */
    public FeedbackToken {
        allowed = Set.copyOf(allowed);
    }

    /** Leaves out the person. */
    @Override
    public String toString() {
        return "FeedbackToken(" + interactionId + ", " + allowed + ", until " + expires + ")";
    }
}
