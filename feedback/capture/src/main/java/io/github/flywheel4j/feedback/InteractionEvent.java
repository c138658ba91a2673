package io.github.flywheel4j.feedback;

import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Cost;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An interaction as it is kept: what {@link Interaction} says, with texts and the person in the form that was chosen.
 * Where a text is not kept, its length is.
 *
 * @param info the event's id and source; its time is when the call began
 * @param context who asked and for what; the user as in {@code info}
 * @param consent what the person agreed to
 * @param outcome what came of the call
 * @param streaming whether the caller streamed
 * @param servedBy what made the answer; empty if there was none
 * @param fingerprint which configuration of the stack produced this
 * @param latency from the call to the answer in the caller's hand
 * @param timeToFirstToken from the call to the first streamed part; null if nothing was streamed
 * @param usage tokens, as the provider counted them; null if it did not say
 * @param cost what the usage cost; null if that is not known
 * @param error why there was no answer; null if there was one
 * @param decisions what the layers decided
 * @param texts what became of the texts
 * @param request what the caller asked, before any layer changed it
 * @param answer the answer as the caller got it; null if there was none
 * @param released what the caller of a stream had seen when it ended without an answer; null otherwise
 */
public record InteractionEvent(
        EventInfo info,
        CallContext context,
        Consent consent,
        Outcome outcome,
        boolean streaming,
        String servedBy,
        String fingerprint,
        Duration latency,
        @Nullable Duration timeToFirstToken,
        @Nullable TokenUsage usage,
        @Nullable Cost cost,
        Interaction.@Nullable Failure error,
        List<Decision> decisions,
        Texts texts,
        List<Message> request,
        @Nullable Message answer,
        @Nullable Message released)
        implements FeedbackEvent {

    /** What became of the texts of an interaction, and why. */
    public enum Texts {
        /** Kept as they were. */
        FULL,
        /** Kept as a function returned them. */
        REDACTED,
        /** Hashed with a key. */
        HASHED,
        /** Not kept: so it was chosen. */
        NONE,
        /** Not kept: this interaction is not in the sample. */
        NOT_SAMPLED,
        /** Not kept: the person did not agree. */
        NO_CONSENT,
        /** Not kept: the redaction failed. */
        FAILED,
        /** Not kept any more: the person was forgotten. */
        ERASED;

        /** Whether the words can be read. */
        public boolean readable() {
            return this == FULL || this == REDACTED;
        }
    }

    /** Who says something in a chat. */
    public enum Role {
        /** The instructions. */
        SYSTEM,
        /** The person. */
        USER,
        /** The model. */
        ASSISTANT,
        /** A tool's result. */
        TOOL,
        /** A provider's own kind of message. */
        OTHER
    }

    /**
     * What somebody said.
     *
     * @param role who
     * @param text the text, in the form that was chosen; null if it is not kept or there is none
     * @param length the characters of the original text
     * @param thinking the model's thinking; null if it is not kept or there is none
     * @param toolCalls the tools that a model asks for
     * @param answers the tool call that a tool's result answers; null otherwise
     * @param media what was said besides text: "image", "audio", "video", "pdf". Their contents are never kept
     */
    public record Message(
            Role role,
            @Nullable String text,
            int length,
            @Nullable String thinking,
            List<ToolCall> toolCalls,
            @Nullable String answers,
            List<String> media) {

        /** Copies the lists. */
        public Message {
            toolCalls = List.copyOf(toolCalls);
            media = List.copyOf(media);
        }

        /** A message of text only. */
        public static Message of(Role role, String text) {
            return new Message(role, text, text.length(), null, List.of(), null, List.of());
        }

        Message withoutTexts() {
            return new Message(
                    role,
                    null,
                    length,
                    null,
                    toolCalls.stream()
                            .map(call -> new ToolCall(call.id(), call.name(), null))
                            .toList(),
                    answers,
                    media);
        }

        /** Leaves out the texts. */
        @Override
        public String toString() {
            return "Message(" + role + ", " + length + " characters)";
        }
    }

    /**
     * A tool that a model asks for.
     *
     * @param id the call's id; null if the provider gives none
     * @param name the tool's name
     * @param arguments its arguments as JSON, in the form that was chosen; null if they are not kept
     */
    public record ToolCall(
            @Nullable String id, String name, @Nullable String arguments) {

        /** Leaves out the arguments. */
        @Override
        public String toString() {
            return "ToolCall(" + name + ")";
        }
    }

    /** Copies the lists, and checks that one place alone names the session. */
    public InteractionEvent {
        if (info.session() != null) {
            throw new IllegalArgumentException("info: with a session (expected: none, the context has it)");
        }
        decisions = List.copyOf(decisions);
        request = List.copyOf(request);
    }

    /** The last thing that the person said; null if they said nothing. */
    public @Nullable Message question() {
        for (int i = request.size() - 1; i >= 0; i--) {
            if (request.get(i).role() == Role.USER) {
                return request.get(i);
            }
        }
        return null;
    }

    @Override
    public @Nullable String session() {
        return context.session();
    }

    @Override
    public FeedbackKind kind() {
        return FeedbackKind.INTERACTION;
    }

    @Override
    public InteractionEvent masked() {
        return new InteractionEvent(
                info.withoutPerson(),
                CallContext.builder()
                        .workload(context.workload())
                        .tenant(context.tenant())
                        .knowledgeVersion(context.knowledgeVersion())
                        .build(),
                consent,
                outcome,
                streaming,
                servedBy,
                fingerprint,
                latency,
                timeToFirstToken,
                usage,
                cost,
                error == null ? null : new Interaction.Failure(error.type(), null),
                decisions.stream()
                        .map(each -> new Decision(each.layer(), each.outcome(), Map.of(), each.took(), each.branch()))
                        .toList(),
                Texts.ERASED,
                request.stream().map(Message::withoutTexts).toList(),
                answer == null ? null : answer.withoutTexts(),
                released == null ? null : released.withoutTexts());
    }

    /** Names the id, the outcome and the workload only: texts and users do not belong into logs. */
    @Override
    public String toString() {
        return "InteractionEvent(" + interactionId() + ", " + outcome + ", workload=" + context.workload() + ")";
    }
}
