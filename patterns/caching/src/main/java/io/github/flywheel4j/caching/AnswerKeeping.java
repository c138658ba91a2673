package io.github.flywheel4j.caching;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what the model said, if it may be kept. */
record AnswerKeeping(CacheVisit visit, OtherWords otherWords) {

    private static final Logger LOG = LoggerFactory.getLogger(AnswerKeeping.class);

    /** An answer as it would be stored, and why it must not be; null if it may. */
    record Made(StoredAnswer answer, @Nullable String objection) {}

    /**
     * The answer as it would be stored.
     *
     * @param decisions what the layers further in decided about it
     * @param asked when the model was asked, or a moment before
     */
    static Made made(CacheVisit visit, ChatResponse response, List<Decision> decisions, UUID filledBy, Instant asked) {
        StoredAnswer answer = toStore(visit, response, decisions, filledBy, asked);
        return new Made(answer, visit.cache().storable.objection(response, answer, decisions));
    }

    /**
     * Stores what may be stored, and lets the semantic tier learn from it. A failure here is not the caller's: there is an
     * answer.
     *
     * @param flight for which the model was asked; it has an owner
     */
    void keep(ChatCall inner, ChatResponse response, List<Decision> decisions, Flight flight, @Nullable Lookup lookup) {
        String objection;
        try {
            Made made = made(visit, response, decisions, flight.settleOwner().call(), flight.begin());
            objection = made.objection() == null ? put(made.answer(), flight, lookup) : made.objection();
        } catch (RuntimeException e) {
            LOG.warn("an answer could not be stored; the call goes on", e);
            objection = "failure";
        }
        if (objection != null) {
            visit.cache().counters.notStored(objection);
        }
        inner.trace()
                .record(
                        visit.cache().name(),
                        objection == null ? "stored" : "not stored",
                        objection == null ? Map.of() : Map.of("reason", objection),
                        Duration.ZERO);
    }

    private @Nullable String put(StoredAnswer answer, Flight flight, @Nullable Lookup lookup) {
        ResponseCache cache = visit.cache();
        boolean stored =
                cache.answers.put(visit.key().exact(), answer, visit.call().context(), flight.epoch(), flight.calls());
        if (stored) {
            cache.counters.stored.increment();
            otherWords.put(lookup, answer.filledBy());
        }
        otherWords.learn(lookup, answer);
        return stored ? null : "invalidated meanwhile";
    }

    private static StoredAnswer toStore(
            CacheVisit visit, ChatResponse response, List<Decision> decisions, UUID filledBy, Instant asked) {
        String model = response.modelName() == null ? visit.call().parameters().modelName() : response.modelName();
        List<String> sources = new ArrayList<>();
        for (Decision decision : decisions) {
            if (decision.facts().get(ResponseCache.SOURCES) instanceof List<?> ids) {
                ids.forEach(id -> sources.add(String.valueOf(id)));
            }
        }
        return new StoredAnswer(
                response.aiMessage(),
                response.finishReason(),
                response.tokenUsage(),
                model == null ? "" : model,
                filledBy,
                asked, // what was taken back while the model answered may be what it rests on
                visit.cache().answers.freshUntil(visit.cache().clock.instant()),
                visit.key().knowledgeVersions(),
                sources);
    }
}
