package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.ChatResponse;

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
}
