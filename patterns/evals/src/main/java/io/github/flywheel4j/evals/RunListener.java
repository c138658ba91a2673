package io.github.flywheel4j.evals;

import java.io.PrintStream;
import java.util.Objects;

/**
 * Is told how a run goes: for progress bars and logs. Called on the run's threads, one call at a time, with the run waiting:
 * be quick. What it throws is logged once and harms no run.
 */
@FunctionalInterface
public interface RunListener {

    /** A case was answered, or failed. */
    void onResult(CaseResult result, Progress progress);

    /** The run begins, or goes on where an earlier part of it ended. */
    default void onStart(Progress progress) {}

    /** The run has ended. */
    default void onEnd(EvalRun run) {}

    /**
     * A progress bar for one run at a time: answers so far, rate, errors and the time left, in one line that is drawn anew at
     * most ten times a second and wiped out at the end.
     *
     * @param terminal where somebody watches, such as {@code System.err}; a file would keep every line
     */
    static RunListener progressBar(PrintStream terminal) {
        return new ProgressBar(Objects.requireNonNull(terminal, "terminal"));
    }
}
