package io.github.flywheel4j.evals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.Optional;

/** JSON compared by value: the order of fields says nothing, and 1 equals 1.0. */
final class JsonEquality {

    private static final Comparator<JsonNode> BY_VALUE =
            (a, b) -> a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : a.equals(b) ? 0 : 1;

    private JsonEquality() {}

    static boolean equal(JsonNode a, JsonNode b) {
        return a.equals(BY_VALUE, b);
    }

    /** The JSON that a text is; empty if it is none or there is more beside it. */
    static Optional<JsonNode> read(String text) {
        try {
            JsonNode json = CaseJson.JSON.readTree(text);
            return json.isMissingNode() ? Optional.empty() : Optional.of(json);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /**
     * The JSON that a case expects.
     *
     * @throws IllegalStateException if the case expects something else
     */
    static JsonNode expected(EvalCase evalCase) {
        return read(PlainScorer.expected(evalCase))
                .orElseThrow(() -> new IllegalStateException(
                        "case '" + evalCase.id() + "': the expected answer is no JSON (expected: JSON)"));
    }
}
