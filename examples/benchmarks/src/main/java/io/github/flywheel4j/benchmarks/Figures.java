package io.github.flywheel4j.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The figures of a run by key, in the order in which they were put: the last line of a bench. Not thread-safe.
 *
 * <p>Times carry their unit in the key, rates are 0 to 1.
 */
public final class Figures {

    private static final JsonNodeFactory JSON = new JsonNodeFactory(true);
    private static final int DECIMALS = 3;

    private final ObjectNode values = JSON.objectNode();

    /** Creates an empty set of figures. */
    public Figures() {}

    /**
     * Adds a measured number, rounded to three decimals.
     *
     * @throws IllegalArgumentException if it is no finite number, which JSON cannot hold, or the key is taken
     */
    public Figures put(String key, double value) {
        return add(key, JSON.numberNode(rounded(key, value)));
    }

    /**
     * Adds a measured number with all its digits, for one that may be far below a thousandth.
     *
     * @throws IllegalArgumentException if it is no finite number, which JSON cannot hold, or the key is taken
     */
    public Figures putPrecise(String key, double value) {
        return add(key, JSON.numberNode(finite(key, value)));
    }

    /**
     * Adds a count.
     *
     * @throws IllegalArgumentException if the key is taken
     */
    public Figures put(String key, long value) {
        return add(key, JSON.numberNode(value));
    }

    /**
     * Adds a word, such as the store that was measured.
     *
     * @throws IllegalArgumentException if the key is taken
     */
    public Figures put(String key, String value) {
        return add(key, JSON.textNode(value));
    }

    /**
     * Adds figures below a key, such as those of one kind of case.
     *
     * @throws IllegalArgumentException if the key is taken
     */
    public Figures put(String key, Figures nested) {
        return add(key, nested.values.deepCopy());
    }

    /**
     * Adds an interval, both limits rounded to three decimals.
     *
     * @throws IllegalArgumentException if a limit is no finite number, which JSON cannot hold, or the key is taken
     */
    public Figures putInterval(String key, double low, double high) {
        return add(key, JSON.arrayNode().add(rounded(key, low)).add(rounded(key, high)));
    }

    private static BigDecimal rounded(String key, double value) {
        BigDecimal rounded = BigDecimal.valueOf(finite(key, value))
                .setScale(DECIMALS, RoundingMode.HALF_EVEN)
                .stripTrailingZeros();
        // Without this ten thousand would read 1E+4.
        return rounded.scale() < 0 ? rounded.setScale(0, RoundingMode.UNNECESSARY) : rounded;
    }

    /**
     * Adds whether something holds.
     *
     * @throws IllegalArgumentException if the key is taken
     */
    public Figures put(String key, boolean value) {
        return add(key, JSON.booleanNode(value));
    }

    private static double finite(String key, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: a finite number)");
        }
        return value;
    }

    private Figures add(String key, JsonNode value) {
        if (values.has(key)) {
            throw new IllegalArgumentException("figure '" + key + "' was put twice (expected: each key once)");
        }
        values.set(key, value);
        return this;
    }

    /** The figures as one JSON object on one line, without a line break at its end. */
    public String toJson() {
        return values.toString();
    }

    @Override
    public String toString() {
        return toJson();
    }
}
