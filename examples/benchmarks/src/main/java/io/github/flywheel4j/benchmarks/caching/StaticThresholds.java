package io.github.flywheel4j.benchmarks.caching;

import io.github.flywheel4j.benchmarks.Figures;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/** What serving from a fixed cosine on brings, for the cosines .80 to .99 in steps of .01. Immutable. */
final class StaticThresholds {

    private static final int LOWEST = 80;
    private static final int HIGHEST = 99;

    private final Map<String, Tally> tallies = new TreeMap<>();

    /** @param policy what a cosine brings */
    StaticThresholds(DoubleFunction<Tally> policy) {
        for (int percent = LOWEST; percent <= HIGHEST; percent++) {
            double cosine = percent / 100.0;
            tallies.put(String.format(Locale.ROOT, "%.2f", cosine), policy.apply(cosine));
        }
    }

    /**
     * The threshold with the most hits of those that are not wrong more often; of equal ones the lowest.
     *
     * @param threshold "none" where all are
     */
    record Best(String threshold, long hits) {}

    Best atMost(double wrongRate) {
        Best best = new Best("none", 0);
        for (Map.Entry<String, Tally> each : tallies.entrySet()) {
            Tally tally = each.getValue();
            if (tally.wrongRate() <= wrongRate && (tally.hits > best.hits || best.threshold.equals("none"))) {
                best = new Best(each.getKey(), tally.hits);
            }
        }
        return best;
    }

    /** By rising threshold, as it is written. */
    void forEach(BiConsumer<String, Tally> action) {
        tallies.forEach(action);
    }

    Figures figures(Function<Tally, Figures> each) {
        Figures figures = new Figures();
        tallies.forEach((threshold, tally) -> figures.put(threshold, each.apply(tally)));
        return figures;
    }
}
