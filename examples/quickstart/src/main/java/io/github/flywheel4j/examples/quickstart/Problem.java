package io.github.flywheel4j.examples.quickstart;

/** Something that the person at the keyboard can put right: shown as one line, without a stack trace. */
final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The command was given something that it cannot use. */
    static final int BAD_INPUT = 2;

    /** The model did not answer. */
    static final int NO_ANSWER = 1;

    private final int status;

    Problem(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
