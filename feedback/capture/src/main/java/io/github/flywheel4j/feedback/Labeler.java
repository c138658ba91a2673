package io.github.flywheel4j.feedback;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns the signals on one answer into a label, if at least two independent families of signals agree and none objects;
 * otherwise the answer stays unlabelled. Of each family the strongest signal counts; a family whose own signals contradict
 * each other objects to any label.
 *
 * <pre>{@code
 * Optional<SignalLabel> label = Labeler.standard().label(store.timeline(id).feedback());
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class Labeler {

    private static final int FAMILIES_THAT_AGREE = 2;

    private final SignalStrengths strengths;

    private Labeler(SignalStrengths strengths) {
        this.strengths = strengths;
    }

    /** With the default strengths. */
    public static Labeler standard() {
        return with(SignalStrengths.defaults());
    }

    /** With the strengths of a workload. */
    public static Labeler with(SignalStrengths strengths) {
        return new Labeler(strengths);
    }

    /** The label of an answer; empty if its signals do not suffice. Events that are no signals are left aside. */
    public Optional<SignalLabel> label(Collection<? extends FeedbackEvent> onOneAnswer) {
        Map<SignalFamily, Double> strongest = new EnumMap<>(SignalFamily.class);
        for (FeedbackEvent event : onOneAnswer) {
            if (event instanceof Signal signal && strengths.of(signal) != 0) {
                double strength = strengths.of(signal);
                Double other = strongest.get(signal.type().family());
                if (other != null && Math.signum(other) != Math.signum(strength)) {
                    return Optional.empty();
                }
                if (other == null || Math.abs(strength) > Math.abs(other)) {
                    strongest.put(signal.type().family(), strength);
                }
            }
        }
        boolean good = strongest.values().stream().allMatch(strength -> strength > 0);
        boolean bad = strongest.values().stream().allMatch(strength -> strength < 0);
        if (strongest.size() < FAMILIES_THAT_AGREE || good == bad) {
            return Optional.empty();
        }
        double mean =
                strongest.values().stream().mapToDouble(Math::abs).average().orElseThrow();
        return Optional.of(new SignalLabel(good, mean, strongest.keySet()));
    }
}
