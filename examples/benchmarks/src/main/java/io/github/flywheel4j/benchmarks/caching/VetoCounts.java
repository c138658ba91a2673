package io.github.flywheel4j.benchmarks.caching;

import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.caching.SemanticReplay.Outcome;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How many candidates were refused, by the reason. Not thread-safe. */
final class VetoCounts {

    private final Map<String, Long> counts = new TreeMap<>();

    void count(Outcome outcome) {
        outcome.veto().ifPresent(reason -> counts.merge(reason.name().toLowerCase(Locale.ROOT), 1L, Long::sum));
    }

    Figures figures() {
        Figures figures = new Figures();
        counts.forEach((reason, count) -> figures.put(reason, count.longValue()));
        return figures;
    }
}
