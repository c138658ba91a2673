package io.github.flywheel4j.benchmarks.caching;

import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Intervals;
import java.util.Locale;

/** Hits and how many of them were wrong. Not thread-safe. */
final class Tally {

    private static final double LEVEL = 0.95;

    long hits;
    long wrong;
    long hitsFirst1000;
    long judged;

    void hit(boolean right, boolean early) {
        hits++;
        wrong += right ? 0 : 1;
        hitsFirst1000 += early ? 1 : 0;
    }

    /** Of the hits; 0 without any. */
    double wrongRate() {
        return hits == 0 ? 0 : (double) wrong / hits;
    }

    /** 0 to 1 without any hit: nothing is known then. */
    Interval interval() {
        return hits == 0 ? new Interval(0, 0, 1, LEVEL) : Intervals.clopperPearson(wrong, hits, LEVEL);
    }

    String intervalText() {
        Interval interval = interval();
        return String.format(Locale.ROOT, "%.1f-%.1f %%", 100 * interval.low(), 100 * interval.high());
    }

    Figures figures() {
        Interval interval = interval();
        return new Figures()
                .put("semantic_hits", hits)
                .put("semantic_false_hits", wrong)
                .put("semantic_false_hit_rate", wrongRate())
                .putInterval("semantic_false_hit_interval", interval.low(), interval.high())
                .put("semantic_hits_first_1000", hitsFirst1000);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
