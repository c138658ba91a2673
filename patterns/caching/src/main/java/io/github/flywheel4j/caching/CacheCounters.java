package io.github.flywheel4j.caching;

import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.Cost;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The counters behind {@link CacheStats}. Thread-safe. */
final class CacheCounters {

    final LongAdder exactHits = new LongAdder();
    final LongAdder sharedTierHits = new LongAdder();
    final LongAdder semanticHits = new LongAdder();
    final LongAdder joined = new LongAdder();
    final LongAdder staleHits = new LongAdder();
    final LongAdder servedOnError = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder shadowHits = new LongAdder();
    final LongAdder explorations = new LongAdder();
    final LongAdder audits = new LongAdder();
    final LongAdder stored = new LongAdder();
    final LongAdder refreshes = new LongAdder();
    final LongAdder failedRefreshes = new LongAdder();
    final LongAdder evicted = new LongAdder();
    final LongAdder sharedFailures = new LongAdder();
    private final LongAdder savedInputTokens = new LongAdder();
    private final LongAdder savedOutputTokens = new LongAdder();
    private final ConcurrentHashMap<String, LongAdder> bypasses = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, LongAdder> vetoes = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, LongAdder> notStored = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, BigDecimal> savedMoney = new ConcurrentHashMap<>();

    void bypass(String reason) {
        count(bypasses, reason);
    }

    void veto(String reason) {
        count(vetoes, reason);
    }

    void notStored(String reason) {
        count(notStored, reason);
    }

    void saved(@Nullable TokenUsage usage, @Nullable Cost cost) {
        if (usage != null) {
            savedInputTokens.add(usage.inputTokenCount() == null ? 0 : usage.inputTokenCount());
            savedOutputTokens.add(usage.outputTokenCount() == null ? 0 : usage.outputTokenCount());
        }
        if (cost != null) {
            savedMoney.merge(cost.currency(), cost.amount(), BigDecimal::add);
        }
    }

    CacheStats snapshot(long answers, long bytes) {
        return new CacheStats(
                exactHits.sum(),
                sharedTierHits.sum(),
                semanticHits.sum(),
                joined.sum(),
                staleHits.sum(),
                servedOnError.sum(),
                misses.sum(),
                sums(bypasses),
                sums(vetoes),
                shadowHits.sum(),
                explorations.sum(),
                audits.sum(),
                stored.sum(),
                sums(notStored),
                refreshes.sum(),
                failedRefreshes.sum(),
                evicted.sum(),
                sharedFailures.sum(),
                savedInputTokens.sum(),
                savedOutputTokens.sum(),
                savedMoney,
                answers,
                bytes);
    }

    private static void count(ConcurrentHashMap<String, LongAdder> counters, String reason) {
        counters.computeIfAbsent(reason, name -> new LongAdder()).increment();
    }

    private static Map<String, Long> sums(ConcurrentHashMap<String, LongAdder> counters) {
        return counters.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue()
                .sum()));
    }
}
