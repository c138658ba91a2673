package io.github.flywheel4j.evals;

/**
 * What a person said of one answer. Immutable.
 *
 * @param evalCase the case that was asked
 * @param output the answer that was shown
 * @param correct whether the person passed it
 */
public record HumanLabel(EvalCase evalCase, Output output, boolean correct) {}
