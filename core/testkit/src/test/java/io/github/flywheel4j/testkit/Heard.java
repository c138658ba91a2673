package io.github.flywheel4j.testkit;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A handler that keeps what it hears, in order. */
class Heard implements StreamingChatResponseHandler {

    final List<String> events = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    final List<ChatResponse> responses = new ArrayList<>();
    final StringBuilder text = new StringBuilder();
    final CountDownLatch ended = new CountDownLatch(1);
    volatile StreamingHandle handle;
    volatile Thread thread;

    @Override
    public synchronized void onPartialResponse(String token) {
        thread = Thread.currentThread();
        events.add("text:" + token);
        text.append(token);
    }

    @Override
    public void onPartialResponse(PartialResponse token, PartialResponseContext context) {
        handle = context.streamingHandle();
        onPartialResponse(token.text());
    }

    @Override
    public synchronized void onPartialThinking(PartialThinking thinking) {
        events.add("thinking:" + thinking.text());
    }

    @Override
    public synchronized void onPartialToolCall(PartialToolCall call) {
        events.add("partial " + call.index() + " " + call.name() + ":" + call.partialArguments());
    }

    @Override
    public synchronized void onCompleteToolCall(CompleteToolCall call) {
        events.add("tool " + call.index() + " " + call.toolExecutionRequest().arguments());
    }

    @Override
    public synchronized void onUnmappedRawEvent(Object rawEvent) {
        events.add("raw:" + rawEvent);
    }

    @Override
    public synchronized void onCompleteResponse(ChatResponse response) {
        events.add("complete");
        responses.add(response);
        ended.countDown();
    }

    @Override
    public synchronized void onError(Throwable error) {
        events.add("error");
        errors.add(error);
        ended.countDown();
    }

    synchronized List<String> events() {
        return List.copyOf(events);
    }

    synchronized String text() {
        return text.toString();
    }

    Heard await() throws InterruptedException {
        if (!ended.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("no terminal within 10 s; heard " + events());
        }
        return this;
    }
}
