package io.github.flywheel4j.evals;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.Cost;
import io.github.flywheel4j.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate answered to a case. Immutable.
 *
 * @param text the answer; empty if it only calls tools
 * @param toolCalls the tools that it asks for, in order
 * @param retrieved the ids of the sources that were retrieved for it, best first; empty if nothing was retrieved
 * @param outcome what came of the call; answered, degraded or blocked
 * @param usage tokens as the provider counted them; null if it did not say
 * @param cost what it cost; null if no price is known
 * @param latency from asking to the whole answer
 * @param interactionId the interaction that made it; null if it did not come through a stack
 * @param model the model that says that it answered; null if none did
 */
public record Output(
        String text,
        List<ToolExecutionRequest> toolCalls,
        List<String> retrieved,
        Outcome outcome,
        @Nullable TokenUsage usage,
        @Nullable Cost cost,
        Duration latency,
        @Nullable UUID interactionId,
        @Nullable String model) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is no text
     */
    public Output {
        if (text == null) {
            throw new IllegalArgumentException("text: null (expected: an answer; empty if it only calls tools)");
        }
        toolCalls = List.copyOf(toolCalls);
        retrieved = List.copyOf(retrieved);
    }

    /** An answer of which no model says that it is its own. */
    public Output(
            String text,
            List<ToolExecutionRequest> toolCalls,
            List<String> retrieved,
            Outcome outcome,
            @Nullable TokenUsage usage,
            @Nullable Cost cost,
            Duration latency,
            @Nullable UUID interactionId) {
        this(text, toolCalls, retrieved, outcome, usage, cost, latency, interactionId, null);
    }

    /** An answer of which nothing but the text is known. */
    public static Output of(String text) {
        return new Output(text, List.of(), List.of(), Outcome.ANSWERED, null, null, Duration.ZERO, null);
    }
}
