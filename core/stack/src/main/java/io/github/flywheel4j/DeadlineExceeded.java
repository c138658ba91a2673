package io.github.flywheel4j;

import dev.langchain4j.exception.NonRetriableException;
import org.jspecify.annotations.Nullable;

/** The call's {@link Deadline} passed before there was an answer. */
public final class DeadlineExceeded extends NonRetriableException {

    private static final long serialVersionUID = 1L;

    DeadlineExceeded(String waitedFor, @Nullable Throwable cause) {
        super(
                "deadline passed while waiting for " + waitedFor + " (expected: an answer before it; give the call more"
                        + " time with withDeadline, or the stack with its builder)",
                cause);
    }
}
