package io.github.flywheel4j.caching;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.CallBlocked;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.LayerContractException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call on its way through the cache: served from what is there, along with others, or by the model. */
final class CachedCall {

    /** After a second leader in a row failed, the others believe it: a provider that is down is not asked once for each. */
    private static final int MOST_FAILURES = 2;

    private final CacheVisit visit;
    private final ResponseCache cache;
    private final ChatCall call;
    private final CacheKey key;
    private final HitServing hits;
    private final OtherWords otherWords;
    private final AnswerKeeping keeping;

    CachedCall(CacheVisit visit) {
        this.visit = visit;
        this.cache = visit.cache();
        this.call = visit.call();
        this.key = visit.key().exact();
        this.hits = new HitServing(visit);
        this.otherWords = new OtherWords(visit);
        this.keeping = new AnswerKeeping(visit, otherWords);
    }

    ChatResponse answer() {
        try {
            long since = cache.answers.epoch();
            int failures = 0;
            Flight before = null;
            while (true) {
                ReadyAnswer found = cache.answers.get(key);
                if (found != null && hits.mayServe(found)) {
                    return hits.serve(Flight.Landing.Found.asAsked(found, HitServing.EXACT, Map.of()), this::refresh);
                }
                Flight.Seat seat = new Flight.Seat(call.id());
                Flight mine = Flight.ledBy(seat, call, cache.answers.epoch(), cache.clock.instant());
                Supplier<Flight> choice = () -> cache.flights.board(key, seat, mine, since);
                Flight flight = before == null ? choice.get() : before.successor(choice);
                before = null;
                if (flight != mine && !flight.join(seat)) {
                    continue; // all had left it
                }
                Flight.Arrival arrival = flight == mine ? lead(seat, mine) : ride(flight, seat);
                if (flight != mine && isTakenBack(arrival.landing())) {
                    continue; // while the flight landed: this call may have come after that
                }
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

    private boolean isTakenBack(Flight.Landing landing) {
        return landing instanceof Flight.Landing.Found found
                && (cache.answers.get(found.entry().answer().filledBy()) == null
                        || otherWords.isKnownWrong(found.questions()));
    }

    private Flight.Arrival ride(Flight flight, Flight.Seat seat) {
        try {
            return flight.await(call);
        } finally {
            flight.leave(seat);
        }
    }

    private void land(Flight flight, Flight.Landing landing) {
        cache.flights.land(key, flight, landing);
    }

    private Flight.Arrival lead(Flight.Seat seat, Flight flight) {
        ReadyAnswer stale;
        @Nullable Lookup lookup;
        try {
            // Once more: between the first look and the begin of this flight another one may have landed.
            ReadyAnswer here = cache.answers.get(key);
            boolean isHere = hits.mayServe(here);
            ReadyAnswer found = isHere ? here : cache.answers.fetch(key, call);
            if (found != null && hits.mayServe(found)) {
                return landed(
                        flight,
                        Flight.Landing.Found.asAsked(found, isHere ? HitServing.EXACT : HitServing.SHARED, Map.of()));
            }
            stale = found == null ? here : found;
            lookup = otherWords.lookup(call);
            Flight.Landing.Found similar = otherWords.find(lookup);
            if (similar != null) {
                return landed(flight, similar);
            }
            otherWords.noteMiss(lookup);
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
    private Flight.Landing ask(ChatCall inner, Flight flight, @Nullable Lookup lookup, @Nullable ReadyAnswer stale) {
        try {
            int before = inner.trace().decisions().size();
            ChatResponse answer = visit.next().proceed(inner);
            Flight.Seat owner = flight.settleOwner();
            List<Decision> decisions = inner.trace().decisions();
            keeping.keep(inner, answer, decisions.subList(before, decisions.size()), flight, lookup);
            return new Flight.Landing.Fresh(answer, owner);
        } catch (Throwable e) {
            boolean isOver = isOver(inner);
            if (stale != null
                    && !isOver
                    && !flight.wasHeard()
                    && mayExcuse(e)
                    && hits.mayServeOnError(stale)
                    && cache.answers.get(stale.answer().filledBy()) != null) { // else it was taken back meanwhile
                return Flight.Landing.Found.asAsked(
                        stale, HitServing.ON_ERROR, Map.of("error", e.getClass().getName()));
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
            return hits.serve(found, this::refresh);
        }
        Flight.Landing.Fresh fresh = (Flight.Landing.Fresh) landing;
        if (fresh.owner() == seat) {
            cache.counters.misses.increment();
            return fresh.answer();
        }
        return hits.serve(fresh);
    }

    /** Asks the model for a new answer in the background, unless somebody does already. */
    private void refresh() {
        // An id of its own: no interaction made this answer, and feedback on the call is on what it was served.
        UUID id = UUID.nameUUIDFromBytes(("refresh by " + call.id()).getBytes(StandardCharsets.UTF_8));
        Flight flight = Flight.unheard(new Flight.Seat(id), cache.answers.epoch(), cache.clock.instant());
        if (!cache.flights.begin(key, flight)) {
            return;
        }
        cache.counters.refreshes.increment();
        ChatCall inner = visit.inBackground();
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
            lookup = otherWords.embed(inner); // the new answer takes the old one's place
        } catch (RuntimeException | Error e) {
            lookup = null;
        }
        return ask(inner, flight, lookup, null);
    }

    private static RuntimeException asItIs(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }
}
