package io.github.flywheel4j.evals;

/** A judge's words hold no verdict, or two. It is an error of the judge and says nothing about the answer. */
public final class UnreadableVerdict extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The words stay out of the message: they may quote the answer and the question. */
    UnreadableVerdict(String judge, String expected, int length) {
        super("judge '" + judge + "': no verdict in its words, " + length + " characters (expected: " + expected + ")");
    }
}
