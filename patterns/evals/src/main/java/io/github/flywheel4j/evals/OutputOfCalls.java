package io.github.flywheel4j.evals;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Outcome;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer together with what is known of the calls that made it. */
final class OutputOfCalls {

    private OutputOfCalls() {}

    /**
     * The output with what the stack knows of it.
     *
     * @param spent by the calls
     * @param measured how long it took, if the output does not say
     */
    static Output complete(Output output, List<Interaction> interactions, Spent spent, Duration measured) {
        Duration latency = output.latency().isZero() ? measured : output.latency();
        if (interactions.isEmpty()) {
            return new Output(
                    output.text(),
                    output.toolCalls(),
                    output.retrieved(),
                    output.outcome(),
                    output.usage(),
                    output.cost(),
                    latency,
                    output.interactionId(),
                    output.model());
        }
        Interaction last = interactions.get(interactions.size() - 1);
        return new Output(
                output.text(),
                output.toolCalls(),
                output.retrieved().isEmpty() ? RetrievedSources.ids(interactions) : output.retrieved(),
                output.outcome() == Outcome.ANSWERED ? outcome(last) : output.outcome(),
                usage(interactions, output.usage()),
                output.cost() == null ? spent.cost() : output.cost(),
                latency,
                output.interactionId() == null ? last.id() : output.interactionId(),
                output.model() == null ? model(interactions) : output.model());
    }

    /** The last that says that it answered. */
    private static @Nullable String model(List<Interaction> interactions) {
        String model = null;
        for (Interaction interaction : interactions) {
            ChatResponse response = interaction.response();
            model = response == null || response.modelName() == null ? model : response.modelName();
        }
        return model;
    }

    /** A function may have made something of a call that failed; then it is the function's answer that counts. */
    private static Outcome outcome(Interaction last) {
        return last.outcome() == Outcome.FAILED || last.outcome() == Outcome.CANCELLED
                ? Outcome.ANSWERED
                : last.outcome();
    }

    private static @Nullable TokenUsage usage(List<Interaction> interactions, @Nullable TokenUsage given) {
        TokenUsage sum = null;
        for (Interaction interaction : interactions) {
            TokenUsage usage = interaction.usage();
            if (usage != null) {
                sum = sum == null ? usage : TokenUsage.sum(sum, usage);
            }
        }
        return sum == null ? given : sum;
    }
}
