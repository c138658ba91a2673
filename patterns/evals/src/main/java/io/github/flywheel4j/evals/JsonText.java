package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The text in a field of a JSON object. */
final class JsonText {

    private JsonText() {}

    /** Null where the field is absent or null. */
    static @Nullable String optional(JsonNode json, String field) {
        return json.hasNonNull(field) ? json.get(field).asText() : null;
    }

    /**
     * The text of a field that must be there.
     *
     * @throws IllegalArgumentException if it is not
     */
    static String required(JsonNode json, String field) {
        String text = optional(json, field);
        if (text == null) {
            throw new IllegalArgumentException("no " + field);
        }
        return text;
    }
}
