package io.github.flywheel4j.caching;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallBlocked;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.Cost;
import io.github.flywheel4j.Deadline;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.LayerContractException;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.ResponseStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call on its way through the cache: served from what is there, along with others, or by the model. */
final class CachedCall {

    private static final Logger LOG = LoggerFactory.getLogger(CachedCall.class);

    /** After a second leader in a row failed, the others believe it: a provider that is down is not asked once for each. */
    private static final int MOST_FAILURES = 2;

    private static final String EXACT = "exact";
    private static final String SHARED = "shared";
    private static final String SEMANTIC = "semantic";
    private static final String FLIGHT = "flight";
    private static final String ON_ERROR = "error";

    /** By this fact feedback on a repeated answer finds the interaction in which it was made. */
    private static final String ANSWER_FROM = "answerFrom";

    /** The interaction whose answer was considered and not served. */
    private static final String CANDIDATE = "candidate";

    private final ResponseCache cache;
    private final ChatCall call;
    private final Next next;
    private final RequestKey.Of key;
    private final long start;

    /** @param start when the layer began to look at the call, in {@link System#nanoTime()} */
    CachedCall(ResponseCache cache, ChatCall call, Next next, RequestKey.Of key, long start) {
        this.cache = cache;
        this.call = call;
        this.next = next;
        this.key = key;
        this.start = start;
    }

    ChatResponse answer() {
        try {
            int failures = 0;
            Flight before = null;
            while (true) {
                LocalAnswers.Entry found = cache.answers.get(key.exact());
                long now = found == null ? 0 : cache.clock.millis();
                if (found != null && use(found, now) != Freshness.Use.ASK_THE_MODEL) {
                    return serve(found, now, EXACT, Map.of());
                }
                Flight.Seat seat = new Flight.Seat(call.id());
                Flight mine = Flight.ledBy(seat, call);
                Flight flight = before == null ? board(seat, mine) : before.successor(() -> board(seat, mine));
                before = null;
                if (flight != mine && !flight.join(seat)) {
                    continue; // all had left it
                }
                Flight.Arrival arrival = flight == mine ? lead(seat, mine) : ride(flight, seat);
                if (!(arrival.landing() instanceof Flight.Landing.Failed failed)) {
                    return arrived(seat, arrival.landing());
                }
                boolean isOver = flight == mine || arrival.heard();
                if (isOver || (!failed.isLeadersOwn() && ++failures == MOST_FAILURES)) {
                    throw asItIs(failed.error());
                }
                before = flight;
            }
        } catch (RuntimeException | Error e) {
            cache.counters.misses.increment();
            throw e;
        }
    }

    // ---------------------------------------------------------------- equal calls

    /** The flight to this answer: one that is under way, else the call's own. */
    private Flight board(Flight.Seat seat, Flight mine) {
        while (true) {
            Flight present = cache.flights.putIfAbsent(key.exact(), mine);
            if (present == null) {
                return mine;
            }
            if (present.join(seat)) {
                return present;
            }
            cache.flights.remove(key.exact(), present); // all had left it
        }
    }

    private Flight.Arrival ride(Flight flight, Flight.Seat seat) {
        try {
            return flight.await(call);
        } finally {
            flight.leave(seat);
        }
    }

    /** Leaves the way free before those who wait are woken, so that none of them finds it taken. */
    private void land(Flight flight, Flight.Landing landing) {
        cache.flights.remove(key.exact(), flight);
        flight.land(landing);
    }

    private Flight.Arrival lead(Flight.Seat seat, Flight flight) {
        LocalAnswers.Entry stale;
        @Nullable Lookup lookup;
        try {
            // Once more: between the first look and the begin of this flight another one may have landed.
            LocalAnswers.Entry here = cache.answers.get(key.exact());
            boolean isHere = here != null && use(here, cache.clock.millis()) != Freshness.Use.ASK_THE_MODEL;
            LocalAnswers.Entry found = isHere ? here : cache.answers.fetch(key.exact(), call.context());
            if (found != null && use(found, cache.clock.millis()) != Freshness.Use.ASK_THE_MODEL) {
                return landed(flight, new Flight.Landing.Found(found, isHere ? EXACT : SHARED, Map.of()));
            }
            stale = found == null ? here : found;
            lookup = lookup();
            Flight.Landing.Found similar = lookup instanceof Lookup.Hit hit ? find(hit) : null;
            if (similar != null) {
                return landed(flight, similar);
            }
            recordMiss(lookup);
        } catch (RuntimeException | Error e) {
            land(flight, new Flight.Landing.Failed(e, isOver(call)));
            throw e;
        }
        if (!call.stream().isLive()) {
            return landed(flight, ask(call, flight, lookup, stale));
        }
        ChatCall detached = call.detached(flight.stream());
        flight.endsWith(detached.cancellation());
        try {
            Future<?> unused = call.submit(() -> {
                land(flight, ask(detached, flight, lookup, stale));
                return flight;
            });
        } catch (RuntimeException | Error e) {
            land(flight, new Flight.Landing.Failed(e, true));
            throw e;
        }
        return ride(flight, seat);
    }

    private Flight.Arrival landed(Flight flight, Flight.Landing landing) {
        land(flight, landing);
        return new Flight.Arrival(landing, false);
    }

    /** Asks the model on behalf of all aboard. Never throws: a failure is how the flight lands. */
    private Flight.Landing ask(
            ChatCall inner, Flight flight, @Nullable Lookup lookup, LocalAnswers.@Nullable Entry stale) {
        try {
            long epoch = cache.answers.epoch();
            int before = inner.trace().decisions().size();
            ChatResponse answer = next.proceed(inner);
            Flight.Seat owner = flight.settleOwner();
            List<Decision> decisions = inner.trace().decisions();
            keep(inner, answer, decisions.subList(before, decisions.size()), owner.call(), epoch, lookup);
            return new Flight.Landing.Fresh(answer, owner);
        } catch (Throwable e) {
            boolean isOver = isOver(inner);
            if (stale != null && !isOver && !flight.wasHeard() && mayExcuse(e) && isUsableOnError(stale)) {
                return new Flight.Landing.Found(
                        stale, ON_ERROR, Map.of("error", e.getClass().getName()));
            }
            return new Flight.Landing.Failed(e, isOver);
        }
    }

    /** Whether a failure is the call's own end, which says nothing about the model. */
    private static boolean isOver(ChatCall call) {
        return call.cancellation().isCancelled() || call.deadline().isExpired();
    }

    /** A refusal is an answer, and a broken layer no bad luck. */
    private static boolean mayExcuse(Throwable failure) {
        return failure instanceof RuntimeException
                && !(failure instanceof CallBlocked)
                && !(failure instanceof LayerContractException);
    }

    private ChatResponse arrived(Flight.Seat seat, Flight.Landing landing) {
        if (landing instanceof Flight.Landing.Found found) {
            return serve(found.entry(), cache.clock.millis(), found.tier(), found.facts());
        }
        Flight.Landing.Fresh fresh = (Flight.Landing.Fresh) landing;
        if (fresh.owner() == seat) {
            cache.counters.misses.increment();
            return fresh.answer();
        }
        cache.counters.joined.increment();
        UUID origin = fresh.owner().call();
        Map<String, Object> facts = facts(FLIGHT, origin);
        addSavings(facts, fresh.answer().modelName(), fresh.answer().tokenUsage());
        call.trace().record(cache.name(), "hit", facts, took());
        cache.answers.served(call.id(), ServedAnswers.Again.asAsked(origin));
        return Served.shared(fresh.answer(), origin);
    }

    // ---------------------------------------------------------------- what is there

    private Freshness.Use use(LocalAnswers.Entry entry, long now) {
        return cache.freshness.use(entry.freshUntil() - now);
    }

    private boolean isUsableOnError(LocalAnswers.Entry entry) {
        return cache.freshness.isUsableOnError(entry.freshUntil() - cache.clock.millis());
    }

    private ChatResponse serve(LocalAnswers.Entry entry, long now, String tier, Map<String, Object> more) {
        Freshness.Use use = use(entry, now);
        boolean onError = tier.equals(ON_ERROR);
        boolean stale = onError || use == Freshness.Use.SERVE_STALE_AND_REFRESH;
        StoredAnswer answer = entry.answer();
        Duration age = Duration.ofMillis(Math.max(0, now - answer.filledAt().toEpochMilli()));
        Map<String, Object> facts = facts(tier, answer.filledBy());
        facts.put("ageSeconds", age.toSeconds());
        facts.putAll(more);
        addSavings(facts, answer.model(), answer.usage());
        call.trace().record(cache.name(), stale ? "stale" : "hit", facts, took());
        count(tier, stale);
        cache.answers.served(
                call.id(),
                tier.equals(SEMANTIC) && key.question() != null
                        ? new ServedAnswers.Again(answer.filledBy(), key.exact(), key.question())
                        : ServedAnswers.Again.asAsked(answer.filledBy()));
        if (!onError && (stale || use == Freshness.Use.SERVE_AND_REFRESH) && !tier.equals(SEMANTIC)) {
            refresh();
        }
        ChatResponse response = AnswerInfo.note(entry.response(), Served.note(age));
        return onError ? AnswerInfo.degraded(response, "the model failed, and this answer is past its time") : response;
    }

    private void count(String tier, boolean stale) {
        CacheCounters counters = cache.counters;
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
        facts.put(ANSWER_FROM, origin.toString());
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
        Cost cost = model == null ? null : cache.prices.cost(model, usage).orElse(null);
        if (cost != null) {
            facts.put("savedCost", cost.amount());
            facts.put("currency", cost.currency());
        }
        cache.counters.saved(usage, cost);
    }

    private Duration took() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    // ---------------------------------------------------------------- other words

    private @Nullable Lookup lookup() {
        SemanticTier semantic = cache.semantic;
        Partition partition = key.partition();
        String question = key.question();
        // Its embedding model and its store may be far away.
        return semantic == null || partition == null || question == null
                ? null
                : call.interruptibly(() -> semantic.lookup(partition, question));
    }

    /** The answer of a hit, if it is still there and fresh. */
    private Flight.Landing.@Nullable Found find(Lookup.Hit hit) {
        LocalAnswers.Entry entry = cache.answers.get(hit.candidate().entry());
        if (entry == null) {
            if (cache.semantic != null) {
                cache.semantic.remove(hit.candidate().entry());
            }
            return null;
        }
        if (entry.freshUntil() <= cache.clock.millis()) {
            return null;
        }
        if (cache.answers.isKnownWrong(key.exact(), hit.candidate().entry())) {
            veto(hit.candidate().entry(), hit.candidate().similarity(), "known wrong");
            return null;
        }
        if (hit.wantsJudgement()) {
            audit(hit, entry.answer());
        }
        return new Flight.Landing.Found(entry, SEMANTIC, facts(hit.candidate()));
    }

    private static Map<String, Object> facts(Lookup.Candidate candidate) {
        return Map.of("similarity", candidate.similarity(), "probability", candidate.probability());
    }

    private void recordMiss(@Nullable Lookup lookup) {
        if (lookup instanceof Lookup.Vetoed vetoed) {
            veto(vetoed.entry(), vetoed.similarity(), word(vetoed.reason()));
        } else if (lookup instanceof Lookup.Shadow shadow) {
            cache.counters.shadowHits.increment();
            recordCandidate("shadow", shadow.candidate());
        } else if (lookup instanceof Lookup.Explore explore) {
            cache.counters.explorations.increment();
            recordCandidate("explore", explore.candidate());
        }
        call.trace().record(cache.name(), "miss", Map.of(), took());
    }

    private void recordCandidate(String outcome, Lookup.Candidate candidate) {
        Map<String, Object> facts = new LinkedHashMap<>(facts(candidate));
        facts.put(CANDIDATE, candidate.entry().toString());
        call.trace().record(cache.name(), outcome, facts, Duration.ZERO);
    }

    private static String word(Veto.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void veto(UUID entry, double similarity, String reason) {
        cache.counters.veto(reason);
        Map<String, Object> facts = Map.of("reason", reason, "similarity", similarity, CANDIDATE, entry.toString());
        call.trace().record(cache.name(), "veto", facts, Duration.ZERO);
    }

    // ---------------------------------------------------------------- what is kept

    /** Stores what may be stored. A failure here is not the caller's: there is an answer. */
    private void keep(
            ChatCall inner,
            ChatResponse response,
            List<Decision> decisions,
            UUID filledBy,
            long epoch,
            @Nullable Lookup lookup) {
        String objection;
        try {
            StoredAnswer answer = toStore(response, decisions, filledBy);
            objection = cache.storable.objection(response, answer, decisions);
            if (objection == null) {
                if (cache.answers.put(key.exact(), answer, call.context(), epoch)) {
                    cache.counters.stored.increment();
                    if (lookup != null && cache.semantic != null && key.partition() != null && key.question() != null) {
                        cache.semantic.put(key.partition(), key.question(), lookup, filledBy);
                    }
                } else {
                    objection = "invalidated meanwhile";
                }
                learn(lookup, answer);
            }
        } catch (RuntimeException e) {
            LOG.warn("an answer could not be stored; the call goes on", e);
            objection = "failure";
        }
        if (objection != null) {
            cache.counters.notStored(objection);
        }
        inner.trace()
                .record(
                        cache.name(),
                        objection == null ? "stored" : "not stored",
                        objection == null ? Map.of() : Map.of("reason", objection),
                        Duration.ZERO);
    }

    private StoredAnswer toStore(ChatResponse response, List<Decision> decisions, UUID filledBy) {
        Instant now = cache.clock.instant();
        String model = response.modelName() == null ? call.parameters().modelName() : response.modelName();
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
                now,
                cache.answers.freshUntil(now),
                cache.keys.knowledgeVersion(call),
                sources);
    }

    /** Lets the semantic tier compare the answer with the one that it would have served. */
    private void learn(@Nullable Lookup lookup, StoredAnswer fresh) {
        Lookup.Candidate candidate = lookup == null ? null : lookup.candidate();
        if (lookup != null && candidate != null && lookup.wantsJudgement()) {
            LocalAnswers.Entry cached = cache.answers.get(candidate.entry());
            if (cached != null) {
                compare(lookup, cached.answer(), fresh.text());
            }
        }
    }

    private void compare(Lookup lookup, StoredAnswer cached, String fresh) {
        if (cache.semantic != null && key.question() != null) {
            cache.semantic.answered(lookup, key.question(), cached.text(), fresh);
        }
    }

    // ---------------------------------------------------------------- in the background

    private void refresh() {
        // An id of its own: no interaction made this answer, and feedback on the call is on what it was served.
        UUID id = UUID.nameUUIDFromBytes(("refresh by " + call.id()).getBytes(StandardCharsets.UTF_8));
        Flight flight = Flight.unheard(new Flight.Seat(id));
        if (cache.flights.putIfAbsent(key.exact(), flight) != null) {
            return;
        }
        cache.counters.refreshes.increment();
        ChatCall inner = inBackground();
        flight.endsWith(inner.cancellation());
        try {
            Future<?> unused = call.submit(() -> {
                Flight.Landing landing = askAgain(inner, flight);
                if (landing instanceof Flight.Landing.Failed) {
                    cache.counters.failedRefreshes.increment();
                }
                land(flight, landing);
                return flight;
            });
        } catch (RuntimeException | Error e) {
            cache.counters.failedRefreshes.increment();
            land(flight, new Flight.Landing.Failed(e, true));
        }
    }

    private Flight.Landing askAgain(ChatCall inner, Flight flight) {
        @Nullable Lookup lookup;
        try {
            lookup = lookup(); // for its embedding: the new answer takes the old one's place
        } catch (RuntimeException e) {
            lookup = null;
        }
        return ask(inner, flight, lookup, null);
    }

    private void audit(Lookup.Hit hit, StoredAnswer served) {
        cache.counters.audits.increment();
        ChatCall inner = inBackground();
        try {
            Future<?> unused = call.submit(() -> {
                ChatResponse fresh = next.proceed(inner);
                List<Decision> decisions = inner.trace().decisions();
                StoredAnswer answer = toStore(fresh, decisions, call.id());
                if (cache.storable.objection(fresh, answer, decisions) == null) {
                    compare(hit, served, answer.text());
                }
                return true;
            });
        } catch (RuntimeException e) {
            LOG.debug("a semantic hit could not be audited", e);
        }
    }

    private ChatCall inBackground() {
        return call.detached(ResponseStream.NONE).withDeadline(Deadline.after(cache.backgroundTimeout));
    }

    private static RuntimeException asItIs(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }
}
