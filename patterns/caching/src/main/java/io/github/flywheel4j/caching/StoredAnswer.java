package io.github.flywheel4j.caching;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An answer as the cache keeps it. Immutable.
 *
 * @param message text, thinking, tool calls and attributes, with the notes for its reader, as the model and the layers
 *     inside the cache left them
 * @param finishReason why the model ended; null if it did not say
 * @param usage the tokens that a hit saves; null if the provider did not count
 * @param model the model that made it; empty if nobody said
 * @param filledBy the interaction in which it was made
 * @param filledAt when it was asked for: it knows nothing that came later
 * @param freshUntil until when it may be served like a new one
 * @param knowledgeVersions the states of the documents that it rests on, as the call's context and the cache's own source name
 *     them: none, one or two
 * @param sources the ids of the documents that it rests on; empty if none were named
 */
public record StoredAnswer(
        AiMessage message,
        @Nullable FinishReason finishReason,
        @Nullable TokenUsage usage,
        String model,
        UUID filledBy,
        Instant filledAt,
        Instant freshUntil,
        List<String> knowledgeVersions,
        List<String> sources) {

    /** An object's header and fields, roughly: what an answer without a word weighs. */
    private static final int OVERHEAD_BYTES = 400;

    /** Copies the lists. */
    public StoredAnswer {
        knowledgeVersions = List.copyOf(knowledgeVersions);
        sources = List.copyOf(sources);
    }

    /** The text; empty if there is none. */
    public String text() {
        return message.text() == null ? "" : message.text();
    }

    /** About how much memory it takes, in bytes: two for each character, and what every object takes. */
    int weight() {
        long characters = text().length();
        characters += message.thinking() == null ? 0 : message.thinking().length();
        for (var call : message.toolExecutionRequests()) {
            characters += call.name().length()
                    + (call.arguments() == null ? 0 : call.arguments().length());
        }
        characters += message.attributes().isEmpty()
                ? 0
                : message.attributes().toString().length();
        for (String source : sources) {
            characters += source.length();
        }
        return (int) Math.min(Integer.MAX_VALUE, OVERHEAD_BYTES + 2 * characters);
    }

    /** This answer as JSON in UTF-8, with a schema version inside: what a {@link SharedTier} holds. */
    public byte[] toBytes() {
        return StoredAnswerJson.write(this);
    }

    /**
     * Reads what {@link #toBytes()} wrote; empty if it is none of that, or of a newer schema than this library knows. To the
     * cache that is a miss, so that nodes of two versions may share a tier.
     */
    public static Optional<StoredAnswer> fromBytes(byte[] bytes) {
        return StoredAnswerJson.read(bytes);
    }

    /** Names the interaction only: texts do not belong into logs. */
    @Override
    public String toString() {
        return "StoredAnswer(" + filledBy + ")";
    }
}
