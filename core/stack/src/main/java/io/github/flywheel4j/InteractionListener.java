package io.github.flywheel4j;

/**
 * Is told of every interaction of a stack: answered, degraded, blocked, failed and cancelled ones, each exactly once.
 *
 * <p>The interaction is queued before the answer is handed to the caller, so that feedback on an answer never overtakes
 * it, and delivered on another thread, in the order of queueing. The queue is bounded; what does not fit is counted
 * ({@link ChatStack#droppedInteractions()}) and logged. A listener that throws is logged once and never harms a call.
 */
@FunctionalInterface
public interface InteractionListener {

    /** Takes note of an interaction. Called on one thread at a time for each stack, unless it is {@link #inline()}. */
    void onInteraction(Interaction interaction);

    /**
     * Whether to be called on the thread that makes the answer, just before the answer is handed over, instead of through
     * the queue; false unless told. For listeners with a queue of their own, which lose nothing when they are slow: they
     * must be thread-safe, return within microseconds and never block.
     */
    default boolean inline() {
        return false;
    }
}
