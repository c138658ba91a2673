package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;

/**
 * The rest of the stack as one layer sees it: the layers further in and, at the end, the model.
 *
 * <p>Thread-safe. It may be called zero, one or several times, also concurrently: each further call of the same
 * {@link ChatCall} gets a branch of the trace of its own. In a stream only one of several calls may be heard; take them
 * from {@link ChatCall#attempts()}.
 */
@FunctionalInterface
public interface Next {

    /**
     * Passes the call on and waits for its answer.
     *
     * @throws CallCancelled if the call was cancelled
     * @throws DeadlineExceeded if the call's deadline has passed
     */
    ChatResponse proceed(ChatCall call);

    /**
     * Which configuration the rest of the stack is: the prompt version, the models and their defaults, and the name and
     * settings of each layer further in. What answers an equal call differently has another fingerprint; a layer that keeps
     * answers makes it part of their key.
     */
    default StackFingerprint fingerprint() {
        return StackFingerprint.of(List.of());
    }
}
