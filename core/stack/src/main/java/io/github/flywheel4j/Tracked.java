package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.ChatResponse;

/** A stream that can hold an answer against what went through it. */
interface Tracked extends ResponseStream {

    /** What went through so far. What a layer further out emitted before is no business of the layers further in. */
    Emitted.Mark mark();

    /** Fails, naming the layer, if the answer does not begin with what went through this stream since the mark. */
    void requirePrefixOf(ChatResponse response, Emitted.Mark since, String layer);
}
