package io.github.flywheel4j.evals;

/** What is compared: what may differ between two runs. All else must agree, or the difference could come from it. */
public enum Varies {
    /** Two prompts of one model. */
    PROMPT,
    /** Two models behind one prompt. */
    MODEL,
    /** Something else of the stack, such as retrieval or a guard: one model, one prompt. */
    STACK,
    /** Whatever differs; whoever says so takes the difference as that of all changes together. */
    EVERYTHING
}
