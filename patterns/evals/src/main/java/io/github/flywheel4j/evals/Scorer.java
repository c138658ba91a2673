package io.github.flywheel4j.evals;

/**
 * Says how good an answer to a case is. Thread-safe: one scorer scores many answers at once.
 *
 * <p>A scorer that cannot score (its judge's words were unreadable, the case lacks what it needs) throws; the runner counts
 * that as an error, apart from failures.
 */
public interface Scorer {

    /** The metric's name, unique in a run: "exact", "rouge-l", "helpful". */
    String name();

    /**
     * What the score depends on beside the case and the answer: settings, and for a judge its model, prompt and rubric. Two
     * runs are compared only where these are equal, so it must differ when scores may.
     */
    String fingerprint();

    /**
     * Whether the score may be wrong about what it stands for. An exact comparison of a label is not lossy; likeness of
     * words, of embeddings and the opinion of a judge are.
     */
    boolean lossy();

    /** Whether a higher value is better; true unless told. Latency and cost say false. */
    default boolean higherIsBetter() {
        return true;
    }

    /**
     * Whether every value is from 0 to 1, whatever the answer; false unless told. A gate that looks at a metric before the end
     * of a run needs to know its range beforehand: where a scorer has no bar, this is what says so.
     */
    default boolean fromZeroToOne() {
        return false;
    }

    /**
     * Scores an answer.
     *
     * @throws RuntimeException if it cannot be scored
     */
    Score score(EvalCase evalCase, Output output);
}
