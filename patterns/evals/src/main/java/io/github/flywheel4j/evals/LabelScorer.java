package io.github.flywheel4j.evals;

import io.github.flywheel4j.text.Spelling;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The one of a few labels that an answer is; told at {@link Scorers#label}. */
final class LabelScorer implements Scorer {

    static final String EXPECTED = "expected";
    static final String PREDICTED = "predicted";

    private static final Pattern AROUND = Pattern.compile("^[\\p{P}\\p{S}\\s]+|[\\p{P}\\p{S}\\s]+$");

    private final Map<String, String> bySpelling = new HashMap<>();
    private final String fingerprint;

    LabelScorer(Set<String> labels) {
        if (labels.size() < 2) {
            throw new IllegalArgumentException("labels: " + labels.size() + " (expected: at least 2)");
        }
        for (String label : labels) {
            String other = bySpelling.put(spelling(label), label);
            if (other != null) {
                throw new IllegalArgumentException(
                        "labels: '" + label + "' and '" + other + "' (expected: labels that differ in more than case)");
            }
        }
        this.fingerprint = "label " + new TreeSet<>(labels);
    }

    private static String spelling(String text) {
        String folded = Spelling.fold(text);
        String bare = AROUND.matcher(folded).replaceAll("");
        return bare.isEmpty() ? folded : bare;
    }

    @Override
    public String name() {
        return "label";
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public boolean lossy() {
        return false;
    }

    @Override
    public Score score(EvalCase evalCase, Output output) {
        String expected = bySpelling.get(spelling(PlainScorer.expected(evalCase)));
        if (expected == null) {
            throw new IllegalStateException("case '" + evalCase.id() + "' expects no label (expected: one of "
                    + new TreeSet<>(bySpelling.values()) + ")");
        }
        String predicted = bySpelling.get(spelling(output.text()));
        boolean passed = expected.equals(predicted);
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put(EXPECTED, expected);
        facts.put(PREDICTED, predicted);
        String category = passed ? null : predicted == null ? "no label" : predicted + " for " + expected;
        return new Score(passed ? 1 : 0, passed, category, facts);
    }
}
