package io.github.flywheel4j.feedback;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds signals in what follows what in a session. {@link Detectors} calls it with each interaction, in order.
 *
 * <p>A detector has no state and is thread-safe. The signals it returns name the interaction that they are about; give them
 * the id that {@link Detectors#signal} makes, so that the same signal found twice is one.
 */
@FunctionalInterface
public interface SignalDetector {

    /**
     * Finds signals.
     *
     * @param before the interaction before, of the same session and another turn; null if there is none
     * @param now the interaction that has just ended
     */
    List<Signal> detect(@Nullable InteractionEvent before, InteractionEvent now);
}
