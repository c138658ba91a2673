package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.flywheel4j.text.Spelling;
import io.github.flywheel4j.text.VerdictWords;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the words of a judge that state its verdict, also in a field of a JSON object. */
final class VerdictText {

    private static final Set<String> FIELDS = Set.of(
            "verdict",
            "answer",
            "result",
            "pass",
            "passed",
            "correct",
            "label",
            "decision",
            "judgment",
            "judgement",
            "score",
            "rating",
            "grade",
            "winner",
            "better",
            "preference",
            "choice");

    private VerdictText() {}

    /** The words to read, folded; empty if several places contradict each other. */
    static Optional<String> of(String words) {
        String text = VerdictWords.content(words);
        Optional<JsonNode> json = JsonEquality.read(text);
        return json.isPresent() ? ofJson(json.get()) : VerdictWords.of(text);
    }

    private static Optional<String> ofJson(JsonNode json) {
        if (json.isValueNode()) {
            return json.isNull() ? Optional.empty() : Optional.of(VerdictWords.bare(json.asText()));
        }
        Set<String> verdicts = new LinkedHashSet<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (FIELDS.contains(Spelling.fold(field.getKey()))) {
                verdicts.add(
                        field.getValue().isValueNode() && !field.getValue().isNull()
                                ? VerdictWords.bare(field.getValue().asText())
                                : "");
            }
        }
        return verdicts.size() == 1 ? verdicts.stream().findFirst() : Optional.empty();
    }
}
