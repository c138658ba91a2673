package io.github.flywheel4j.evals;

import java.util.List;

/**
 * What a {@link Gate} says of a candidate. Immutable.
 *
 * @param outcome what came of it
 * @param reasons why it did not pass, in words; empty if it did
 * @param policy what a build makes of an inconclusive outcome
 * @param comparison the comparison that it rests on
 */
public record GateResult(Outcome outcome, List<String> reasons, InconclusivePolicy policy, Comparison comparison) {

    /** What a gate can say. */
    public enum Outcome {
        /** Every requirement was shown to hold. */
        PASSED,
        /** At least one was shown to be broken. */
        FAILED,
        /** None was shown to be broken, and not all to hold. */
        INCONCLUSIVE
    }

    /** Copies the reasons. */
    public GateResult {
        reasons = List.copyOf(reasons);
    }

    /** Whether the candidate may ship: it passed, or the outcome is inconclusive and the policy only warns. */
    public boolean mayShip() {
        return outcome == Outcome.PASSED || (outcome == Outcome.INCONCLUSIVE && policy == InconclusivePolicy.WARN);
    }

    /** The outcome, the reasons and the comparison, for a terminal or a log. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("gate: " + outcome + "\n");
        reasons.forEach(reason -> text.append("  ").append(reason).append('\n'));
        return text.append(comparison).toString();
    }
}
