package io.github.flywheel4j.evals;

/** What a comparison says of one metric. */
public enum Verdict {
    /** The candidate is better, beyond what chance makes of equals. */
    BETTER,
    /** The candidate is worse, beyond what chance makes of equals. */
    WORSE,
    /** The cases do not tell: there may be no difference, or one too small for so few cases. */
    INCONCLUSIVE
}
