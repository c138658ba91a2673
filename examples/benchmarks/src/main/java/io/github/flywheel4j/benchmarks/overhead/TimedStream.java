package io.github.flywheel4j.benchmarks.overhead;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The user's end of one stream: counts the tokens and tells when the answer is complete. Used by one thread at a time.
 */
final class TimedStream implements StreamingChatResponseHandler {

    private final ObjLongConsumer<@Nullable Throwable> whenDone;
    private int tokens;

    /**
     * Creates it.
     *
     * @param whenDone gets null and the time of the end of a whole stream, or what went wrong
     */
    TimedStream(ObjLongConsumer<@Nullable Throwable> whenDone) {
        this.whenDone = whenDone;
    }

    @Override
    public void onPartialResponse(String token) {
        tokens++;
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        long end = System.nanoTime();
        whenDone.accept(
                tokens == StubStreamingModel.TOKENS
                        ? null
                        : new IllegalStateException(
                                "tokens: " + tokens + " (expected: " + StubStreamingModel.TOKENS + ")"),
                end);
    }

    @Override
    public void onError(Throwable error) {
        whenDone.accept(error, System.nanoTime());
    }
}
