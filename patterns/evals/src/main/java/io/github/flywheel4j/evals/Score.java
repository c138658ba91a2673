package io.github.flywheel4j.evals;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How good one answer is by one metric. Immutable.
 *
 * @param value the score, finite; 0 to 1 where the metric is a rate or likeness, else in the metric's own unit
 * @param passed whether it is good enough; null where the metric has no bar
 * @param category what kind of failure it is ("wrong number", "off topic"); null if it did not fail or nobody can tell
 * @param facts why, as JSON values, for people who look at the case
 */
public record Score(
        double value,
        @Nullable Boolean passed,
        @Nullable String category,
        Map<String, ? extends @Nullable Object> facts) {

    /**
     * Copies the facts.
     *
     * @throws IllegalArgumentException if the value is not finite
     */
    public Score {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("value: " + value + " (expected: a finite number)");
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(facts);
        facts = Collections.unmodifiableMap(copy);
    }

    /** A score without a bar. */
    public static Score of(double value) {
        return new Score(value, null, null, Map.of());
    }

    /** 1 if it passed, else 0. */
    public static Score of(boolean passed) {
        return new Score(passed ? 1 : 0, passed, null, Map.of());
    }
}
