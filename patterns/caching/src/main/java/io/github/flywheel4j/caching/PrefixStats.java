package io.github.flywheel4j.caching;

/**
 * What a provider's own prompt cache did for the calls that passed a {@link StablePrefix}; a snapshot, whose counters were read
 * one after the other while calls went on.
 *
 * @param calls calls that were answered
 * @param reported those of them whose provider said how many tokens it had cached, also if it said none
 * @param inputTokens input tokens of the reported ones
 * @param cachedTokens those of them that the provider took from its cache
 * @param cacheWriteTokens tokens that it wrote to its cache, where it says so
 */
public record PrefixStats(long calls, long reported, long inputTokens, long cachedTokens, long cacheWriteTokens) {

    /** The share of the input tokens that came from the provider's cache; 0 if no call reported. */
    public double cachedShare() {
        return inputTokens == 0 ? 0 : (double) cachedTokens / inputTokens;
    }
}
