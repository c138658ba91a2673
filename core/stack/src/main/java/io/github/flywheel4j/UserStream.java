package io.github.flywheel4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The outermost stream: hands events to the caller's handler, one at a time, until it is closed. A lock excludes events
 * and closing from each other, so that nothing follows the terminal signal; it is no {@code synchronized} block, because
 * the handler's code runs inside it and must not pin a virtual thread.
 *
 * <p>A handler that throws closes the stream and cancels the call. The provider never learns of it, so that it cannot be
 * mistaken for the provider's error and retried.
 */
final class UserStream implements Tracked {

    private final ReentrantLock lock = new ReentrantLock();
    private final StreamingChatResponseHandler handler;
    private final Cancellation cancellation;
    private final PartialResponseContext textContext;
    private final PartialThinkingContext thinkingContext;
    private final PartialToolCallContext toolCallContext;
    private final Emitted emitted = new Emitted();
    private boolean closed;
    private long firstEventAt;
    private @Nullable Throwable handlerFailure;

    UserStream(StreamingChatResponseHandler handler, CallHandle handle) {
        this.handler = handler;
        this.cancellation = handle.cancellation();
        this.textContext = new PartialResponseContext(handle);
        this.thinkingContext = new PartialThinkingContext(handle);
        this.toolCallContext = new PartialToolCallContext(handle);
    }

    @Override
    public void text(String text) {
        if (text.isEmpty()) {
            return; // LangChain4j has no empty part
        }
        deliver(true, to -> {
            emitted.text(text);
            to.onPartialResponse(new PartialResponse(text), textContext);
        });
    }

    @Override
    public void thinking(PartialThinking thinking) {
        deliver(true, to -> to.onPartialThinking(thinking, thinkingContext));
    }

    @Override
    public void partialToolCall(PartialToolCall toolCall) {
        deliver(true, to -> to.onPartialToolCall(toolCall, toolCallContext));
    }

    @Override
    public void toolCall(CompleteToolCall toolCall) {
        deliver(true, to -> {
            emitted.toolCall(toolCall.toolExecutionRequest());
            to.onCompleteToolCall(toolCall);
        });
    }

    @Override
    public void raw(Object event) {
        deliver(false, to -> to.onUnmappedRawEvent(event));
    }

    /**
     * Emits what the answer has and the caller has not: the rest of the text, then the tool calls; and closes. All at once,
     * so that nothing can come in between.
     *
     * @throws CallCancelled if the call was cancelled first, or the handler threw
     */
    void complete(ChatResponse response) {
        lock.lock();
        try {
            // The layers' answers were checked. What is checked here is that none of them went on emitting.
            emitted.requirePrefixOf(response, Emitted.Mark.START, "the stack");
            emitRest(response.aiMessage());
            if (!cancellation.end()) {
                throw new CallCancelled(cancellation.reason());
            }
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Closes the stream of a call without an answer; whether the handler is owed an error: not if the caller cancelled. */
    boolean fail() {
        lock.lock();
        try {
            closed = true;
            return cancellation.end() || !cancellation.isByCaller();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String released() {
        lock.lock();
        try {
            return emitted.text();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public Emitted.Mark mark() {
        lock.lock();
        try {
            return emitted.mark();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void requirePrefixOf(ChatResponse response, Emitted.Mark since, String layer) {
        lock.lock();
        try {
            emitted.requirePrefixOf(response, since, layer);
        } finally {
            lock.unlock();
        }
    }

    /** What the handler threw, if it threw. */
    @Nullable
    Throwable handlerFailure() {
        lock.lock();
        try {
            return handlerFailure;
        } finally {
            lock.unlock();
        }
    }

    /** When the first text, thinking or tool event was released, in {@link System#nanoTime()}; 0 for not yet. */
    long firstEventAt() {
        lock.lock();
        try {
            return firstEventAt;
        } finally {
            lock.unlock();
        }
    }

    private void emitRest(AiMessage answer) {
        text(emitted.restOfText(answer));
        List<ToolExecutionRequest> toolCalls = answer.toolExecutionRequests();
        for (int i = 0; i < toolCalls.size(); i++) {
            if (!emitted.hasToolCall(answer, i)) {
                toolCall(new CompleteToolCall(i, toolCalls.get(i)));
            }
        }
    }

    private void deliver(boolean content, Consumer<StreamingChatResponseHandler> event) {
        lock.lock();
        try {
            if (closed || cancellation.isCancelled()) {
                return;
            }
            if (content && firstEventAt == 0) {
                firstEventAt = System.nanoTime();
            }
            event.accept(handler);
        } catch (Throwable e) {
            closed = true;
            handlerFailure = e;
            cancellation.cancel("the caller's handler threw " + e.getClass().getName());
        } finally {
            lock.unlock();
        }
    }
}
