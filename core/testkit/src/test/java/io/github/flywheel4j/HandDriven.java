package io.github.flywheel4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A streaming model whose provider is the test itself: it says what comes when, from any thread. */
final class HandDriven implements StreamingChatModel {

    private final BlockingQueue<Stream> streams = new LinkedBlockingQueue<>();

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        streams.add(new Stream(handler));
    }

    /** The next stream that the model was asked for. */
    Stream next() throws InterruptedException {
        Stream stream = streams.poll(20, TimeUnit.SECONDS);
        if (stream == null) {
            throw new AssertionError("the model was not asked within 20 s");
        }
        return stream;
    }

    /** One stream, and whether the stack cancelled it. */
    static final class Stream implements StreamingHandle {

        final StreamingChatResponseHandler handler;
        private final AtomicInteger cancels = new AtomicInteger();
        private final PartialResponseContext context = new PartialResponseContext(this);

        Stream(StreamingChatResponseHandler handler) {
            this.handler = handler;
        }

        /** Sends text as a provider that can be cancelled. */
        void text(String text) {
            handler.onPartialResponse(new PartialResponse(text), context);
        }

        void complete(String text) {
            handler.onCompleteResponse(Shape.answer(text));
        }

        @Override
        public void cancel() {
            cancels.incrementAndGet();
        }

        @Override
        public boolean isCancelled() {
            return cancels.get() > 0;
        }

        int cancels() {
            return cancels.get();
        }
    }
}
