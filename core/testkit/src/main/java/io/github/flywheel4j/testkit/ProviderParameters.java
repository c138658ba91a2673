package io.github.flywheel4j.testkit;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;

/**
 * Parameters of a provider's own kind, as OpenAI's and others' are: what is lost when a request is rebuilt instead of
 * changed.
 */
final class ProviderParameters extends DefaultChatRequestParameters {

    private final String extra;

    ProviderParameters(String extra) {
        this(new Builder().extra(extra));
    }

    private ProviderParameters(Builder builder) {
        super(builder);
        this.extra = builder.extra;
    }

    String extra() {
        return extra;
    }

    @Override
    public ProviderParameters overrideWith(ChatRequestParameters that) {
        return new ProviderParameters(new Builder().overrideWith(this).overrideWith(that));
    }

    @Override
    public ProviderParameters defaultedBy(ChatRequestParameters that) {
        return new ProviderParameters(new Builder().overrideWith(that).overrideWith(this));
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && extra.equals(((ProviderParameters) other).extra);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + extra.hashCode();
    }

    private static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {

        private String extra = "";

        Builder extra(String extra) {
            this.extra = extra;
            return this;
        }

        @Override
        public Builder overrideWith(ChatRequestParameters parameters) {
            super.overrideWith(parameters);
            if (parameters instanceof ProviderParameters own) {
                extra = own.extra;
            }
            return this;
        }
    }
}
