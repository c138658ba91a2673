package io.github.flywheel4j.benchmarks.overhead;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A streaming model that emits the same 100 tokens for every request, without a pause, on a small pool of threads of its
 * own, as a provider's client would; each token goes out with a handle to cancel by.
 */
final class StubStreamingModel implements StreamingChatModel, AutoCloseable {

    static final int TOKENS = 100;

    /** As many as the machine of the published figures has cores. */
    private static final int THREADS = 2;

    private final String[] tokens =
            IntStream.range(0, TOKENS).mapToObj(i -> " token" + i).toArray(String[]::new);
    private final ChatResponse response = ChatResponse.builder()
            .aiMessage(AiMessage.from(
                    IntStream.range(0, TOKENS).mapToObj(i -> tokens[i]).collect(Collectors.joining())))
            .finishReason(FinishReason.STOP)
            .build();
    private final ExecutorService provider = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "stub-provider");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        provider.execute(() -> emit(handler));
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        chat(request, handler);
    }

    private void emit(StreamingChatResponseHandler handler) {
        Handle handle = new Handle();
        PartialResponseContext context = new PartialResponseContext(handle);
        for (String token : tokens) {
            if (handle.isCancelled()) {
                return;
            }
            handler.onPartialResponse(new PartialResponse(token), context);
        }
        handler.onCompleteResponse(response);
    }

    @Override
    public void close() {
        provider.shutdownNow();
    }

    private static final class Handle implements StreamingHandle {

        private volatile boolean cancelled;

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }
}
