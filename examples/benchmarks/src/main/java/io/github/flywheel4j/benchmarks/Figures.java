package io.github.flywheel4j.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The figures of a run by key, in the order in which they were put: the last line of a bench. Not thread-safe.
 *
 * <p>Times carry their unit in the key, rates are 0 to 1.
 */
public final class Figures {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DECIMALS = 3;

    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Creates an empty set of figures. */
    public Figures() {}

    /**
     * Adds a measured number, rounded to three decimals.
     *
     * @throws IllegalArgumentException if it is no finite number, which JSON cannot hold, or the key is taken
     */
    public Figures put(String key, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: a finite number)");
        }
        return add(key, BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_EVEN).stripTrailingZeros());
    }

    /**
     * Adds a count.
     *
     * @throws IllegalArgumentException if the key is taken
     */
    public Figures put(String key, long value) {
        return add(key, value);
    }

    /**
     * Adds a word, such as the store that was measured.
     *
     * @throws IllegalArgumentException if the key is taken
     */
    public Figures put(String key, String value) {
        return add(key, value);
    }

    private Figures add(String key, Object value) {
        if (values.putIfAbsent(key, value) != null) {
            throw new IllegalArgumentException("figure '" + key + "' was put twice (expected: each key once)");
        }
        return this;
    }

    /** The figures as one JSON object on one line, without a line break at its end. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the figures are no JSON", e);
        }
    }

    @Override
    public String toString() {
        return toJson();
    }
}
