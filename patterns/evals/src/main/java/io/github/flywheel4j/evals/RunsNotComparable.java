package io.github.flywheel4j.evals;

import java.util.List;

/** Two runs differ in what must agree, so that their difference would say nothing; the message names each thing. */
public final class RunsNotComparable extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    RunsNotComparable(List<String> differences) {
        super("the runs cannot be compared: " + String.join("; ", differences));
    }
}
