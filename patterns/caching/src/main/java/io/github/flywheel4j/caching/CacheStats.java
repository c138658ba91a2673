package io.github.flywheel4j.caching;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a cache did since it was made; a snapshot, whose counters were read one after the other while calls went on.
 *
 * <p>Each call that the cache may serve is one of {@code exactHits}, {@code sharedTierHits}, {@code semanticHits},
 * {@code joined}, {@code staleHits}, {@code servedOnError} or {@code misses}; the others are in {@code bypasses}.
 *
 * @param exactHits calls served the answer to an equal request from this node's memory
 * @param sharedTierHits calls served the answer to an equal request from the shared tier
 * @param semanticHits calls served the answer to a question in other words
 * @param joined calls that got the answer of an equal call under way at the same time
 * @param staleHits calls served an answer past its time while it was refreshed
 * @param servedOnError calls served an answer past its time because the model failed
 * @param misses calls for which the model was asked, and answered or failed
 * @param bypasses calls that the cache let pass, by reason
 * @param vetoes similar questions whose answer the verifier refused, by reason
 * @param shadowHits calls that would have been served a similar question's answer, had the tier been allowed to
 * @param explorations calls for which the model was asked to learn whether a similar question's answer is right
 * @param audits semantic hits for which the model was asked in the background, to compare
 * @param stored answers stored
 * @param notStored answers not stored, by reason
 * @param refreshes background refreshes started
 * @param failedRefreshes background refreshes that failed
 * @param evicted answers invalidated by id, version, source or predicate
 * @param sharedTierFailures times that the shared tier could not do its job
 * @param savedInputTokens input tokens of the answers served, as their first making cost
 * @param savedOutputTokens output tokens of the answers served, as their first making cost
 * @param savedMoney what these tokens cost by the price list, by currency
 * @param answers answers in this node's memory
 * @param bytes what they weigh, about, in bytes
 */
public record CacheStats(
        long exactHits,
        long sharedTierHits,
        long semanticHits,
        long joined,
        long staleHits,
        long servedOnError,
        long misses,
        Map<String, Long> bypasses,
        Map<String, Long> vetoes,
        long shadowHits,
        long explorations,
        long audits,
        long stored,
        Map<String, Long> notStored,
        long refreshes,
        long failedRefreshes,
        long evicted,
        long sharedTierFailures,
        long savedInputTokens,
        long savedOutputTokens,
        Map<String, BigDecimal> savedMoney,
        long answers,
        long bytes) {

    /** Copies the maps. */
    public CacheStats {
        bypasses = Map.copyOf(bypasses);
        vetoes = Map.copyOf(vetoes);
        notStored = Map.copyOf(notStored);
        savedMoney = Map.copyOf(savedMoney);
    }

    /** Calls that were served without asking the model for them. */
    public long served() {
        return exactHits + sharedTierHits + semanticHits + joined + staleHits + servedOnError;
    }

    /** The share of calls that were served among those that the cache may serve; 0 if there was none. */
    public double hitRate() {
        long all = served() + misses;
        return all == 0 ? 0 : (double) served() / all;
    }

    /** The counters in one line, for logs. */
    @Override
    public String toString() {
        return "CacheStats(served " + served() + " of " + (served() + misses) + ": exact " + exactHits
                + ", shared tier "
                + sharedTierHits + ", semantic " + semanticHits + ", joined " + joined + ", stale " + staleHits
                + ", on error " + servedOnError + "; bypasses " + new TreeMap<>(bypasses) + ", vetoes "
                + new TreeMap<>(vetoes) + ", not stored " + new TreeMap<>(notStored) + ", saved tokens "
                + (savedInputTokens + savedOutputTokens) + ", saved money " + new TreeMap<>(savedMoney) + ")";
    }
}
