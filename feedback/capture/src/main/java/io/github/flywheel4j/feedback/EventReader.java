package io.github.flywheel4j.feedback;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Cost;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Outcome;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads events from JSON. Messages of its errors name fields and places and never quote the text. */
final class EventReader {

    /** A reader that takes less than sinks do would take for corrupt what they have accepted. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(JsonLinesSink.Builder.LONGEST_EVENT)
                            .maxNameLength(JsonLinesSink.Builder.LONGEST_EVENT)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> MAP = new TypeReference<>() {};

    private EventReader() {}

    static FeedbackEvent read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return read(bytes, 0, bytes.length);
    }

    static FeedbackEvent read(byte[] bytes, int offset, int length) {
        JsonNode json;
        try {
            json = JSON.readTree(bytes, offset, length);
        } catch (JsonProcessingException e) {
            // Its message quotes the text; the place is enough.
            throw new IllegalArgumentException("no JSON at column "
                    + (e.getLocation() == null ? 0 : e.getLocation().getColumnNr())
                    + " (expected: one JSON object, as written by FeedbackEvent.toJson)");
        } catch (IOException e) {
            throw new IllegalArgumentException("no UTF-8 (expected: one JSON object in UTF-8)");
        }
        if (!json.isObject()) {
            throw new IllegalArgumentException("no JSON object (expected: one, as written by FeedbackEvent.toJson)");
        }
        int schema = json.path("v").asInt(0);
        if (schema > FeedbackEvent.SCHEMA) {
            throw new SchemaTooNew(schema);
        }
        if (schema < 1) {
            throw new IllegalArgumentException("no schema (expected: a field v of 1 to " + FeedbackEvent.SCHEMA + ")");
        }
        FeedbackKind kind = FeedbackKind.named(required(json, "kind"));
        if (kind == null) {
            throw new IllegalArgumentException("an unknown kind (expected: a kind of schema " + schema + ")");
        }
        return read(kind, json);
    }

    private static FeedbackEvent read(FeedbackKind kind, JsonNode json) {
        EventInfo info = new EventInfo(
                requiredId(json, "event"),
                instant(json, "time"),
                required(json, "source"),
                requiredId(json, "interaction"),
                id(json, "answerFrom"),
                text(json, "user"),
                kind == FeedbackKind.INTERACTION ? null : text(json, "session"));
        return switch (kind) {
            case INTERACTION -> interaction(info, json);
            case SATISFACTION ->
                new Satisfaction(
                        info, requiredInt(json, "value"), requiredInt(json, "lowest"), requiredInt(json, "highest"));
            case CORRECTNESS ->
                new Correctness(
                        info,
                        constant(json, "verdict", Correctness.Verdict.class),
                        constant(json, "by", Correctness.Judge.class),
                        json.hasNonNull("reason") ? constant(json, "reason", Correctness.Reason.class) : null,
                        text(json, "note"));
            case CORRECTION ->
                new Correction(info, required(json, "text"), constant(json, "by", Correction.Author.class));
            case PREFERENCE ->
                new Preference(info, requiredId(json, "over"), constant(json, "shown", Preference.Shown.class));
            case ADOPTION -> new Adoption(info, requiredFlag(json, "adopted"), text(json, "rationale"));
            case SOURCE_RELEVANCE ->
                new SourceRelevance(info, required(json, "document"), requiredFlag(json, "relevant"));
            case MISSING_KNOWLEDGE -> new MissingKnowledge(info, required(json, "what"));
            case COMMENT -> new Comment(info, required(json, "text"));
            case SIGNAL ->
                new Signal(
                        info,
                        constant(json, "type", SignalType.class),
                        json.hasNonNull("measure") ? json.get("measure").asDouble() : null,
                        id(json, "followedBy"));
            case ERASURE -> new Erasure(info);
        };
    }

    private static InteractionEvent interaction(EventInfo info, JsonNode json) {
        CallContext.Builder context = CallContext.builder()
                .workload(text(json, "workload"))
                .tenant(text(json, "tenant"))
                .user(info.user())
                .session(text(json, "session"))
                .turn(text(json, "turn"))
                .knowledgeVersion(text(json, "knowledgeVersion"));
        map(json.path("attributes")).forEach((name, value) -> {
            if (value != null) {
                context.attribute(name, value);
            }
        });
        JsonNode usage = json.get("usage");
        JsonNode cost = json.get("cost");
        JsonNode error = json.get("error");
        JsonNode firstToken = json.get("timeToFirstTokenNanos");
        JsonNode answer = json.get("answer");
        JsonNode released = json.get("released");
        return new InteractionEvent(
                info,
                context.build(),
                constant(json, "consent", Consent.class),
                constant(json, "outcome", Outcome.class),
                json.path("streaming").asBoolean(),
                json.path("servedBy").asText(),
                json.path("fingerprint").asText(),
                Duration.ofNanos(json.path("latencyNanos").asLong()),
                firstToken == null ? null : Duration.ofNanos(firstToken.asLong()),
                usage == null
                        ? null
                        : new TokenUsage(integer(usage, "input"), integer(usage, "output"), integer(usage, "total")),
                cost == null
                        ? null
                        : new Cost(
                                decimal(cost, "amount"), cost.path("currency").asText()),
                error == null
                        ? null
                        : new Interaction.Failure(error.path("type").asText(), text(error, "message")),
                decisions(json.path("decisions")),
                constant(json, "texts", InteractionEvent.Texts.class),
                messages(json.path("request")),
                answer == null ? null : message(answer),
                released == null ? null : message(released));
    }

    private static List<Decision> decisions(JsonNode json) {
        List<Decision> decisions = new ArrayList<>(json.size());
        for (JsonNode each : json) {
            decisions.add(new Decision(
                    each.path("layer").asText(),
                    each.path("outcome").asText(),
                    map(each.path("facts")),
                    Duration.ofNanos(each.path("tookNanos").asLong()),
                    each.path("branch").asText()));
        }
        return decisions;
    }

    private static List<InteractionEvent.Message> messages(JsonNode json) {
        List<InteractionEvent.Message> messages = new ArrayList<>(json.size());
        json.forEach(each -> messages.add(message(each)));
        return messages;
    }

    private static InteractionEvent.Message message(JsonNode json) {
        List<InteractionEvent.ToolCall> calls = new ArrayList<>();
        json.path("toolCalls")
                .forEach(call -> calls.add(new InteractionEvent.ToolCall(
                        text(call, "id"), call.path("name").asText(), text(call, "arguments"))));
        List<String> media = new ArrayList<>();
        json.path("media").forEach(each -> media.add(each.asText()));
        return new InteractionEvent.Message(
                constant(json, "role", InteractionEvent.Role.class),
                text(json, "text"),
                json.path("length").asInt(),
                text(json, "thinking"),
                calls,
                text(json, "answers"),
                media);
    }

    private static Map<String, @Nullable Object> map(JsonNode json) {
        return json.isObject() ? JSON.convertValue(json, MAP) : new LinkedHashMap<>();
    }

    private static String required(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null || !value.isTextual()) {
            throw missing(name, "text");
        }
        return value.asText();
    }

    private static int requiredInt(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null || !value.canConvertToInt()) {
            throw missing(name, "a whole number");
        }
        return value.asInt();
    }

    private static boolean requiredFlag(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null || !value.isBoolean()) {
            throw missing(name, "true or false");
        }
        return value.asBoolean();
    }

    private static UUID requiredId(JsonNode json, String name) {
        UUID id = id(json, name);
        if (id == null) {
            throw missing(name, "a UUID");
        }
        return id;
    }

    private static @Nullable UUID id(JsonNode json, String name) {
        String text = text(json, name);
        if (text == null) {
            return null;
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw missing(name, "a UUID");
        }
    }

    private static Instant instant(JsonNode json, String name) {
        try {
            return Instant.parse(required(json, name));
        } catch (DateTimeException e) {
            throw missing(name, "a time in ISO 8601 and UTC");
        }
    }

    private static BigDecimal decimal(JsonNode json, String name) {
        try {
            return new BigDecimal(required(json, name));
        } catch (NumberFormatException e) {
            throw missing(name, "a decimal number as text");
        }
    }

    private static <E extends Enum<E>> E constant(JsonNode json, String name, Class<E> type) {
        String text = required(json, name);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw missing(name, "one of the values of schema " + FeedbackEvent.SCHEMA);
    }

    private static @Nullable String text(JsonNode json, String name) {
        return json.hasNonNull(name) ? json.get(name).asText() : null;
    }

    private static @Nullable Integer integer(JsonNode json, String name) {
        return json.hasNonNull(name) ? Integer.valueOf(json.get(name).asInt()) : null;
    }

    private static IllegalArgumentException missing(String name, String expected) {
        return new IllegalArgumentException("event with a bad or missing " + name + " (expected: " + expected + ")");
    }
}
