package io.github.flywheel4j;

/** What came of a call, as the caller saw it. */
public enum Outcome {
    /** An answer, as good as the stack gives it. */
    ANSWERED,
    /** An answer that is less than was asked for, and says so: a fallback, a stale entry, an apology. */
    DEGRADED,
    /** Refused by a guard or a budget. */
    BLOCKED,
    /** An exception reached the caller. */
    FAILED,
    /** The caller, or a turn that was cancelled, ended the call; the interaction holds the text released until then. */
    CANCELLED
}
