package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** The relevant sources that a case expects, as {@link Scorers#expectedSources} reads them. */
final class ExpectedSources {

    private ExpectedSources() {}

    static Map<String, Double> of(EvalCase evalCase) {
        JsonNode json = JsonEquality.expected(evalCase);
        Map<String, Double> grades = new LinkedHashMap<>();
        if (json.isArray()) {
            for (JsonNode id : json) {
                if (!id.isTextual() && !id.isNumber()) {
                    throw noSources(evalCase);
                }
                grades.put(id.asText(), 1.0);
            }
        } else if (json.isObject()) {
            for (Map.Entry<String, JsonNode> each : json.properties()) {
                if (!each.getValue().isNumber()) {
                    throw noSources(evalCase);
                }
                grades.put(each.getKey(), each.getValue().doubleValue());
            }
        } else {
            throw noSources(evalCase);
        }
        return grades;
    }

    private static IllegalStateException noSources(EvalCase evalCase) {
        return new IllegalStateException("case '" + evalCase.id()
                + "' expects no sources (expected: a JSON array of ids, or an object of grades by id)");
    }
}
