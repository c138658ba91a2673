package io.github.flywheel4j.feedback;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * How much a signal says for an answer (up to 1) or against it (down to -1); 0 says nothing. Begin with {@link #defaults()}
 * and override what is different in a workload. The defaults are an ordering by judgement and not measured: whoever has
 * verdicts should compare. Immutable and thread-safe.
 *
 * <table>
 * <caption>Defaults</caption>
 * <tr><th>signal</th><th>strength</th></tr>
 * <tr><td>ACCEPTED</td><td>0.8</td></tr>
 * <tr><td>COPIED</td><td>0.6</td></tr>
 * <tr><td>EDITED</td><td>0.8 for no change, down to -0.8 for a new text, in a line</td></tr>
 * <tr><td>THANKED</td><td>0.5</td></tr>
 * <tr><td>READ_LONG</td><td>0, ambiguous</td></tr>
 * <tr><td>ABANDONED</td><td>-0.4</td></tr>
 * <tr><td>REPHRASED</td><td>-0.5</td></tr>
 * <tr><td>REGENERATED</td><td>-0.6</td></tr>
 * <tr><td>CORRECTED</td><td>-0.9</td></tr>
 * </table>
 */
public final class SignalStrengths {

    private static final SignalStrengths DEFAULTS = new SignalStrengths(Map.of(
            SignalType.ACCEPTED, 0.8,
            SignalType.COPIED, 0.6,
            SignalType.EDITED, 0.8,
            SignalType.THANKED, 0.5,
            SignalType.READ_LONG, 0.0,
            SignalType.ABANDONED, -0.4,
            SignalType.REPHRASED, -0.5,
            SignalType.REGENERATED, -0.6,
            SignalType.CORRECTED, -0.9));

    private final Map<SignalType, Double> strengths;

    private SignalStrengths(Map<SignalType, Double> strengths) {
        this.strengths = new EnumMap<>(strengths);
    }

    /** The defaults. */
    public static SignalStrengths defaults() {
        return DEFAULTS;
    }

    /**
     * The same table with another strength. For {@link SignalType#EDITED} it is the one of a text without a change.
     *
     * @param strength -1 to 1
     */
    public SignalStrengths with(SignalType type, double strength) {
        if (!(strength >= -1 && strength <= 1)) {
            throw new IllegalArgumentException("strength of " + type + ": " + strength + " (expected: -1 to 1)");
        }
        Map<SignalType, Double> changed = new EnumMap<>(strengths);
        changed.put(type, strength);
        return new SignalStrengths(changed);
    }

    /** What a signal says. */
    public double of(Signal signal) {
        double strength = Objects.requireNonNull(strengths.get(signal.type()));
        if (signal.type() == SignalType.EDITED) {
            double changed = signal.measure() == null ? 0.5 : Math.max(0, Math.min(1, signal.measure()));
            return strength * (1 - 2 * changed);
        }
        return strength;
    }
}
