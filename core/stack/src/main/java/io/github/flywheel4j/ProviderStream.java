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
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of a provider: hands its events to the call's stream until the first terminal signal, and nothing after.
 *
 * <p>The provider's thread delivers, the layer's thread waits in {@link #await()}. A lock excludes a delivery and the end
 * from each other, so that an attempt that was given up cannot speak once its layer has gone on.
 */
final class ProviderStream implements StreamingChatResponseHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderStream.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean providerCancelled = new AtomicBoolean();
    private final ChatCall call;
    private final ResponseStream to;
    private final String model;
    private final Duration idleTimeout;
    private final Thread waiter = Thread.currentThread();
    private final StringBuilder text = new StringBuilder();

    private boolean closed;
    private boolean failedHere; // of the waiting thread only
    private volatile boolean delivering;
    private volatile long lastEventAt = System.nanoTime();
    private volatile @Nullable StreamingHandle provider;
    private volatile @Nullable ChatResponse answer;
    private volatile @Nullable Throwable failure;

    ProviderStream(ChatCall call, String model, Duration idleTimeout) {
        this.call = call;
        this.to = call.stream();
        this.model = model;
        this.idleTimeout = idleTimeout;
    }

    /** Waits for the first terminal signal; fails when the call is cancelled, too late, or nothing comes for too long. */
    ChatResponse await() {
        if (!Waits.parkUntil(call, this::hasEnded, this::nanosUntilIdle, "the stream of the model")) {
            throw new StreamStalled(model, idleTimeout);
        }
        call.cancellation().throwIfCancelled();
        if (failure != null) {
            throw CheckedFailure.unchecked(failure);
        }
        ChatResponse ended = answer;
        if (ended == null) {
            throw new IllegalStateException(model + " completed with null (expected: a ChatResponse)");
        }
        return trueToWhatWasSaid(ended);
    }

    /** Wakes the waiting thread, and ends the provider's work if it can be ended. */
    void wake() {
        LockSupport.unpark(waiter);
        StreamingHandle handle = provider;
        if (handle != null) {
            cancelProvider(handle);
        }
    }

    /** Ends deliveries; a provider that still works is cancelled, at once or at its next event. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        StreamingHandle handle = provider;
        if (handle != null && !hasEnded()) {
            cancelProvider(handle);
        }
    }

    /**
     * Throws what the model reported on this very thread, so that an interrupt of ours, which such a model reports as a
     * failure of its own, is judged where it was sent.
     */
    void throwWhatFailedHere() {
        Throwable known = failure;
        if (failedHere && known != null) {
            throw CheckedFailure.unchecked(known);
        }
    }

    /** Ends the stream with a verdict of ours, which counts for more than the failure that it caused. */
    void fail(RuntimeException verdict) {
        lock.lock();
        try {
            if (answer == null) {
                failure = verdict;
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many characters the provider sent. */
    int released() {
        lock.lock();
        try {
            return text.length();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it has not ended and no event came for the idle timeout. */
    boolean isIdle() {
        return !hasEnded() && nanosUntilIdle() <= 0;
    }

    @Override
    public void onPartialResponse(String partialResponse) {
        text(partialResponse, null);
    }

    @Override
    public void onPartialResponse(PartialResponse partialResponse, PartialResponseContext context) {
        text(partialResponse.text(), context.streamingHandle());
    }

    @Override
    public void onPartialThinking(PartialThinking partialThinking) {
        deliver(null, stream -> stream.thinking(partialThinking));
    }

    @Override
    public void onPartialThinking(PartialThinking partialThinking, PartialThinkingContext context) {
        deliver(context.streamingHandle(), stream -> stream.thinking(partialThinking));
    }

    @Override
    public void onPartialToolCall(PartialToolCall partialToolCall) {
        deliver(null, stream -> stream.partialToolCall(partialToolCall));
    }

    @Override
    public void onPartialToolCall(PartialToolCall partialToolCall, PartialToolCallContext context) {
        deliver(context.streamingHandle(), stream -> stream.partialToolCall(partialToolCall));
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall completeToolCall) {
        deliver(null, stream -> stream.toolCall(completeToolCall));
    }

    @Override
    public void onUnmappedRawEvent(Object rawEvent) {
        deliver(null, stream -> stream.raw(rawEvent));
    }

    @Override
    public void onCompleteResponse(ChatResponse completeResponse) {
        end(completeResponse, null);
    }

    @Override
    public void onError(Throwable error) {
        end(null, error);
    }

    private void text(String part, @Nullable StreamingHandle handle) {
        deliver(handle, stream -> {
            text.append(part);
            stream.text(part);
        });
    }

    private void deliver(@Nullable StreamingHandle handle, Consumer<ResponseStream> event) {
        if (handle != null) {
            provider = handle;
        }
        boolean wanted;
        lock.lock();
        try {
            wanted = !closed && !call.cancellation().isCancelled();
            if (wanted && !hasEnded()) {
                delivering = true;
                event.accept(to);
            }
        } catch (Throwable e) {
            // A layer's own stream failed. That is the call's failure, not the provider's to handle.
            wanted = false;
            failure = e;
            LockSupport.unpark(waiter);
        } finally {
            delivering = false;
            lastEventAt = System.nanoTime();
            lock.unlock();
        }
        StreamingHandle known = provider;
        if (!wanted && known != null) {
            cancelProvider(known);
        }
    }

    private void end(@Nullable ChatResponse response, @Nullable Throwable error) {
        lock.lock();
        try {
            if (!hasEnded()) {
                failedHere = error != null && Thread.currentThread() == waiter;
                answer = response;
                failure = response != null || error != null
                        ? error
                        : new IllegalStateException(model + " ended its stream with null (expected: a ChatResponse)");
            }
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(waiter);
    }

    private boolean hasEnded() {
        return answer != null || failure != null;
    }

    private long nanosUntilIdle() {
        long idle = delivering ? 0 : System.nanoTime() - lastEventAt;
        return Deadline.nanos(idleTimeout) - idle;
    }

    /**
     * The answer, whose text is what the provider streamed where the two differ: some providers trim the text of the whole,
     * and the caller already has the parts.
     */
    private ChatResponse trueToWhatWasSaid(ChatResponse response) {
        String said;
        lock.lock();
        try {
            said = text.toString();
        } finally {
            lock.unlock();
        }
        String whole = response.aiMessage().text();
        if (said.isEmpty() || (whole != null && whole.startsWith(said))) {
            return response;
        }
        return response.toBuilder()
                .aiMessage(response.aiMessage().toBuilder().text(said).build())
                .build();
    }

    private void cancelProvider(StreamingHandle handle) {
        if (!providerCancelled.compareAndSet(false, true)) {
            return;
        }
        try {
            handle.cancel();
        } catch (RuntimeException e) {
            // A provider that cannot be cancelled stays muted and ends by itself.
            LOG.debug("{} could not be cancelled", model, e);
        }
    }
}
