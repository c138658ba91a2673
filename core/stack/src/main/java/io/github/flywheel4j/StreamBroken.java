package io.github.flywheel4j;

import dev.langchain4j.exception.RetriableException;

/**
 * A stream ended without a finish reason: the connection broke, and what arrived is not the whole answer. Providers that
 * never send one are named to the stack with {@link ChatStack.Builder#finishReasonOptional()}.
 */
public final class StreamBroken extends RetriableException {

    private static final long serialVersionUID = 1L;

    StreamBroken(String model, int characters) {
        super(model + " ended its stream after " + characters + " characters without a finish reason (expected: one; if"
                + " this provider never sends one, say finishReasonOptional() to the stack)");
    }
}
