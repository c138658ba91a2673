package io.github.flywheel4j.feedback;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Events as JSON. The order of the fields is part of the form: ids and the person come before any text, so that a line that
 * was cut off still tells whose it is.
 */
final class EventWriter {

    private static final JsonFactory JSON =
            JsonFactory.builder().build().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    private static final int DEEPEST = StreamWriteConstraints.DEFAULT_MAX_DEPTH;

    private static final Set<Class<?>> EXACT = Set.of(
            Integer.class,
            Long.class,
            Short.class,
            Byte.class,
            Double.class,
            Float.class,
            AtomicInteger.class,
            AtomicLong.class);

    /** Of about 900 digits. */
    private static final int MOST_BITS = 3_000;

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
        } catch (RuntimeException e) {
            // Of a caller without checks for null. A sink that threw something else would be offered it for ever.
            throw new IllegalArgumentException("event " + event.eventId()
                    + ": no JSON (expected: an event without a null where there may be none)");
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
            EventForm.of(event.kind()).write(event, json);
            json.writeEndObject();
        }
    }

    static void value(JsonGenerator json, @Nullable Object value) throws IOException {
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
        } else if (value instanceof Number number) {
            number(json, number);
        } else {
            json.writePOJO(value);
        }
    }

    /** What the reader takes: of a number of a kind that JSON does not know, or of a thousand digits, what a double has of it. */
    private static void number(JsonGenerator json, Number number) throws IOException {
        if (number instanceof BigInteger whole && whole.bitLength() <= MOST_BITS) {
            json.writeNumber(whole);
        } else if (number instanceof BigDecimal decimal
                && decimal.unscaledValue().bitLength() <= MOST_BITS) {
            json.writeNumber(decimal);
        } else if (EXACT.contains(number.getClass())) {
            json.writePOJO(number);
        } else {
            json.writeNumber(number.doubleValue());
        }
    }

    static void text(JsonGenerator json, String name, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(name, text);
        }
    }

    static void id(JsonGenerator json, String name, @Nullable UUID id) throws IOException {
        if (id != null) {
            json.writeStringField(name, id.toString());
        }
    }

    static void whole(JsonGenerator json, String name, @Nullable Integer number) throws IOException {
        if (number != null) {
            json.writeNumberField(name, number);
        }
    }

    static void constant(JsonGenerator json, String name, @Nullable Enum<?> constant) throws IOException {
        if (constant != null) {
            json.writeStringField(name, constant.name());
        }
    }
}
