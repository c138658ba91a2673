package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The caller of a stream: notes all that it hears, in order, and may react to it by cancelling or throwing. */
final class Caller implements StreamingChatResponseHandler {

    /** What the caller does when it hears an event. */
    @FunctionalInterface
    interface Reaction {
        void to(String event, StreamingHandle handle);
    }

    private final Reaction reaction;
    private final List<String> events = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final AtomicInteger inside = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private int overlaps;
    private int terminals;
    private int eventsAfterTerminal;
    private volatile StreamingHandle handle;
    private volatile ChatResponse response;
    private volatile Throwable error;

    Caller() {
        this((event, handle) -> {});
    }

    Caller(Reaction reaction) {
        this.reaction = reaction;
    }

    @Override
    public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
        handle = context.streamingHandle();
        synchronized (this) {
            text.append(part.text());
        }
        hear("text:" + part.text(), false);
    }

    @Override
    public void onPartialThinking(PartialThinking part, PartialThinkingContext context) {
        handle = context.streamingHandle();
        hear("thinking:" + part.text(), false);
    }

    @Override
    public void onPartialToolCall(PartialToolCall part, PartialToolCallContext context) {
        handle = context.streamingHandle();
        hear("partialTool:" + part.partialArguments(), false);
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall toolCall) {
        hear("tool:" + toolCall.index() + ":" + toolCall.toolExecutionRequest().name(), false);
    }

    @Override
    public void onUnmappedRawEvent(Object rawEvent) {
        hear("raw:" + rawEvent, false);
    }

    @Override
    public void onCompleteResponse(ChatResponse complete) {
        response = complete;
        hear("complete", true);
    }

    @Override
    public void onError(Throwable failure) {
        error = failure;
        hear("error", true);
    }

    private void hear(String event, boolean terminal) {
        boolean alone = inside.incrementAndGet() == 1;
        synchronized (this) {
            overlaps += alone ? 0 : 1;
            eventsAfterTerminal += terminals > 0 ? 1 : 0;
            terminals += terminal ? 1 : 0;
            events.add(event);
        }
        begun.countDown();
        try {
            reaction.to(event, handle);
        } finally {
            inside.decrementAndGet();
            if (terminal) {
                ended.countDown();
            }
        }
    }

    /** Waits for the first event. */
    Caller awaitFirst() throws InterruptedException {
        if (!begun.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("heard nothing within 20 s");
        }
        return this;
    }

    /** Waits for the terminal signal. */
    Caller awaitEnd() throws InterruptedException {
        if (!ended.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("no terminal signal within 20 s; heard " + events());
        }
        return this;
    }

    StreamingHandle handle() {
        return handle;
    }

    ChatResponse response() {
        return response;
    }

    Throwable error() {
        return error;
    }

    synchronized String text() {
        return text.toString();
    }

    synchronized List<String> events() {
        return List.copyOf(events);
    }

    List<String> events(String kind) {
        return events().stream().filter(event -> event.startsWith(kind)).toList();
    }

    synchronized int terminals() {
        return terminals;
    }

    /** Events that came while another was being heard, or after the terminal signal: never allowed. */
    synchronized int disorder() {
        return overlaps + eventsAfterTerminal;
    }
}
