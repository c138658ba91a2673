package io.github.flywheel4j.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Makes one small value that follows a JSON schema, of the subset that OpenAI's structured output allows. */
final class JsonSchemaExample {

    /** Deep enough for any real schema; a recursive one ends in empty lists and nulls. */
    private static final int MAX_DEPTH = 12;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonNode root;

    private JsonSchemaExample(JsonNode root) {
        this.root = root;
    }

    static JsonNode of(JsonNode schema) {
        return new JsonSchemaExample(schema).example(schema, "value", 0);
    }

    private JsonNode example(JsonNode schema, String name, int depth) {
        if (depth > MAX_DEPTH) {
            return NODES.nullNode();
        }
        if (schema.has("$ref")) {
            String pointer = schema.path("$ref").asText().replaceFirst("^#", "");
            return example(root.at(pointer), name, depth + 1);
        }
        if (schema.has("const")) {
            return schema.path("const");
        }
        if (schema.path("enum").size() > 0) {
            return schema.path("enum").get(0);
        }
        if (schema.path("anyOf").size() > 0) {
            return example(schema.path("anyOf").get(0), name, depth + 1);
        }
        JsonNode type = schema.path("type");
        return switch (type.isArray() ? type.path(0).asText() : type.asText("object")) {
            case "string" -> NODES.textNode(name);
            case "integer", "number" -> NODES.numberNode(1);
            case "boolean" -> NODES.booleanNode(true);
            case "null" -> NODES.nullNode();
            case "array" -> list(schema, name, depth);
            default -> object(schema, depth);
        };
    }

    private ArrayNode list(JsonNode schema, String name, int depth) {
        ArrayNode list = NODES.arrayNode();
        if (depth < MAX_DEPTH) {
            list.add(example(schema.path("items"), name, depth + 1));
        }
        return list;
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = NODES.objectNode();
        schema.path("properties")
                .properties()
                .forEach(property ->
                        object.set(property.getKey(), example(property.getValue(), property.getKey(), depth + 1)));
        return object;
    }
}
