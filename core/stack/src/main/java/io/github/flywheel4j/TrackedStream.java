package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;

/**
 * A stream that remembers what went through it, so that the answer of the layer that was given it can be held against
 * it. The stack puts one where a layer's stream is not the one of the layer before; a layer that does not wrap the
 * stream costs nothing per token.
 */
final class TrackedStream extends ResponseStream.Forwarding implements Tracked {

    private final Emitted emitted = new Emitted();

    TrackedStream(ResponseStream to) {
        super(to);
    }

    @Override
    public void text(String text) {
        synchronized (emitted) {
            emitted.text(text);
        }
        super.text(text);
    }

    @Override
    public void toolCall(CompleteToolCall toolCall) {
        synchronized (emitted) {
            emitted.toolCall(toolCall.toolExecutionRequest());
        }
        super.toolCall(toolCall);
    }

    @Override
    public Emitted.Mark mark() {
        synchronized (emitted) {
            return emitted.mark();
        }
    }

    @Override
    public void requirePrefixOf(ChatResponse response, Emitted.Mark since, String layer) {
        synchronized (emitted) {
            emitted.requirePrefixOf(response, since, layer);
        }
    }
}
