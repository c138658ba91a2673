package io.github.flywheel4j.evals;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model whose answers go through a {@link Recording}. Its listeners are told by the model itself, when it is asked. */
final class RecordedChatModel implements ChatModel {

    private final Recording recording;
    private final ChatModel model;

    RecordedChatModel(Recording recording, ChatModel model) {
        this.recording = recording;
        this.model = model;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        return recording.answer(model, request, () -> model.chat(request));
    }

    @Override
    public ChatResponse chat(ChatRequest request, @Nullable ChatRequestOptions options) {
        return recording.answer(
                model, request, () -> options == null ? model.chat(request) : model.chat(request, options));
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return chat(request);
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return model.defaultRequestParameters();
    }

    @Override
    public ModelProvider provider() {
        return model.provider();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return model.supportedCapabilities();
    }

    @Override
    public String toString() {
        return "recorded " + model.getClass().getSimpleName();
    }
}
