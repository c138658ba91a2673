package io.github.flywheel4j.evals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.flywheel4j.evals.DatasetFile.MalformedCase;
import io.github.flywheel4j.evals.EvalCase.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Cases as JSON objects: one a line in a file, and the canonical text that a dataset's hash is made of. */
final class CaseJson {

    /** A field given twice or text after the object is a mistake of whoever wrote the line; 1.10 is not 1.1 in a text. */
    static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    static final List<String> FIELDS =
            List.of("id", "input", "expected", "context", "slices", "origin", "author", "cluster");

    private CaseJson() {}

    static String write(EvalCase evalCase) {
        ObjectNode json = content(evalCase, false);
        if (evalCase.author() != null) {
            json.put("author", evalCase.author());
        }
        return json.toString();
    }

    /** What scores, slices or intervals may depend on. Who wrote a case is not among it. */
    static String canonical(EvalCase evalCase) {
        return content(evalCase, true).toString();
    }

    private static ObjectNode content(EvalCase evalCase, boolean sorted) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", evalCase.id());
        json.set("input", input(evalCase.input(), sorted));
        if (evalCase.expected() != null) {
            json.put("expected", evalCase.expected());
        }
        putAll(json, "context", evalCase.context());
        putAll(json, "slices", evalCase.slices());
        json.put("origin", evalCase.origin().name().toLowerCase(Locale.ROOT));
        if (evalCase.cluster() != null) {
            json.put("cluster", evalCase.cluster());
        }
        return json;
    }

    private static void putAll(ObjectNode json, String field, Iterable<String> values) {
        ArrayNode array = JSON.createArrayNode();
        values.forEach(array::add);
        if (!array.isEmpty()) {
            json.set(field, array);
        }
    }

    static JsonNode input(EvalInput input, boolean sorted) {
        if (input instanceof EvalInput.Text text) {
            return JSON.getNodeFactory().textNode(text.text());
        }
        if (input instanceof EvalInput.Conversation conversation) {
            return MessageJson.write(conversation.messages());
        }
        Map<String, String> values = ((EvalInput.Variables) input).values();
        return JSON.valueToTree(sorted ? new TreeMap<>(values) : values);
    }

    static EvalCase read(String line) throws MalformedCase {
        JsonNode json = tree(line);
        if (!json.isObject()) {
            throw new MalformedCase("no JSON object (expected: one case, with id and input)");
        }
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (!FIELDS.contains(field.getKey())) {
                throw unknown("field", field.getKey(), FIELDS);
            }
        }
        JsonNode expected = json.path("expected");
        return evalCase(
                text(json, "id"),
                input(json.path("input")),
                expected.isMissingNode() || expected.isNull()
                        ? null
                        : expected.isTextual() ? expected.textValue() : expected.toString(),
                texts(json, "context"),
                texts(json, "slices"),
                text(json, "origin"),
                text(json, "author"),
                text(json, "cluster"));
    }

    /** Checks what both formats give. */
    static EvalCase evalCase(
            @Nullable String id,
            EvalInput input,
            @Nullable String expected,
            List<String> context,
            List<String> slices,
            @Nullable String origin,
            @Nullable String author,
            @Nullable String cluster)
            throws MalformedCase {
        if (id == null || id.isBlank()) {
            throw new MalformedCase("no id (expected: one that is unique in the dataset)");
        }
        return new EvalCase(id, input, expected, context, new TreeSet<>(slices), origin(origin), author, cluster);
    }

    static MalformedCase unknown(String kind, String name, List<String> known) {
        return new MalformedCase("unknown " + kind + " '" + name + "' (expected: " + String.join(", ", known) + ")");
    }

    /** The message of a parser may quote the line; the place is enough. */
    static JsonNode tree(String text) throws MalformedCase {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new MalformedCase("no JSON"
                    + (e.getLocation() == null
                            ? ""
                            : ", broken at character " + e.getLocation().getColumnNr()));
        }
    }

    static EvalInput input(JsonNode json) throws MalformedCase {
        if (json.isTextual()) {
            return EvalInput.text(json.textValue());
        }
        if (json.isArray() && !json.isEmpty()) {
            return new EvalInput.Conversation(MessageJson.read(json));
        }
        if (json.isObject()) {
            Map<String, String> values = new LinkedHashMap<>();
            json.properties()
                    .forEach(each -> values.put(
                            each.getKey(),
                            each.getValue().isTextual()
                                    ? each.getValue().textValue()
                                    : each.getValue().toString()));
            return new EvalInput.Variables(values);
        }
        throw new MalformedCase("no input (expected: a text, a list of messages or an object of variables)");
    }

    private static @Nullable String text(JsonNode json, String field) throws MalformedCase {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual() && !value.isNumber()) {
            throw new MalformedCase(field + " is no text (expected: a text)");
        }
        return value.asText();
    }

    /** A list of texts, or a single one. */
    private static List<String> texts(JsonNode json, String field) throws MalformedCase {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (value.isTextual()) {
            return List.of(value.textValue());
        }
        return texts(field, value);
    }

    static List<String> texts(String field, JsonNode array) throws MalformedCase {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : array) {
            if (each.isTextual()) {
                texts.add(each.textValue());
            }
        }
        if (!array.isArray() || texts.size() != array.size()) {
            throw new MalformedCase(field + " is no list of texts (expected: a list of texts, or one text)");
        }
        return texts;
    }

    private static Origin origin(@Nullable String name) throws MalformedCase {
        if (name == null) {
            return Origin.HAND;
        }
        for (Origin origin : Origin.values()) {
            if (origin.name().equalsIgnoreCase(name)) {
                return origin;
            }
        }
        throw unknown(
                "origin",
                name,
                Arrays.stream(Origin.values())
                        .map(each -> each.name().toLowerCase(Locale.ROOT))
                        .toList());
    }
}
