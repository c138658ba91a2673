package io.github.flywheel4j.caching;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks of settings: each failure names the setting, its value, and what was expected of it. */
final class Checks {

    private Checks() {}

    /** Callers without null checks can leave out what the type demands. */
    static void require(String name, @Nullable Object value, String expected) {
        if (value == null) {
            throw new IllegalArgumentException(name + ": none (expected: " + expected + ")");
        }
    }

    static void requireName(String name, @Nullable String value, String expected) {
        require(name, value, expected);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + ": blank (expected: " + expected + ")");
        }
    }

    /** Between 0 and 1, neither included. */
    static void requireWithin(String name, double value, String what) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: between 0 and 1; " + what + ")");
        }
    }

    static void requireShare(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + ": " + share + " (expected: between 0 and 1)");
        }
    }

    static void requirePositive(String name, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
        }
    }

    static void requirePositive(String name, long number) {
        if (number <= 0) {
            throw new IllegalArgumentException(name + ": " + number + " (expected: > 0)");
        }
    }

    static void requireNotNegative(String name, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: >= 0)");
        }
    }
}
