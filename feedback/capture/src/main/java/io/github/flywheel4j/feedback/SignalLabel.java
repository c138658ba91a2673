package io.github.flywheel4j.feedback;

import java.util.Set;

/**
 * What signals say together. It is neither {@link Satisfaction} nor {@link Correctness}, and becomes neither.
 *
 * @param good whether they speak for the answer
 * @param strength how strongly: the mean over the families that agree, of the strongest signal in each; above 0, up to 1
 * @param families which independent families agree; at least two
 */
public record SignalLabel(boolean good, double strength, Set<SignalFamily> families) {

    /** Copies the families. */
    public SignalLabel {
        families = Set.copyOf(families);
    }
}
