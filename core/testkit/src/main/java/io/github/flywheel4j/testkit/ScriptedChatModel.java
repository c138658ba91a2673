package io.github.flywheel4j.testkit;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ChatModel} that answers from a script and remembers what it was asked.
 *
 * <pre>{@code
 * ScriptedChatModel model = ScriptedChatModel.of(
 *         Answer.failure(new RateLimitException("slow down")),
 *         Answer.text("Paris is lovely in May.").usage(12, 6));
 * }</pre>
 *
 * <p>It is built like a shipped model: it overrides {@code doChat} and leaves default parameters and listeners to
 * LangChain4j. An interrupt ends a scripted wait as it ends an HTTP call: a plain {@link RuntimeException} around the
 * {@link InterruptedException}, and the thread's flag set. Thread-safe. With one fixed answer and recording off, a call
 * costs a few nanoseconds beyond LangChain4j's own.
 */
public final class ScriptedChatModel implements ChatModel {

    private final Script script;

    private ScriptedChatModel(Builder builder) {
        script = new Script(builder);
    }

    /** A model that always says this. */
    public static ScriptedChatModel saying(String text) {
        return of(Answer.text(text));
    }

    /** A model that gives these answers in order; the last one repeats. */
    public static ScriptedChatModel of(Answer... answers) {
        return builder().answers(answers).build();
    }

    /** A model that answers each request by a function. */
    public static ScriptedChatModel answering(Function<? super ChatRequest, Answer> function) {
        return builder().answering(function).build();
    }

    /** A builder without answers; it needs some. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        return script.chatOnly ? answer(request) : ChatModel.super.chat(request);
    }

    @Override
    public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
        script.record(options);
        return ChatModel.super.chat(request, options);
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return script.chatOnly ? ChatModel.super.doChat(request) : answer(request);
    }

    // A scripted null breaks LangChain4j's promise on purpose.
    @SuppressWarnings("NullAway")
    private ChatResponse answer(ChatRequest request) {
        Answer answer = script.next(request);
        if (answer.isInstant()) {
            return answer.response(request.parameters().modelName());
        }
        script.live.incrementAndGet();
        try {
            return play(answer, request);
        } catch (InterruptedException e) {
            throw Script.interrupted(e);
        } finally {
            script.live.decrementAndGet();
        }
    }

    private @Nullable ChatResponse play(Answer answer, ChatRequest request) throws InterruptedException {
        Duration delay = answer.delay();
        if (delay != null) {
            script.sleep(delay);
        }
        CountDownLatch latch = answer.latch();
        if (latch != null) {
            latch.await();
        }
        List<Terminal> terminals = answer.signals();
        if (answer.hangsSomewhere() || terminals.isEmpty()) {
            script.gate.await();
        }
        if (!terminals.isEmpty() && terminals.get(0) != Terminal.COMPLETE) {
            throw Script.<RuntimeException>rethrow(answer.failureOrDefault());
        }
        return answer.response(request.parameters().modelName());
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

    /** How many calls are waiting right now, in a scripted delay or hang. */
    public int live() {
        return script.live.get();
    }

    /** Lets all hanging calls go on, and lets no later one hang. */
    public void release() {
        script.gate.open();
    }

    /** Builds a {@link ScriptedChatModel}. */
    public static final class Builder extends ScriptedModelBuilder<Builder> {

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Builds the model.
         *
         * @throws IllegalArgumentException unless there are either answers or a function
         */
        public ScriptedChatModel build() {
            return new ScriptedChatModel(this);
        }
    }
}
