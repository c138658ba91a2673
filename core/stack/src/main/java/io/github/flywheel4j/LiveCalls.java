package io.github.flywheel4j;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The calls under way: how many, and which belong to which turn, so that a turn can be cancelled. */
final class LiveCalls {

    private final LongAdder count = new LongAdder();
    private final ConcurrentHashMap<String, Set<Cancellation>> byTurn = new ConcurrentHashMap<>();

    void begin(@Nullable String turn, Cancellation cancellation) {
        count.increment();
        if (turn != null) {
            byTurn.compute(turn, (key, calls) -> {
                Set<Cancellation> all = calls == null ? ConcurrentHashMap.newKeySet() : calls;
                all.add(cancellation);
                return all;
            });
        }
    }

    void end(@Nullable String turn, Cancellation cancellation) {
        count.decrement();
        if (turn != null) {
            byTurn.computeIfPresent(turn, (key, calls) -> {
                calls.remove(cancellation);
                return calls.isEmpty() ? null : calls;
            });
        }
    }

    /** Cancels the turn's calls; how many were still wanted. */
    int cancel(String turn) {
        int cancelled = 0;
        for (Cancellation each : byTurn.getOrDefault(turn, Set.of())) {
            if (each.cancelByCaller("its turn was cancelled")) {
                cancelled++;
            }
        }
        return cancelled;
    }

    long size() {
        return count.sum();
    }
}
