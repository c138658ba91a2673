package io.github.flywheel4j.caching;

import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Intervals;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was served and what audits said of it: how many of the hits are audited next, by what factor more of them were wrong than
 * was expected, and whether so many that nothing may be served any more.
 *
 * <p>Stateful; guarded by the lock of {@link HitPolicy}.
 */
final class Audits {

    private static final double LEVEL = 0.95;

    /**
     * So many hits are all audited as have this many wrong ones where the tolerance is just kept, as many as the prior of the
     * factor is worth: it is the wrong ones that tell the factor, and at 2 % they take five times as many hits as at 10 %.
     */
    private static final double FIRST_WRONG = Overconfidence.PRIOR;

    private static final int FEWEST = 20;

    /** The breaker looks at so many of the newest, so that a long good past does not hide a bad present. */
    private static final int RECENT = 200;

    private final Overconfidence overconfidence = new Overconfidence();
    private final Deque<Boolean> recent = new ArrayDeque<>();
    private int recentWrong;
    private long served;
    private long count;
    private long wrong;

    /**
     * All of it, for a restart.
     *
     * @param served hits
     * @param count audited hits
     * @param wrong how many of these were wrong
     * @param fadedWrong the wrong ones, old ones counted less
     * @param fadedExpected as many as were expected, old ones counted less
     * @param recent whether the newest were right, the oldest first
     */
    record State(long served, long count, long wrong, double fadedWrong, double fadedExpected, List<Boolean> recent) {

        static final State NONE = new State(0, 0, 0, 0, 0, List.of());
    }

    /**
     * Counts a hit and tells with which probability it is audited: the first ones all are, then ever fewer, down to the share that
     * is audited for ever; more again while audits find more wrong ones than was expected.
     */
    double served(double least, double tolerance) {
        served++;
        double first = Math.min(1, FIRST_WRONG / tolerance / served);
        return Math.max(Math.max(least, first), 1 - 1 / overconfidence.mean());
    }

    void add(double expectedWrong, boolean right) {
        count++;
        wrong += right ? 0 : 1;
        overconfidence.audited(expectedWrong, right);
        remember(right);
    }

    private void remember(boolean right) {
        recent.addLast(right);
        recentWrong += right ? 0 : 1;
        if (recent.size() > RECENT) {
            recentWrong -= recent.removeFirst() ? 0 : 1;
        }
    }

    /** Whether the newest audits say that the tolerance is passed. */
    boolean sayPassed(double tolerance) {
        return recent.size() >= FEWEST
                && Intervals.clopperPearson(recentWrong, recent.size(), LEVEL).low() > tolerance;
    }

    /** Begins to watch anew; what was found of the model stays. */
    void forgetRecent() {
        recent.clear();
        recentWrong = 0;
    }

    /** By what factor more are wrong than expected, not passed with this confidence. */
    double factor(double confidence) {
        return overconfidence.factor(confidence);
    }

    long count() {
        return count;
    }

    /** The share of wrong ones with its Clopper-Pearson interval; null before the first audit. */
    @Nullable
    Interval wrongShare() {
        return count == 0 ? null : Intervals.clopperPearson(wrong, count, LEVEL);
    }

    State state() {
        return new State(served, count, wrong, overconfidence.wrong(), overconfidence.expected(), List.copyOf(recent));
    }

    void restore(State state) {
        served = state.served;
        count = state.count;
        wrong = state.wrong;
        overconfidence.restore(state.fadedWrong, state.fadedExpected);
        forgetRecent();
        state.recent.forEach(this::remember);
    }
}
