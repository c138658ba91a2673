package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;

/** The stream of a call to which nobody listens. */
final class NoStream implements ResponseStream {

    @Override
    public void text(String text) {}

    @Override
    public void thinking(PartialThinking thinking) {}

    @Override
    public void partialToolCall(PartialToolCall toolCall) {}

    @Override
    public void toolCall(CompleteToolCall toolCall) {}

    @Override
    public void raw(Object event) {}

    @Override
    public String released() {
        return "";
    }

    @Override
    public boolean isLive() {
        return false;
    }
}
