package io.github.flywheel4j.stats;

/** What the functions of this package ask of their arguments, with messages that name the offending one. */
final class Checks {

    private Checks() {}

    static void level(double level) {
        probability("level", level);
    }

    /** Strictly between 0 and 1. */
    static void probability(String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: above 0 and below 1)");
        }
    }

    /** From 0 to 1, both allowed. */
    static void share(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to 1)");
        }
    }

    static void positive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0 and finite)");
        }
    }

    static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
        }
    }

    static void sameLength(String name, int length, String other, int expected) {
        if (length != expected) {
            throw new IllegalArgumentException(
                    name + ": " + length + " values (expected: " + expected + ", one for each of " + other + ")");
        }
    }

    static void finite(String name, double[] values, int least) {
        if (values.length < least) {
            throw new IllegalArgumentException(
                    name + ": " + values.length + " values (expected: at least " + least + ")");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(name + "[" + i + "]: " + values[i]
                        + " (expected: a finite number; leave out cases without a value before the call)");
            }
        }
    }

    static void notNegative(String name, double[] values) {
        finite(name, values, 1);
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0) {
                throw new IllegalArgumentException(name + "[" + i + "]: " + values[i] + " (expected: >= 0)");
            }
        }
    }

    /** The differences {@code x - y}, checked. */
    static double[] differences(double[] x, double[] y, int least) {
        sameLength("y", y.length, "x", x.length);
        finite("x", x, least);
        finite("y", y, least);
        double[] differences = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            differences[i] = x[i] - y[i];
        }
        return differences;
    }
}
