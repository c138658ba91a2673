package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.EvalRun.Info;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a run is decided: at the clusters that are complete, in their order and without a gap, so that quick cases do
 * not come first. Not thread-safe: the run's lock guards it.
 */
final class EarlyLooks {

    private final @Nullable EarlyStop stop;
    private final List<String> order;
    private final Info info;
    private int complete;
    private int nextLook = 1;

    /** Looks by a rule; at nothing without one. */
    EarlyLooks(@Nullable EarlyStop stop, List<String> order, Info info) {
        this.stop = stop;
        this.order = order;
        this.info = info;
    }

    boolean areDecided(RunTally tally) {
        if (stop == null) {
            return false;
        }
        while (complete < order.size() && tally.isComplete(order.get(complete))) {
            complete++;
        }
        if (complete < nextLook) {
            return false;
        }
        // A look takes longer the more there is, so looks become rarer; none of them costs confidence.
        nextLook = complete + 1 + complete / 20;
        return stop.isDecided(new EvalRun(info, tally.results()));
    }
}
