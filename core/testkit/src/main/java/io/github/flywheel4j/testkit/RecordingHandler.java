package io.github.flywheel4j.testkit;

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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A streaming handler that keeps what it hears, in order, and waits for the end on request.
 *
 * <pre>{@code
 * RecordingHandler heard = new RecordingHandler();
 * model.chat(request, heard);
 * assertThat(heard.await().events()).containsExactly("text:Paris", "complete");
 * }</pre>
 *
 * <p>Events read {@code text:}, {@code thinking:}, {@code raw:} and {@code partial-tool-call:NAME:} with what came, {@code
 * tool-call:NAME:} with the whole arguments, {@code complete} and {@code error}. Thread-safe.
 */
public final class RecordingHandler implements StreamingChatResponseHandler {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Object lock = new Object();
    private final Consumer<? super RecordingHandler> onText;
    private final List<String> events = new ArrayList<>();
    private final List<ChatResponse> responses = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private final List<CompleteToolCall> toolCalls = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable StreamingHandle handle;
    private @Nullable PartialResponseContext context;
    private @Nullable Thread thread;

    /** A handler that only listens. */
    public RecordingHandler() {
        this(heard -> {});
    }

    /**
     * A handler that does something after each text event is recorded, on the thread that brought it: cancel through
     * {@link #handle()}, throw, wait.
     */
    public RecordingHandler(Consumer<? super RecordingHandler> onText) {
        this.onText = onText;
    }

    @Override
    public void onPartialResponse(String partialResponse) {
        synchronized (lock) {
            thread = Thread.currentThread();
            events.add("text:" + partialResponse);
            text.append(partialResponse);
        }
        onText.accept(this);
    }

    @Override
    public void onPartialResponse(PartialResponse partialResponse, PartialResponseContext context) {
        synchronized (lock) {
            this.context = context;
            handle = context.streamingHandle();
        }
        onPartialResponse(partialResponse.text());
    }

    @Override
    public void onPartialThinking(PartialThinking partialThinking) {
        synchronized (lock) {
            events.add("thinking:" + partialThinking.text());
        }
    }

    @Override
    public void onPartialThinking(PartialThinking partialThinking, PartialThinkingContext context) {
        synchronized (lock) {
            handle = context.streamingHandle();
            onPartialThinking(partialThinking);
        }
    }

    @Override
    public void onPartialToolCall(PartialToolCall call) {
        synchronized (lock) {
            events.add("partial-tool-call:" + call.name() + ":" + call.partialArguments());
        }
    }

    @Override
    public void onPartialToolCall(PartialToolCall call, PartialToolCallContext context) {
        synchronized (lock) {
            handle = context.streamingHandle();
            onPartialToolCall(call);
        }
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        synchronized (lock) {
            events.add("tool-call:" + call.toolExecutionRequest().name() + ":"
                    + call.toolExecutionRequest().arguments());
            toolCalls.add(call);
        }
    }

    @Override
    public void onUnmappedRawEvent(Object rawEvent) {
        synchronized (lock) {
            events.add("raw:" + rawEvent);
        }
    }

    @Override
    public void onCompleteResponse(ChatResponse completeResponse) {
        synchronized (lock) {
            events.add("complete");
            responses.add(completeResponse);
        }
        ended.countDown();
    }

    @Override
    public void onError(Throwable error) {
        synchronized (lock) {
            events.add("error");
            errors.add(error);
        }
        ended.countDown();
    }

    /**
     * Waits until the first terminal signal.
     *
     * @return this handler
     * @throws AssertionError when none came within 10 seconds
     */
    public RecordingHandler await() {
        return await(PATIENCE);
    }

    /**
     * Waits until the first terminal signal.
     *
     * @param patience how long at most
     * @return this handler
     * @throws AssertionError when none came in that time
     */
    public RecordingHandler await(Duration patience) {
        try {
            if (!ended.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError(
                        "no terminal signal within " + patience + "; heard " + events().size() + " events");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the terminal signal", e);
        }
        return this;
    }

    /** All events so far, in order. */
    public List<String> events() {
        synchronized (lock) {
            return List.copyOf(events);
        }
    }

    /** All text so far. */
    public String text() {
        synchronized (lock) {
            return text.toString();
        }
    }

    /** The complete tool calls so far. */
    public List<CompleteToolCall> toolCalls() {
        synchronized (lock) {
            return List.copyOf(toolCalls);
        }
    }

    /** The complete responses so far; more than one only from a broken provider, and null only from one. */
    public List<ChatResponse> responses() {
        synchronized (lock) {
            return Collections.unmodifiableList(new ArrayList<>(responses));
        }
    }

    /** The errors so far. */
    public List<Throwable> errors() {
        synchronized (lock) {
            return List.copyOf(errors);
        }
    }

    /** How many terminal signals came so far. */
    public int terminals() {
        synchronized (lock) {
            return responses.size() + errors.size();
        }
    }

    /** The handle of the last event that had one. */
    public Optional<StreamingHandle> handle() {
        synchronized (lock) {
            return Optional.ofNullable(handle);
        }
    }

    /** The context of the last text event that had one. */
    public Optional<PartialResponseContext> context() {
        synchronized (lock) {
            return Optional.ofNullable(context);
        }
    }

    /** The thread that brought the last text event. */
    public Optional<Thread> thread() {
        synchronized (lock) {
            return Optional.ofNullable(thread);
        }
    }

    /**
     * Cancels the stream.
     *
     * @throws IllegalStateException when no event with a handle has come yet
     */
    public void cancel() {
        handle().orElseThrow(() -> new IllegalStateException("no handle (expected: an event with one, first)"))
                .cancel();
    }
}
