package io.github.flywheel4j.feedback;

/**
 * Signals that one and the same deed can set off. A user who writes "no, I meant ..." both corrects and rephrases, and
 * that is one piece of evidence and not two; so what must be independent is the family.
 */
public enum SignalFamily {
    /** What was done with the text. */
    USE,
    /** What was asked or said next. */
    NEXT_MESSAGE,
    /** How the answer was read. */
    ATTENTION
}
