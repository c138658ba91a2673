package io.github.flywheel4j.benchmarks;

/**
 * An option's value or a file is of no use: the run ends with status 2 and the message as its one line. The message
 * names the option or the file, the offending value and what was expected.
 */
public final class BadInput extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates it with the line to print. */
    public BadInput(String message) {
        super(message);
    }

    /** Creates it with the line to print and what lies behind it. */
    public BadInput(String message, Throwable cause) {
        super(message, cause);
    }
}
