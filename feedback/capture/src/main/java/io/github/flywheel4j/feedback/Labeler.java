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
 * Optional<SignalLabel> label =
 *         Labeler.standard().label(store.timeline(id).feedback());
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class Labeler {

    private static final int FAMILIES_THAT_AGREE = 2;
    private static final int FOR = 1;
    private static final int AGAINST = 2;
    private static final int BITS = 2;

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
        int votes = 0;
        Map<SignalFamily, Double> strongest = new EnumMap<>(SignalFamily.class);
        for (FeedbackEvent event : onOneAnswer) {
            if (event instanceof Signal signal && vote(signal) != 0) {
                votes |= vote(signal);
                strongest.merge(signal.type().family(), Math.abs(strengths.of(signal)), Math::max);
            }
        }
        return good(votes)
                .map(good -> new SignalLabel(
                        good,
                        strongest.values().stream()
                                .mapToDouble(strength -> strength)
                                .average()
                                .orElseThrow(),
                        strongest.keySet()));
    }

    /** What a signal says, as one bit: for or against, by family. Those of several signals are joined with a bitwise or. */
    int vote(Signal signal) {
        double strength = strengths.of(signal);
        if (strength == 0) {
            return 0;
        }
        int place =
                switch (signal.type().family()) {
                    case USE -> 0;
                    case NEXT_MESSAGE -> BITS;
                    case ATTENTION -> 2 * BITS;
                };
        return (strength > 0 ? FOR : AGAINST) << place;
    }

    /** Whether votes are for the answer or against it; empty if they do not suffice. */
    static Optional<Boolean> good(int votes) {
        int fors = 0;
        int againsts = 0;
        for (int left = votes; left != 0; left >>>= BITS) {
            fors += left & FOR;
            againsts += (left & AGAINST) / AGAINST;
        }
        if ((fors > 0 && againsts > 0) || fors + againsts < FAMILIES_THAT_AGREE) {
            return Optional.empty();
        }
        return Optional.of(fors > 0);
    }
}
