package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.ChatResponse;

/** A stream that can hold an answer against what went through it. */
interface Tracked extends ResponseStream {

    /** Fails, naming the layer, if the answer does not begin with what went through this stream. */
    void requirePrefixOf(ChatResponse response, String layer);
}
