package io.github.flywheel4j.evals;

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
}
