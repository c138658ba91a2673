package io.github.flywheel4j.evals;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Another scorer on one field; told at {@link Scorers#jsonField}. */
record JsonFieldScorer(JsonPointer pointer, Scorer scorer) implements Scorer {

    static JsonFieldScorer of(String pointer, Scorer scorer) {
        try {
            return new JsonFieldScorer(JsonPointer.compile(pointer), scorer);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "pointer: " + pointer + " (expected: a JSON Pointer, such as /total)", e);
        }
    }

    @Override
    public String name() {
        return scorer.name() + " of " + pointer;
    }

    @Override
    public String fingerprint() {
        return scorer.fingerprint() + " of " + pointer;
    }

    @Override
    public boolean lossy() {
        return scorer.lossy();
    }

    @Override
    public boolean higherIsBetter() {
        return scorer.higherIsBetter();
    }

    @Override
    public boolean fromZeroToOne() {
        return scorer.fromZeroToOne();
    }

    @Override
    public Score score(EvalCase evalCase, Output output) {
        String expected = evalCase.expected() == null
                ? null
                : text(JsonEquality.expected(evalCase).at(pointer));
        if (evalCase.expected() != null && expected == null) {
            throw new IllegalStateException(
                    "case '" + evalCase.id() + "': the expected answer has no field " + pointer + " (expected: one)");
        }
        Optional<JsonNode> json = JsonEquality.read(output.text());
        if (json.isEmpty()) {
            return new Score(0, false, "no JSON", Map.of());
        }
        String actual = text(json.get().at(pointer));
        if (actual == null) {
            return new Score(0, false, "field missing", Map.of("field", pointer.toString()));
        }
        EvalCase ofField = new EvalCase(
                evalCase.id(),
                evalCase.input(),
                expected,
                evalCase.context(),
                evalCase.slices(),
                evalCase.origin(),
                evalCase.author(),
                evalCase.cluster());
        Output field = new Output(
                actual,
                output.toolCalls(),
                output.retrieved(),
                output.outcome(),
                output.usage(),
                output.cost(),
                output.latency(),
                output.interactionId(),
                output.model());
        return scorer.score(ofField, field);
    }

    private static @Nullable String text(JsonNode value) {
        return value.isMissingNode() ? null : value.isTextual() ? value.textValue() : value.toString();
    }
}
