package io.github.flywheel4j.caching;

import org.jspecify.annotations.Nullable;

/**
 * At which temperatures an answer may be served again. A hit turns a sample into the answer: who asks twice at a high
 * temperature may want two different ones.
 *
 * <p>A call that names no temperature runs at its provider's, which is 1 with most and never told. {@link #atMost} does not
 * cache it, {@link #any} does. Immutable.
 */
public final class TemperaturePolicy {

    private final double most;
    private final boolean unknown;

    private TemperaturePolicy(double most, boolean unknown) {
        this.most = most;
        this.unknown = unknown;
    }

    /** Whatever the temperature, also where none is named: users ask for an answer, not for a sample. */
    public static TemperaturePolicy any() {
        return new TemperaturePolicy(Double.POSITIVE_INFINITY, true);
    }

    /**
     * Calls whose temperature, by their request or the model's defaults, is known and at most this; 0 for those that mean to
     * get the same answer each time.
     *
     * @throws IllegalArgumentException if it is negative or no number
     */
    public static TemperaturePolicy atMost(double temperature) {
        if (!(temperature >= 0)) {
            throw new IllegalArgumentException("temperature: " + temperature + " (expected: >= 0)");
        }
        return new TemperaturePolicy(temperature, false);
    }

    boolean allows(@Nullable Double temperature) {
        return temperature == null ? unknown : temperature <= most;
    }

    @Override
    public String toString() {
        return unknown ? "any" : "<=" + most;
    }
}
