package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether an answer is JSON that fits a schema; told at {@link Scorers#jsonSchema}. */
final class JsonSchemaScorer implements Scorer {

    private static final int ERRORS_IN_FACTS = 10;

    private final Schema schema;
    private final String fingerprint;

    JsonSchemaScorer(String schema) {
        JsonNode json = JsonEquality.read(schema)
                .filter(each -> each.isObject() || each.isBoolean())
                .orElseThrow(() -> new IllegalArgumentException("schema: no JSON object (expected: a JSON Schema)"));
        // Nothing is fetched: a schema that refers to another one on the network would make the verdict depend on it.
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        this.schema = complete(registry, json);
        this.fingerprint = ContentHash.of(json.toString());
    }

    private static Schema complete(SchemaRegistry registry, JsonNode json) {
        try {
            Schema schema = registry.getSchema(json);
            schema.initializeValidators();
            return schema;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "schema: unusable, or refers to one that is not in it (expected: a JSON Schema that is complete)",
                    e);
        }
    }

    @Override
    public String name() {
        return "json-schema";
    }

    @Override
    public String fingerprint() {
        return name() + " " + fingerprint;
    }

    @Override
    public boolean lossy() {
        return false;
    }

    @Override
    public Score score(EvalCase evalCase, Output output) {
        Optional<JsonNode> json = JsonEquality.read(output.text());
        if (json.isEmpty()) {
            return new Score(0, false, "no JSON", Map.of());
        }
        List<Error> errors = schema.validate(json.get());
        if (errors.isEmpty()) {
            return Score.of(true);
        }
        return new Score(
                0,
                false,
                "against the schema",
                Map.of(
                        "errors",
                        errors.stream()
                                .limit(ERRORS_IN_FACTS)
                                .map(error -> error.getInstanceLocation() + ": " + error.getKeyword())
                                .toList()));
    }
}
