package io.github.flywheel4j.caching;

import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The flights under way, at most one for each key that a new call may board. One that began before answers were taken back goes
 * on for those aboard, and another takes its place: its answer may rest on what is no longer so.
 *
 * <p>Thread-safe.
 */
final class Flights {

    private final ConcurrentHashMap<CacheKey, Flight> underWay = new ConcurrentHashMap<>();

    /**
     * The flight to an answer: one under way that the call may board, else its own.
     *
     * @param since the epoch in which the call began; no flight of an earlier one is boarded
     */
    Flight board(CacheKey key, Flight.Seat seat, Flight mine, long since) {
        while (true) {
            Flight present = underWay.putIfAbsent(key, mine);
            if (present == null) {
                return mine;
            }
            if (present.epoch() >= since && !present.isTakenBack() && present.join(seat)) {
                return present;
            }
            if (underWay.replace(key, present, mine)) { // its answer is taken back already, or all had left it
                return mine;
            }
        }
    }

    /** Begins a flight, unless one of its epoch or a later one is under way. */
    boolean begin(CacheKey key, Flight mine) {
        Flight chosen = underWay.merge(key, mine, (present, unused) -> present.epoch() < mine.epoch() ? mine : present);
        return chosen == mine;
    }

    /** Leaves the way free before those who wait are woken, so that none of them finds it taken. */
    void land(CacheKey key, Flight flight, Flight.Landing landing) {
        underWay.remove(key, flight);
        flight.land(landing);
    }

    /** Nobody boards a flight any more on which a call is whose answer is taken back. */
    void takeBack(UUID call) {
        underWay.values().forEach(flight -> flight.takeBack(call));
    }

    boolean isEmpty() {
        return underWay.isEmpty();
    }

    Collection<Flight> underWay() {
        return underWay.values();
    }
}
