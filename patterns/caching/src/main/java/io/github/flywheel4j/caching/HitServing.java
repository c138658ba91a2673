package io.github.flywheel4j.caching;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.Cost;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Serves a call what is there: whether it may be served, what is said of it, and what it saved. */
record HitServing(CacheVisit visit) {

    /** Where an answer was found. */
    static final String EXACT = "exact";

    static final String SHARED = "shared";
    static final String SEMANTIC = "semantic";
    static final String ON_ERROR = "error";
    private static final String FLIGHT = "flight";

    /** Whether an answer may be served without asking the model first. */
    boolean mayServe(@Nullable ReadyAnswer entry) {
        return entry != null && use(entry, now()) != Freshness.Use.ASK_THE_MODEL;
    }

    boolean mayServeOnError(@Nullable ReadyAnswer entry) {
        return entry != null && visit.cache().freshness.isUsableOnError(entry.freshUntil() - now());
    }

    private long now() {
        return visit.cache().clock.millis();
    }

    private Freshness.Use use(ReadyAnswer entry, long now) {
        return visit.cache().freshness.use(entry.freshUntil() - now);
    }

    /**
     * Serves an answer that is there.
     *
     * @param refresh asks the model for a new one in the background
     */
    ChatResponse serve(Flight.Landing.Found found, Runnable refresh) {
        ReadyAnswer entry = found.entry();
        String tier = found.tier();
        long now = now();
        Freshness.Use use = use(entry, now);
        boolean onError = tier.equals(ON_ERROR);
        boolean stale = onError || use == Freshness.Use.SERVE_STALE_AND_REFRESH;
        StoredAnswer answer = entry.answer();
        Duration age = Duration.ofMillis(Math.max(0, now - answer.filledAt().toEpochMilli()));
        Map<String, Object> facts = facts(tier, answer.filledBy());
        facts.put("ageSeconds", age.toSeconds());
        facts.putAll(found.facts());
        addSavings(facts, answer.model(), answer.usage());
        visit.decided(stale ? "stale" : "hit", facts);
        count(tier, stale);
        visit.cache().answers.served(visit.id(), new ServedAnswers.Again(answer.filledBy(), found.questions()));
        if (!onError && (stale || use == Freshness.Use.SERVE_AND_REFRESH) && !tier.equals(SEMANTIC)) {
            refresh.run();
        }
        ChatResponse response = AnswerInfo.note(entry.response(), Served.note(age));
        return onError ? AnswerInfo.degraded(response, "the model failed, and this answer is past its time") : response;
    }

    /** Serves the answer that another call got at the same time. */
    ChatResponse serve(Flight.Landing.Fresh fresh) {
        visit.cache().counters.joined.increment();
        UUID origin = fresh.owner().call();
        Map<String, Object> facts = facts(FLIGHT, origin);
        addSavings(facts, fresh.answer().modelName(), fresh.answer().tokenUsage());
        visit.decided("hit", facts);
        visit.cache().answers.served(visit.id(), ServedAnswers.Again.asAsked(origin));
        return Served.shared(fresh.answer(), origin);
    }

    private void count(String tier, boolean stale) {
        CacheCounters counters = visit.cache().counters;
        if (tier.equals(ON_ERROR)) {
            counters.servedOnError.increment();
        } else if (stale) {
            counters.staleHits.increment();
        } else if (tier.equals(SEMANTIC)) {
            counters.semanticHits.increment();
        } else if (tier.equals(SHARED)) {
            counters.sharedTierHits.increment();
        } else {
            counters.exactHits.increment();
        }
    }

    private static Map<String, Object> facts(String tier, UUID origin) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("tier", tier);
        facts.put(CacheVisit.ANSWER_FROM, origin.toString());
        return facts;
    }

    private void addSavings(Map<String, Object> facts, @Nullable String model, @Nullable TokenUsage usage) {
        if (usage == null) {
            return;
        }
        if (usage.inputTokenCount() != null) {
            facts.put("savedInputTokens", usage.inputTokenCount());
        }
        if (usage.outputTokenCount() != null) {
            facts.put("savedOutputTokens", usage.outputTokenCount());
        }
        Cost cost =
                model == null ? null : visit.cache().prices.cost(model, usage).orElse(null);
        if (cost != null) {
            facts.put("savedCost", cost.amount());
            facts.put("currency", cost.currency());
        }
        visit.cache().counters.saved(usage, cost);
    }
}
