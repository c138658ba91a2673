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

    /** Takes note of an interaction. Called on one thread at a time for each stack. */
    void onInteraction(Interaction interaction);
}
