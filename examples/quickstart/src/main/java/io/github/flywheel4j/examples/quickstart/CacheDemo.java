package io.github.flywheel4j.examples.quickstart;

import io.github.flywheel4j.caching.ResponseCache;
import java.util.List;

/**
 * Four questions that show what the cache serves and what it refuses. What came of each is told by the call's own decisions,
 * as for any other question; none of the four is among the pairs that the cache learned from.
 */
final class CacheDemo {

    record Step(String what, String question) {}

    static final List<Step> STEPS = List.of(
            new Step("A question.", "Why does the input stage come before the cache?"),
            new Step("The same question again.", "Why does the input stage come before the cache?"),
            new Step("The same in other words.", "Why is the input stage before the cache?"),
            new Step(
                    "A near miss: two words became their opposites.",
                    "Why does the output stage come after the cache?"));

    private CacheDemo() {}

    /** Asks them in turn; 0 if each was answered or declined. */
    static int run(Assistant assistant, ResponseCache cache, Display display, int pairs) throws InterruptedException {
        display.title("Other words are served after %d judged pairs, while at most %d of 100 such answers are wrong."
                .formatted(pairs, Math.round(100 * OtherWords.TOLERANCE)));
        int status = 0;
        for (Step step : STEPS) {
            display.heading(step.what());
            status = Math.max(status, assistant.answer(step.question()));
        }
        display.cache(cache.stats());
        return status;
    }
}
