package io.github.flywheel4j.testkit;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link StreamingChatModel} that streams answers from a script and remembers what it was asked.
 *
 * <pre>{@code
 * ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(Answer.text("Paris is lovely in May.")
 *         .tokens(TokenSplit.random(7))
 *         .failAfterTokens(2, new IOException("reset")));
 * }</pre>
 *
 * <p>It is built like a shipped model: it overrides {@code doChat} and leaves default parameters and listeners to
 * LangChain4j. Events come on a thread of the model, one thread a stream, unless the builder says otherwise. A handler's
 * exception goes to its {@code onError}, and the stream goes on, as langchain4j-open-ai does it. After {@code cancel()}
 * on the handle there is no further event and no terminal. A hanging stream holds no thread, unless it is played on the
 * caller's. Thread-safe.
 */
public final class ScriptedStreamingChatModel implements StreamingChatModel {

    private static final AtomicInteger THREADS = new AtomicInteger();

    // Shared by all models, so that a test with many of them does not hold a pool for each.
    private static final Executor DAEMON_THREADS =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "scripted-stream-" + THREADS.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    private final Script script;
    private final @Nullable Executor executor;

    private ScriptedStreamingChatModel(Builder builder) {
        script = new Script(builder);
        executor = builder.executor;
    }

    /** A model that always says this. */
    public static ScriptedStreamingChatModel saying(String text) {
        return of(Answer.text(text));
    }

    /** A model that gives these answers in order; the last one repeats. */
    public static ScriptedStreamingChatModel of(Answer... answers) {
        return builder().answers(answers).build();
    }

    /** A model that answers each request by a function. */
    public static ScriptedStreamingChatModel answering(Function<? super ChatRequest, Answer> function) {
        return builder().answering(function).build();
    }

    /** A builder without answers; it needs some. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        if (script.chatOnly) {
            stream(request, handler);
        } else {
            StreamingChatModel.super.chat(request, handler);
        }
    }

    @Override
    public void chat(ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
        script.record(options);
        StreamingChatModel.super.chat(request, options, handler);
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        if (script.chatOnly) {
            StreamingChatModel.super.doChat(request, handler);
        } else {
            stream(request, handler);
        }
    }

    private void stream(ChatRequest request, StreamingChatResponseHandler handler) {
        Answer answer = script.next(request);
        Executor by = answer.throwsFromChat() ? null : executor;
        ScriptedStream stream =
                new ScriptedStream(script, answer, request.parameters().modelName(), handler, by);
        stream.start();
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return script.defaults;
    }

    @Override
    public List<ChatModelListener> listeners() {
        return script.listeners;
    }

    @Override
    public ModelProvider provider() {
        return script.provider;
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return script.capabilities;
    }

    /** The requests that arrived so far, in order, with the model's default parameters merged in by LangChain4j. */
    public List<ChatRequest> requests() {
        return script.requests();
    }

    /**
     * The request that arrived last.
     *
     * @throws IllegalStateException when there is none
     */
    public ChatRequest lastRequest() {
        return script.lastRequest();
    }

    /** The options that arrived so far, in order; empty ones for calls without options. */
    public List<ChatRequestOptions> options() {
        return script.options();
    }

    /** How many calls have reached the script. Counted even when recording is off. */
    public long calls() {
        return script.calls();
    }

    /** How many streams are open: begun, and neither played to the end nor cancelled. */
    public int live() {
        return script.live.get();
    }

    /** How many streams are hanging right now. */
    public int hanging() {
        return script.gate.waiting();
    }

    /** How many streams were cancelled through their handle, those included that ignore it. */
    public int cancelled() {
        return script.cancelled.get();
    }

    /** Lets all hanging streams go on, and lets no later one hang. */
    public void release() {
        script.gate.open();
    }

    /** Builds a {@link ScriptedStreamingChatModel}. */
    public static final class Builder extends ScriptedModelBuilder<Builder> {

        private @Nullable Executor executor = DAEMON_THREADS;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /** Plays each stream as a task of this executor. By default each has a daemon thread. */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /** Plays each stream on the thread that calls {@code chat}, as in-process models do. */
        public Builder onCallersThread() {
            this.executor = null;
            return this;
        }

        /**
         * Builds the model.
         *
         * @throws IllegalArgumentException unless there are either answers or a function
         */
        public ScriptedStreamingChatModel build() {
            return new ScriptedStreamingChatModel(this);
        }
    }
}
