package io.github.flywheel4j.stats;

/**
 * An estimate with the interval that belongs to it.
 *
 * <p>The estimate is the plain one (a rate, a mean); intervals such as Wilson's are not centred on it, and a corrected or
 * sequential interval may leave it outside.
 *
 * @param estimate the point estimate
 * @param low lower limit, never above {@code high}; may be negative infinity
 * @param high upper limit; may be positive infinity
 * @param level the confidence level, between 0 and 1, for example 0.95
 */
public record Interval(double estimate, double low, double high, double level) {

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if a number is NaN, the limits are in the wrong order or the level is not between 0
     *     and 1
     */
    public Interval {
        Checks.level(level);
        if (Double.isNaN(estimate) || !(low <= high)) {
            throw new IllegalArgumentException(
                    "interval: " + estimate + " [" + low + ", " + high + "] (expected: numbers, low <= high)");
        }
    }

    /** Whether a value lies within the limits, which belong to the interval. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** The distance between the limits. */
    public double width() {
        return high - low;
    }
}
