package io.github.flywheel4j.evals;

import org.jspecify.annotations.Nullable;

/** A replay was asked what was never recorded: the case, the prompt or the model's parameters have changed. */
public final class NotRecorded extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    NotRecorded(String file, String key, @Nullable String caseId) {
        super(file + ": no answer to request " + key + (caseId == null ? "" : " of case '" + caseId + "'")
                + " (expected: a recorded one; the case, the prompt or the parameters have changed: run once with a key"
                + " and Recording.Mode.RECORD_MISSING)");
    }
}
