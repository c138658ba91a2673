package io.github.flywheel4j.testkit;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings that {@link ScriptedChatModel} and {@link ScriptedStreamingChatModel} have in common.
 *
 * <p>Not thread-safe; the models it builds are.
 *
 * @param <B> the builder itself
 */
public abstract class ScriptedModelBuilder<B extends ScriptedModelBuilder<B>> {

    List<Answer> answers = new ArrayList<>();

    @Nullable
    Function<? super ChatRequest, Answer> function;

    @Nullable
    Sleeper sleeper;

    boolean recording = true;
    boolean chatOnly;
    Set<Capability> capabilities = Set.of();
    ModelProvider provider = ModelProvider.OTHER;
    ChatRequestParameters defaults = DefaultChatRequestParameters.EMPTY;
    List<ChatModelListener> listeners = List.of();

    ScriptedModelBuilder() {}

    abstract B self();

    /** Adds answers, consumed one a call, in this order; the last one repeats. */
    public B answers(Answer... answers) {
        this.answers.addAll(List.of(answers));
        return self();
    }

    /** Answers each request by this function, instead of a list; it must be thread-safe when the model is used so. */
    public B answering(Function<? super ChatRequest, Answer> function) {
        this.function = Objects.requireNonNull(function, "function");
        return self();
    }

    /** Lets scripted delays pass. None by default: a delay then fails, so that no test waits by accident. */
    public B sleeper(Sleeper sleeper) {
        this.sleeper = Objects.requireNonNull(sleeper, "sleeper");
        return self();
    }

    /**
     * Whether requests and options are kept. On by default; off for benches and load runs, which would fill the heap.
     */
    public B recording(boolean recording) {
        this.recording = recording;
        return self();
    }

    /**
     * Imitates models that override nothing but the {@code chat} method for a request without options. They apply
     * neither default parameters nor listeners, and every other way in ends in {@code "Not implemented"}. Off by
     * default: the model overrides {@code doChat}, as most shipped ones do, and LangChain4j does the rest.
     */
    public B chatOnly() {
        this.chatOnly = true;
        return self();
    }

    /** What {@code supportedCapabilities()} returns. Empty by default. */
    public B capabilities(Capability... capabilities) {
        this.capabilities = Set.of(capabilities);
        return self();
    }

    /** What {@code provider()} returns. {@link ModelProvider#OTHER} by default. */
    public B provider(ModelProvider provider) {
        this.provider = Objects.requireNonNull(provider, "provider");
        return self();
    }

    /** What {@code defaultRequestParameters()} returns. Empty by default. */
    public B defaultRequestParameters(ChatRequestParameters parameters) {
        this.defaults = Objects.requireNonNull(parameters, "parameters");
        return self();
    }

    /** What {@code listeners()} returns. Empty by default. */
    public B listeners(ChatModelListener... listeners) {
        this.listeners = List.of(listeners);
        return self();
    }
}
