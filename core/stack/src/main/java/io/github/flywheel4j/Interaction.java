package io.github.flywheel4j;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One call and what came of it: what remains when the answer is gone. Each tool round is an interaction of its own;
 * {@link CallContext#turn()} joins them.
 *
 * @param id the interaction id, as on the answer
 * @param time when the call began
 * @param context who asked and for what
 * @param streaming whether the caller streamed
 * @param request what the caller asked, before any layer changed it
 * @param response the answer as the caller got it; null if there was none
 * @param error what the caller got instead of an answer; null if there was an answer
 * @param outcome what came of the call
 * @param released the text that the caller of a stream had when the call ended without an answer; empty otherwise
 * @param servedBy what made the answer: a model's name, or what answered in its place; empty if there was no answer
 * @param usage tokens, as the provider counted them; null if it did not say
 * @param cost what the usage cost by the stack's price list; null if that is not known
 * @param latency from the call to the answer in the caller's hand
 * @param timeToFirstToken from the call to the first streamed part; null if nothing was streamed
 * @param decisions what the layers decided, in order
 * @param fingerprint which configuration of the stack produced this; see {@link StackFingerprint}
 */
public record Interaction(
        UUID id,
        Instant time,
        CallContext context,
        boolean streaming,
        ChatRequest request,
        @Nullable ChatResponse response,
        @Nullable Failure error,
        Outcome outcome,
        String released,
        String servedBy,
        @Nullable TokenUsage usage,
        @Nullable Cost cost,
        Duration latency,
        @Nullable Duration timeToFirstToken,
        List<Decision> decisions,
        String fingerprint) {

    /** Copies the decisions. */
    public Interaction {
        decisions = List.copyOf(decisions);
    }

    /**
     * Why there was no answer.
     *
     * @param type the exception's class name
     * @param message its message; null if it had none. Providers may quote the prompt in it: treat it like the prompt
     */
    public record Failure(String type, @Nullable String message) {

        static Failure of(Throwable error) {
            return new Failure(error.getClass().getName(), error.getMessage());
        }
    }

    /** Names the id, the outcome and the workload only: texts and users do not belong into logs. */
    @Override
    public String toString() {
        return "Interaction(" + id + ", " + outcome + ", workload=" + context.workload() + ")";
    }

    /** This interaction as one line of JSON with a schema version inside. */
    public String toJson() {
        return InteractionJson.write(this);
    }

    /**
     * Reads what {@link #toJson()} wrote, also by an older version. Parameters that are a provider's own kind come back
     * as LangChain4j's common ones.
     *
     * @throws IllegalArgumentException if it is no interaction, or one of a newer schema than this library knows
     */
    public static Interaction fromJson(String json) {
        return InteractionJson.read(json);
    }
}
