package io.github.flywheel4j.feedback;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the fields of a JSON object say. A field that is null is one that is not there. Messages of its errors name fields and
 * places and never quote the text.
 */
final class JsonFields {

    /** A reader that takes less than sinks do would take for corrupt what they have accepted. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(JsonLinesSink.Builder.LONGEST_EVENT)
                            .maxNameLength(JsonLinesSink.Builder.LONGEST_EVENT)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> MAP = new TypeReference<>() {};

    private final JsonNode json;

    private JsonFields(JsonNode json) {
        this.json = json;
    }

    static JsonFields of(byte[] bytes, int offset, int length) {
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
        return new JsonFields(json);
    }

    boolean has(String name) {
        return json.hasNonNull(name);
    }

    /** Null if it is not there. */
    @Nullable
    String text(String name) {
        return has(name) ? json.get(name).asText() : null;
    }

    /** Empty if it is not there. */
    String textOrEmpty(String name) {
        return has(name) ? json.get(name).asText() : "";
    }

    String required(String name) {
        JsonNode value = json.get(name);
        if (value == null || !value.isTextual()) {
            throw missing(name, "text");
        }
        return value.asText();
    }

    /** 0 if it is not there. */
    int wholeOrZero(String name) {
        return json.path(name).asInt(0);
    }

    /** Null if it is not there. */
    @Nullable
    Integer whole(String name) {
        return has(name) ? Integer.valueOf(json.get(name).asInt()) : null;
    }

    int requiredWhole(String name) {
        Double number = number(name);
        if (number == null || number != number.intValue()) {
            throw missing(name, "a whole number");
        }
        return number.intValue();
    }

    /** Also of a text that is one, as some programs write numbers. Null if it is not there. */
    @Nullable
    Double number(String name) {
        if (!has(name)) {
            return null;
        }
        JsonNode value = json.get(name);
        if (value.isNumber()) {
            return value.asDouble();
        }
        try {
            return Double.valueOf(required(name));
        } catch (NumberFormatException e) {
            throw missing(name, "a number");
        }
    }

    BigDecimal requiredDecimal(String name) {
        try {
            return new BigDecimal(required(name));
        } catch (NumberFormatException e) {
            throw missing(name, "a decimal number as text");
        }
    }

    /** False if it is not there. */
    boolean flagOrFalse(String name) {
        return json.path(name).asBoolean();
    }

    boolean requiredFlag(String name) {
        JsonNode value = json.get(name);
        if (value == null || !value.isBoolean()) {
            throw missing(name, "true or false");
        }
        return value.asBoolean();
    }

    /** Zero if it is not there. */
    Duration nanos(String name) {
        return Duration.ofNanos(json.path(name).asLong());
    }

    Instant requiredTime(String name) {
        try {
            return Instant.parse(required(name));
        } catch (DateTimeException e) {
            throw missing(name, "a time in ISO 8601 and UTC");
        }
    }

    /** Null if it is not there. */
    @Nullable
    UUID id(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw missing(name, "a UUID");
        }
    }

    UUID requiredId(String name) {
        UUID id = id(name);
        if (id == null) {
            throw missing(name, "a UUID");
        }
        return id;
    }

    /** Null if it is not there. */
    <E extends Enum<E>> @Nullable E constant(String name, Class<E> type) {
        return has(name) ? requiredConstant(name, type) : null;
    }

    <E extends Enum<E>> E requiredConstant(String name, Class<E> type) {
        String text = required(name);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw missing(name, "one of the values of schema " + FeedbackEvent.SCHEMA);
    }

    /** What a function makes of the object in a field; null if it is not there. */
    <T> @Nullable T object(String name, Function<JsonFields, T> read) {
        return has(name) ? read.apply(new JsonFields(json.get(name))) : null;
    }

    /** What a function makes of each object in a field; empty if it is not there. */
    <T> List<T> objects(String name, Function<JsonFields, T> read) {
        List<T> objects = new ArrayList<>(json.path(name).size());
        json.path(name).forEach(each -> objects.add(read.apply(new JsonFields(each))));
        return objects;
    }

    /** Empty if it is not there. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        json.path(name).forEach(each -> texts.add(each.asText()));
        return texts;
    }

    /** Values by name as they are in JSON; empty if it is not there. */
    Map<String, @Nullable Object> values(String name) {
        JsonNode object = json.path(name);
        return object.isObject() ? JSON.convertValue(object, MAP) : new LinkedHashMap<>();
    }

    private static IllegalArgumentException missing(String name, String expected) {
        return new IllegalArgumentException("event with a bad or missing " + name + " (expected: " + expected + ")");
    }
}
