package io.github.flywheel4j.feedback;

import io.github.flywheel4j.stats.Interval;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A rate that says of how many out of how many it speaks, and what it may be for all of them.
 *
 * @param numerator the interactions that were liked, or right
 * @param denominator the interactions of which it is known whether they were
 * @param interactions all of them, whatever came of them
 * @param observed the rate among the known with Wilson's interval: true of those who said something, and of nobody else; null
 *     if there is none
 * @param weighted the rate of all interactions, estimated; null if it cannot be, for the reason in {@code note}
 * @param note what to know about the estimate; empty if there is nothing
 * @param contrasts in what the known differ from the others, the largest difference first; empty if there are not both
 */
public record RateEstimate(
        long numerator,
        long denominator,
        long interactions,
        @Nullable Interval observed,
        @Nullable Weighted weighted,
        String note,
        List<Contrast> contrasts) {

    /** Copies the list. */
    public RateEstimate {
        contrasts = List.copyOf(contrasts);
    }

    /**
     * The rate of all interactions by weights: each known one stands for those like it that are not known.
     *
     * @param interval the estimate and its bootstrap interval, which knows that the propensities were fitted, and that
     *     interactions of one person or session are alike
     * @param doublyRobust whether a judge's scores of all interactions went in: then it is right if the propensities are, or
     *     the judge is
     * @param effectiveSize how many equally weighted ones would tell as much as the known ones do
     * @param clippedShare the share of the known ones whose weight was cut at its limit
     */
    public record Weighted(Interval interval, boolean doublyRobust, double effectiveSize, double clippedShare) {}

    /** The share of the interactions of which it is known; 0 if there are none. */
    public double coverage() {
        return interactions == 0 ? 0 : (double) denominator / interactions;
    }

    /** For people, in one line. */
    @Override
    public String toString() {
        String known = String.format(
                Locale.ROOT,
                "%,d of %,d known, of %,d (%.1f %%)",
                numerator,
                denominator,
                interactions,
                coverage() * 100);
        return known
                + (observed == null ? "" : "; among them " + percent(observed))
                + (weighted == null ? "" : "; of all, estimated, " + percent(weighted.interval()))
                + (note.isEmpty() ? "" : "; " + note);
    }

    private static String percent(Interval interval) {
        return String.format(
                Locale.ROOT,
                "%.1f %% (%.1f to %.1f)",
                interval.estimate() * 100,
                interval.low() * 100,
                interval.high() * 100);
    }
}
