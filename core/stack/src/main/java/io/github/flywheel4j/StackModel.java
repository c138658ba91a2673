package io.github.flywheel4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the stack says of one of its models: name, maker and defaults, the same for both kinds of model. */
final class StackModel {

    private final String name;
    private final Supplier<ChatRequestParameters> defaults;
    private final Supplier<ModelProvider> provider;

    StackModel(ChatModel model) {
        this.name = nameOf(model);
        this.defaults = model::defaultRequestParameters;
        this.provider = model::provider;
    }

    StackModel(StreamingChatModel model) {
        this.name = nameOf(model);
        this.defaults = model::defaultRequestParameters;
        this.provider = model::provider;
    }

    /** The simple name of the model's class. */
    String name() {
        return name;
    }

    ModelProvider provider() {
        return provider.get();
    }

    ChatRequestParameters defaults() {
        return defaults.get();
    }

    ChatRequestParameters effectiveParameters(ChatRequest request) {
        return defaults.get().overrideWith(request.parameters());
    }

    /** The name of the model that made the answer: the provider's word, else what was asked for, else the class. */
    String servedBy(ChatRequest request, ChatResponse response) {
        String said = firstOf(response.modelName(), request.modelName());
        if (said != null) {
            return said;
        }
        String usual = defaults.get().modelName();
        return usual != null ? usual : name;
    }

    private static @Nullable String firstOf(@Nullable String first, @Nullable String second) {
        return first != null ? first : second;
    }

    private static String nameOf(Object model) {
        String simple = model.getClass().getSimpleName();
        int lambda = simple.indexOf("$$Lambda");
        return lambda >= 0 ? "lambda" : simple.isEmpty() ? "anonymous" : simple;
    }
}
