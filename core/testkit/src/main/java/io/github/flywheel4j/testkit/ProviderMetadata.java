package io.github.flywheel4j.testkit;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;

/** Metadata of a provider's own kind: what is lost when a response is rebuilt instead of changed. */
final class ProviderMetadata extends ChatResponseMetadata {

    private final String extra;

    ProviderMetadata(String extra) {
        super(ChatResponseMetadata.builder()
                .modelName("scripted")
                .tokenUsage(new TokenUsage(11, 7))
                .finishReason(FinishReason.STOP));
        this.extra = extra;
    }

    String extra() {
        return extra;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && extra.equals(((ProviderMetadata) other).extra);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + extra.hashCode();
    }
}
