package io.github.flywheel4j.caching;

import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.Deadline;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.ResponseStream;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * A call that came to a cache.
 *
 * @param next the rest of the stack
 * @param key what the call is known by
 * @param start when the layer began to look at it, in {@link System#nanoTime()}
 */
record CacheVisit(ResponseCache cache, ChatCall call, Next next, RequestKey.Of key, long start) {

    /** By this fact feedback on a repeated answer finds the interaction in which it was made. */
    static final String ANSWER_FROM = "answerFrom";

    UUID id() {
        return call.id();
    }

    /** Notes the decision of the call, with the time that it took. */
    void decided(String outcome, Map<String, Object> facts) {
        call.trace().record(cache.name(), outcome, facts, Duration.ofNanos(System.nanoTime() - start));
    }

    /** Notes something beside the decision. */
    void noted(String outcome, Map<String, Object> facts) {
        call.trace().record(cache.name(), outcome, facts, Duration.ZERO);
    }

    /** The same call for a model call that its caller neither hears nor waits for. */
    ChatCall inBackground() {
        return call.detached(ResponseStream.NONE).withDeadline(Deadline.after(cache.backgroundTimeout));
    }
}
