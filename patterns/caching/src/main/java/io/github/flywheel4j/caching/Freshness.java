package io.github.flywheel4j.caching;

import java.time.Duration;

/**
 * What may be done with an answer of some age.
 *
 * @param timeToLive how long an answer is fresh at most
 * @param whileRevalidate how long past its time it is served while it is refreshed
 * @param ifError how long past its time it is served if the model fails
 * @param refreshAhead the last share of its time in which it is refreshed before it is stale
 */
record Freshness(Duration timeToLive, Duration whileRevalidate, Duration ifError, double refreshAhead) {

    /** What to do with an answer that is asked for. */
    enum Use {
        SERVE,
        SERVE_AND_REFRESH,
        SERVE_STALE_AND_REFRESH,
        ASK_THE_MODEL
    }

    /** @param left until it is stale, in milliseconds; negative past its time */
    Use use(long left) {
        if (left > 0) {
            return left < refreshAhead * timeToLive.toMillis() ? Use.SERVE_AND_REFRESH : Use.SERVE;
        }
        return -left < whileRevalidate.toMillis() ? Use.SERVE_STALE_AND_REFRESH : Use.ASK_THE_MODEL;
    }

    /** Whether an answer may be served because the model failed. */
    boolean isUsableOnError(long left) {
        return -left < ifError.toMillis();
    }
}
