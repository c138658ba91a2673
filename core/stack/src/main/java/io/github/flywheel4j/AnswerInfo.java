package io.github.flywheel4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says of itself: the id that feedback names, what came of the call, who served it and what the user
 * should know about it. It rides on the {@code AiMessage}'s attributes, survives chat memories, and is never sent to a
 * model.
 *
 * @param id the interaction id
 * @param outcome what came of the call; null while a stream is still running
 * @param servedBy the model's name, or what answered in its place ("cache"); empty while a stream is still running
 * @param notes reasons to read the answer with care, for people: "from a document of 2023", "fallback model used"
 * @param origin the interaction in which this answer was made, where it is served once more (from a cache); feedback is
 *     feedback on that one too. Null for an answer that was made in this interaction
 */
public record AnswerInfo(
        UUID id,
        @Nullable Outcome outcome,
        String servedBy,
        List<String> notes,
        @Nullable UUID origin) {

    private static final String ID = "id";
    private static final String OUTCOME = "outcome";
    private static final String SERVED_BY = "servedBy";
    private static final String NOTES = "notes";
    private static final String ORIGIN = "origin";

    /** Copies the notes. */
    public AnswerInfo {
        notes = List.copyOf(notes);
    }

    /** What the answer says of itself; empty if it did not come through a stack. */
    public static Optional<AnswerInfo> of(ChatResponse response) {
        return of(response.aiMessage());
    }

    /** Equal to {@link #of(ChatResponse)}, from the message alone, also one read back from a chat memory. */
    public static Optional<AnswerInfo> of(AiMessage message) {
        Map<?, ?> stamp = stamp(message);
        UUID id = uuid(stamp, ID);
        return id == null
                ? Optional.empty()
                : Optional.of(new AnswerInfo(id, outcome(stamp), servedBy(stamp), notes(stamp), uuid(stamp, ORIGIN)));
    }

    /** The id of an answer that is being streamed, from its first part on; empty if it does not come through a stack. */
    public static Optional<AnswerInfo> of(PartialResponseContext context) {
        return context.streamingHandle() instanceof CallHandle handle
                ? Optional.of(new AnswerInfo(handle.id(), null, "", List.of(), null))
                : Optional.empty();
    }

    /** For layers: what a layer further in marked the answer as; empty for an answer that nobody marked. */
    public static Optional<Outcome> marked(ChatResponse response) {
        return Optional.ofNullable(outcome(stamp(response.aiMessage())));
    }

    /** For layers: the answer, marked as less than was asked for, with the reason as a note. */
    public static ChatResponse degraded(ChatResponse response, String reason) {
        return note(with(response, OUTCOME, Outcome.DEGRADED.name()), reason);
    }

    /** For layers: the answer, marked as a refusal, with the reason as a note. */
    public static ChatResponse blocked(ChatResponse response, String reason) {
        return note(with(response, OUTCOME, Outcome.BLOCKED.name()), reason);
    }

    /** For layers: the answer, marked as served by something else than the model that made it, such as "cache". */
    public static ChatResponse servedBy(ChatResponse response, String name) {
        return with(response, SERVED_BY, name);
    }

    /** For layers: an answer that was made in an earlier interaction and is served once more by the named layer. */
    public static ChatResponse servedAgain(ChatResponse response, String layer, UUID origin) {
        return with(servedBy(response, layer), ORIGIN, origin.toString());
    }

    /** For layers: the answer with a further note for its reader. */
    public static ChatResponse note(ChatResponse response, String note) {
        List<String> notes = new ArrayList<>(notes(stamp(response.aiMessage())));
        notes.add(note);
        return with(response, NOTES, List.copyOf(notes));
    }

    /** The answer with the id, and with what layers left open filled in: how it leaves the stack. */
    static ChatResponse stamp(ChatResponse response, UUID id, String model) {
        AiMessage message = response.aiMessage();
        Map<?, ?> before = stamp(message);
        Map<String, Object> stamp;
        if (before.isEmpty()) {
            stamp = Map.of(ID, id.toString(), OUTCOME, Outcome.ANSWERED.name(), SERVED_BY, model);
        } else {
            stamp = new LinkedHashMap<>();
            stamp.put(ID, id.toString());
            Outcome outcome = outcome(before);
            stamp.put(OUTCOME, (outcome == null ? Outcome.ANSWERED : outcome).name());
            stamp.put(SERVED_BY, before.get(SERVED_BY) instanceof String name ? name : model);
            if (!notes(before).isEmpty()) {
                stamp.put(NOTES, notes(before));
            }
            UUID origin = uuid(before, ORIGIN);
            if (origin != null) {
                stamp.put(ORIGIN, origin.toString());
            }
        }
        return with(response, message, stamp);
    }

    private static ChatResponse with(ChatResponse response, String name, Object value) {
        Map<String, Object> stamp = new LinkedHashMap<>();
        stamp(response.aiMessage()).forEach((key, each) -> stamp.put(String.valueOf(key), each));
        stamp.put(name, value);
        return with(response, response.aiMessage(), stamp);
    }

    private static ChatResponse with(ChatResponse response, AiMessage message, Map<String, Object> stamp) {
        Map<String, Object> attributes;
        if (message.attributes().isEmpty()) {
            attributes = Map.of(CallContext.KEY, stamp);
        } else {
            attributes = new LinkedHashMap<>(message.attributes());
            attributes.put(CallContext.KEY, stamp);
        }
        return response.toBuilder()
                .aiMessage(message.toBuilder().attributes(attributes).build())
                .build();
    }

    private static Map<?, ?> stamp(AiMessage message) {
        return message.attributes().get(CallContext.KEY) instanceof Map<?, ?> stamp ? stamp : Map.of();
    }

    private static @Nullable Outcome outcome(Map<?, ?> stamp) {
        Object name = stamp.get(OUTCOME);
        for (Outcome outcome : Outcome.values()) {
            if (outcome.name().equals(name)) {
                return outcome;
            }
        }
        return null;
    }

    /** Null also for what is no id: messages come from memories that anybody may have written. */
    private static @Nullable UUID uuid(Map<?, ?> stamp, String name) {
        try {
            return stamp.get(name) instanceof String id ? UUID.fromString(id) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String servedBy(Map<?, ?> stamp) {
        return stamp.get(SERVED_BY) instanceof String name ? name : "";
    }

    private static List<String> notes(Map<?, ?> stamp) {
        return stamp.get(NOTES) instanceof List<?> notes
                ? notes.stream().map(String::valueOf).toList()
                : List.of();
    }
}
