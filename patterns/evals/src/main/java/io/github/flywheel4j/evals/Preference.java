package io.github.flywheel4j.evals;

/** Which of two answers is better, by a judge or by a person. */
public enum Preference {
    /** The first of the two, however they were shown. */
    A,
    /** The second of the two. */
    B,
    /** Neither is better. */
    TIE
}
