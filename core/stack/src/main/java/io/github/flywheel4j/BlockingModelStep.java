package io.github.flywheel4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.response.ChatResponse;

/** The end of the stack for callers that block: the model itself. */
final class BlockingModelStep implements Next {

    private final ChatModel model;
    private final StackFingerprint fingerprint;

    BlockingModelStep(ChatModel model, StackFingerprint fingerprint) {
        this.model = model;
        this.fingerprint = fingerprint;
    }

    @Override
    public StackFingerprint fingerprint() {
        return fingerprint;
    }

    @Override
    public ChatResponse proceed(ChatCall call) {
        return Waits.interruptibly(call, "the model", () -> ask(call));
    }

    private ChatResponse ask(ChatCall call) {
        ChatRequestOptions options = call.run().options();
        ChatResponse response = options.listenerAttributes().isEmpty()
                ? model.chat(call.request()) // some models override this method only
                : model.chat(call.request(), options);
        if (response == null) {
            throw new IllegalStateException(
                    model.getClass().getName() + " returned null (expected: a ChatResponse, or an exception)");
        }
        return response;
    }
}
