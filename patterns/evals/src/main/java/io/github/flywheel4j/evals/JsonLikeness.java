package io.github.flywheel4j.evals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** JSON values compared field by field; the rules are told at {@link TextMetrics#jsonLikeness}. */
final class JsonLikeness {

    private static final ObjectMapper SORTED =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private JsonLikeness() {}

    /** The JSON that a text is, else the text. */
    static JsonNode read(String text) {
        JsonNode json = parsed(text);
        return json == null ? JsonNodeFactory.instance.textNode(text) : json;
    }

    private static @Nullable JsonNode parsed(String text) {
        try {
            JsonNode json = CaseJson.JSON.readTree(text);
            return json.isMissingNode() ? null : json;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    static double of(JsonNode answer, JsonNode reference) {
        JsonNode a = opened(answer);
        JsonNode b = opened(reference);
        if (a.isObject() && b.isObject()) {
            Set<String> fields = new TreeSet<>();
            a.fieldNames().forEachRemaining(fields::add);
            b.fieldNames().forEachRemaining(fields::add);
            return fields.stream()
                    .mapToDouble(field -> of(a.path(field), b.path(field)))
                    .average()
                    .orElse(1);
        }
        if (a.isArray() && b.isArray()) {
            double sum = 0;
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                sum += of(a.get(i), b.get(i));
            }
            int places = Math.max(a.size(), b.size());
            return places == 0 ? 1 : sum / places;
        }
        if (isAbsent(a) || isAbsent(b)) {
            return isAbsent(a) && isAbsent(b) ? 1 : 0;
        }
        if (a.isNumber() && b.isNumber()) {
            return TextMetrics.numericLikeness(a.doubleValue(), b.doubleValue());
        }
        if (a.isTextual() && b.isTextual()) {
            return TextMetrics.editLikeness(a.textValue(), List.of(b.textValue()));
        }
        return TextMetrics.editLikeness(spelling(a), List.of(spelling(b)));
    }

    private static JsonNode opened(JsonNode value) {
        JsonNode inside = value.isTextual() ? parsed(value.textValue()) : null;
        return inside != null && inside.isContainerNode() ? inside : value;
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isNull() || value.isMissingNode();
    }

    private static String spelling(JsonNode value) {
        try {
            return SORTED.writeValueAsString(SORTED.treeToValue(value, Object.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON value can be written", e);
        }
    }
}
