package io.github.flywheel4j;

import dev.langchain4j.exception.NonRetriableException;

/** A layer refused the call: a guard tripped or a budget is used up. The interaction's outcome is BLOCKED. */
public final class CallBlocked extends NonRetriableException {

    private static final long serialVersionUID = 1L;

    /**
     * Refuses a call.
     *
     * @param layer the name of the layer that refuses
     * @param reason why, and what the caller can do; never the text that was refused
     */
    public CallBlocked(String layer, String reason) {
        super(layer + " refused the call: " + reason);
    }
}
