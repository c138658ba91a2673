package io.github.flywheel4j.feedback;

/** An event was written by a newer version of this library; reading it as an older one could mean something else. */
public final class SchemaTooNew extends IllegalArgumentException {

    SchemaTooNew(int schema) {
        super("event of schema " + schema + " (expected: 1 to " + FeedbackEvent.SCHEMA
                + "; a newer version of the library wrote it: use that version to read it)");
    }
}
