package io.github.flywheel4j.evals;

import java.util.Locale;

/** What a build makes of a verdict that the cases do not allow. */
public enum InconclusivePolicy {
    /** It fails: nothing ships that was not shown to be good. */
    FAIL,
    /** The test is skipped: neither green nor red. The default, since too few cases are no fault of the change. */
    SKIP,
    /** It passes, with a warning in the log. */
    WARN;

    /** The system property that sets the policy of tests that name none: {@code fail}, {@code skip} or {@code warn}. */
    public static final String PROPERTY = "flywheel4j.evals.inconclusive";

    /**
     * The policy of the system property, else {@link #SKIP}.
     *
     * @throws IllegalArgumentException if the property has another value
     */
    public static InconclusivePolicy configured() {
        String value = System.getProperty(PROPERTY, "skip");
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "fail" -> FAIL;
            case "skip" -> SKIP;
            case "warn" -> WARN;
            default -> throw new IllegalArgumentException(PROPERTY + ": " + value + " (expected: fail, skip or warn)");
        };
    }
}
