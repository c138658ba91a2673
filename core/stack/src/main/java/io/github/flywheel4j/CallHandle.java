package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.UUID;

/** What the caller of a stream holds: ends the call and knows its id. */
final class CallHandle implements StreamingHandle {

    private final UUID id;
    private final Cancellation cancellation;

    CallHandle(UUID id, Cancellation cancellation) {
        this.id = id;
        this.cancellation = cancellation;
    }

    @Override
    public void cancel() {
        cancellation.cancelByCaller("by its caller");
    }

    @Override
    public boolean isCancelled() {
        return cancellation.isCancelled();
    }

    UUID id() {
        return id;
    }

    Cancellation cancellation() {
        return cancellation;
    }
}
