package io.github.flywheel4j;

import dev.langchain4j.exception.TimeoutException;
import java.time.Duration;

/** A stream sent no event for longer than the stack's idle timeout; safe to retry if nothing was released yet. */
public final class StreamStalled extends TimeoutException {

    private static final long serialVersionUID = 1L;

    StreamStalled(String model, Duration idleTimeout) {
        super(model + " sent no event for " + idleTimeout + " (expected: at least one; if the model may be silent for"
                + " longer, raise idleTimeout of the stack)");
    }
}
