package io.github.flywheel4j.feedback;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Decision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events as JSON. The order of the fields is part of the form: ids and the person come before any text, so that a line that
 * was cut off still tells whose it is.
 */
final class EventWriter {

    private static final JsonFactory JSON =
            JsonFactory.builder().build().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    private static final int DEEPEST = StreamWriteConstraints.DEFAULT_MAX_DEPTH;

    private static final byte[] OWN_FORM = ",\"kind\":\"".getBytes(StandardCharsets.UTF_8);

    private EventWriter() {}

    static String toJson(FeedbackEvent event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try {
            write(event, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every event", e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Whether a line begins as this class begins it: version first, then the kind. */
    static boolean isOwnForm(byte[] bytes, int start, int length) {
        return Lines.find(bytes, start, start + Math.min(length, 32), OWN_FORM);
    }

    /**
     * Writes one JSON object, without a line break.
     *
     * @throws IllegalArgumentException if the event has no form as JSON; part of it may have been written
     */
    static void write(FeedbackEvent event, OutputStream to) throws IOException {
        try {
            object(event, to);
        } catch (JsonProcessingException e) {
            // Its message may quote a value.
            throw new IllegalArgumentException("event " + event.eventId()
                    + ": no JSON (expected: attributes and facts nested less than " + DEEPEST + " deep)");
        }
    }

    private static void object(FeedbackEvent event, OutputStream to) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(to, JsonEncoding.UTF8)) {
            json.writeStartObject();
            EventInfo info = event.info();
            json.writeNumberField("v", FeedbackEvent.SCHEMA);
            json.writeStringField("kind", event.kind().jsonName());
            json.writeStringField("event", info.eventId().toString());
            json.writeStringField("time", info.time().toString());
            json.writeStringField("source", info.source());
            json.writeStringField("interaction", info.interactionId().toString());
            id(json, "answerFrom", info.answerFrom());
            text(json, "user", info.user());
            text(json, "session", event.session());
            own(event, json);
            json.writeEndObject();
        }
    }

    private static void own(FeedbackEvent event, JsonGenerator json) throws IOException {
        if (event instanceof InteractionEvent interaction) {
            interaction(interaction, json);
        } else if (event instanceof Satisfaction satisfaction) {
            json.writeNumberField("value", satisfaction.value());
            json.writeNumberField("lowest", satisfaction.lowest());
            json.writeNumberField("highest", satisfaction.highest());
        } else if (event instanceof Correctness correctness) {
            json.writeStringField("verdict", correctness.verdict().name());
            json.writeStringField("by", correctness.by().name());
            if (correctness.reason() != null) {
                json.writeStringField("reason", correctness.reason().name());
            }
            text(json, "note", correctness.note());
        } else if (event instanceof Correction correction) {
            json.writeStringField("by", correction.by().name());
            json.writeStringField("text", correction.text());
        } else if (event instanceof Preference preference) {
            id(json, "over", preference.over());
            json.writeStringField("shown", preference.shown().name());
        } else if (event instanceof Adoption adoption) {
            json.writeBooleanField("adopted", adoption.adopted());
            text(json, "rationale", adoption.rationale());
        } else if (event instanceof SourceRelevance relevance) {
            json.writeStringField("document", relevance.document());
            json.writeBooleanField("relevant", relevance.relevant());
        } else if (event instanceof MissingKnowledge missing) {
            json.writeStringField("what", missing.what());
        } else if (event instanceof Comment comment) {
            json.writeStringField("text", comment.text());
        } else if (event instanceof Signal signal) {
            json.writeStringField("type", signal.type().name());
            if (signal.measure() != null) {
                json.writeNumberField("measure", signal.measure());
            }
            id(json, "followedBy", signal.followedBy());
        }
    }

    private static void interaction(InteractionEvent event, JsonGenerator json) throws IOException {
        CallContext context = event.context();
        text(json, "workload", context.workload());
        text(json, "tenant", context.tenant());
        text(json, "turn", context.turn());
        text(json, "knowledgeVersion", context.knowledgeVersion());
        json.writeStringField("consent", event.consent().name());
        json.writeStringField("outcome", event.outcome().name());
        json.writeBooleanField("streaming", event.streaming());
        json.writeStringField("servedBy", event.servedBy());
        json.writeStringField("fingerprint", event.fingerprint());
        json.writeNumberField("latencyNanos", event.latency().toNanos());
        if (event.timeToFirstToken() != null) {
            json.writeNumberField(
                    "timeToFirstTokenNanos", event.timeToFirstToken().toNanos());
        }
        if (event.usage() != null) {
            json.writeObjectFieldStart("usage");
            number(json, "input", event.usage().inputTokenCount());
            number(json, "output", event.usage().outputTokenCount());
            number(json, "total", event.usage().totalTokenCount());
            json.writeEndObject();
        }
        if (event.cost() != null) {
            json.writeObjectFieldStart("cost");
            json.writeStringField("amount", event.cost().amount().toPlainString());
            json.writeStringField("currency", event.cost().currency());
            json.writeEndObject();
        }
        if (!context.attributes().isEmpty()) {
            json.writeFieldName("attributes");
            value(json, context.attributes());
        }
        decisions(event.decisions(), json);
        if (event.error() != null) {
            json.writeObjectFieldStart("error");
            json.writeStringField("type", event.error().type());
            text(json, "message", event.error().message());
            json.writeEndObject();
        }
        json.writeStringField("texts", event.texts().name());
        json.writeArrayFieldStart("request");
        for (InteractionEvent.Message message : event.request()) {
            message(json, message);
        }
        json.writeEndArray();
        if (event.answer() != null) {
            json.writeFieldName("answer");
            message(json, event.answer());
        }
        if (event.released() != null) {
            json.writeFieldName("released");
            message(json, event.released());
        }
    }

    private static void decisions(List<Decision> decisions, JsonGenerator json) throws IOException {
        if (decisions.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("decisions");
        for (Decision decision : decisions) {
            json.writeStartObject();
            json.writeStringField("layer", decision.layer());
            json.writeStringField("outcome", decision.outcome());
            json.writeFieldName("facts");
            value(json, decision.facts());
            json.writeNumberField("tookNanos", decision.took().toNanos());
            json.writeStringField("branch", decision.branch());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void message(JsonGenerator json, InteractionEvent.Message message) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", message.role().name());
        json.writeNumberField("length", message.length());
        text(json, "text", message.text());
        text(json, "thinking", message.thinking());
        if (!message.toolCalls().isEmpty()) {
            json.writeArrayFieldStart("toolCalls");
            for (InteractionEvent.ToolCall call : message.toolCalls()) {
                json.writeStartObject();
                text(json, "id", call.id());
                json.writeStringField("name", call.name());
                text(json, "arguments", call.arguments());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        text(json, "answers", message.answers());
        if (!message.media().isEmpty()) {
            json.writeFieldName("media");
            value(json, message.media());
        }
        json.writeEndObject();
    }

    private static void value(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                value(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object each : list) {
                value(json, each);
            }
            json.writeEndArray();
        } else {
            json.writePOJO(value);
        }
    }

    private static void text(JsonGenerator json, String name, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(name, text);
        }
    }

    private static void id(JsonGenerator json, String name, @Nullable UUID id) throws IOException {
        if (id != null) {
            json.writeStringField(name, id.toString());
        }
    }

    private static void number(JsonGenerator json, String name, @Nullable Integer number) throws IOException {
        if (number != null) {
            json.writeNumberField(name, number);
        }
    }
}
