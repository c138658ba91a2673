package io.github.flywheel4j.caching;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.Cancellation;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ResponseStream;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One answer in the making, for all the equal calls that wait for it. Where its leader streams, the model is asked on a
 * thread that belongs to no caller: a caller that leaves ends nothing, and the last one to leave ends the model's call.
 *
 * <p>Thread-safe and stateful: it lands once.
 */
final class Flight {

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Seat> aboard = new LinkedHashSet<>();
    private final Set<UUID> calls = new LinkedHashSet<>();
    private final Seat leader;
    private final long epoch;
    private final Instant begin;
    private final @Nullable FlightLog log;
    private final CompletableFuture<Landing> landing = new CompletableFuture<>();
    private @Nullable Cancellation work;
    private @Nullable Seat owner;
    private @Nullable Flight successor;
    private boolean isAbandoned;
    private boolean isTakenBack;

    /** One wait for the answer; a call has two where a layer further out passes it on twice. */
    static final class Seat {

        private final UUID call;

        Seat(UUID call) {
            this.call = call;
        }

        /** The id of the call that waits. */
        UUID call() {
            return call;
        }
    }

    /** How a flight ended. */
    sealed interface Landing {

        /** With an answer that the model made for it, and whose it is. */
        record Fresh(ChatResponse answer, Seat owner) implements Landing {}

        /**
         * With an answer that was there, where it was, and what else is to be said of it.
         *
         * @param questions the two questions where it was made for another one; else null
         */
        record Found(ReadyAnswer entry, String tier, Map<String, Object> facts, KnownWrong.@Nullable Pair questions)
                implements Landing {

            static Found asAsked(ReadyAnswer entry, String tier, Map<String, Object> facts) {
                return new Found(entry, tier, facts, null);
            }
        }

        /** With a failure; one that is its leader's own, such as a cancellation, says nothing about the next try. */
        record Failed(Throwable error, boolean isLeadersOwn) implements Landing {}
    }

    private Flight(Seat leader, long epoch, Instant begin, @Nullable FlightLog log) {
        this.leader = leader;
        this.epoch = epoch;
        this.begin = begin;
        this.log = log;
        aboard.add(leader);
        calls.add(leader.call());
    }

    /** A flight that a call leads; it is streamed if the call is. */
    static Flight ledBy(Seat leader, ChatCall call, long epoch, Instant begin) {
        return new Flight(leader, epoch, begin, call.stream().isLive() ? new FlightLog() : null);
    }

    /** A flight of which its leader hears nothing: the refresh of a stored answer. */
    static Flight unheard(Seat leader, long epoch, Instant begin) {
        return new Flight(leader, epoch, begin, null);
    }

    /** In which epoch it began: its answer is stored in no other one, and heard by no call that began in a later one. */
    long epoch() {
        return epoch;
    }

    /** When it began, before the model is asked. */
    Instant begin() {
        return begin;
    }

    /** Where the answer is streamed to. */
    ResponseStream stream() {
        return log == null ? ResponseStream.NONE : log;
    }

    /** Whether somebody may have heard a part of the answer, so that no other one can take its place. */
    boolean wasHeard() {
        return log != null && log.hasContent();
    }

    /** What ends the model's call when nobody is left aboard. */
    void endsWith(Cancellation work) {
        lock.lock();
        try {
            this.work = work;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a call aboard, if it is not yet; false if all had left before. */
    boolean join(Seat seat) {
        lock.lock();
        try {
            if (!isAbandoned) {
                aboard.add(seat);
                calls.add(seat.call());
            }
            return !isAbandoned;
        } finally {
            lock.unlock();
        }
    }

    /** The flight on which all go on that were aboard when this one failed: the first of them chooses it. */
    Flight successor(Supplier<Flight> choice) {
        lock.lock();
        try {
            Flight chosen = successor == null ? choice.get() : successor;
            successor = chosen;
            return chosen;
        } finally {
            lock.unlock();
        }
    }

    /** The calls that wait for the answer, and those that left: they may have heard enough of it to know that it is wrong. */
    List<UUID> calls() {
        lock.lock();
        try {
            return List.copyOf(calls);
        } finally {
            lock.unlock();
        }
    }

    /** Notes that the answer of a call is taken back before it is whole; nothing happens if the call is not one of these. */
    void takeBack(UUID call) {
        lock.lock();
        try {
            isTakenBack |= calls.contains(call);
        } finally {
            lock.unlock();
        }
    }

    boolean isTakenBack() {
        lock.lock();
        try {
            return isTakenBack;
        } finally {
            lock.unlock();
        }
    }

    /** How many wait for the answer. */
    int aboard() {
        lock.lock();
        try {
            return aboard.size();
        } finally {
            lock.unlock();
        }
    }

    /** Lets a call go; when nobody is left, the model's call ends. */
    void leave(Seat seat) {
        Cancellation unwanted = null;
        lock.lock();
        try {
            aboard.remove(seat);
            if (aboard.isEmpty() && !landing.isDone()) {
                isAbandoned = true;
                unwanted = work;
            }
        } finally {
            lock.unlock();
        }
        if (unwanted != null) {
            unwanted.cancel("nobody waits for the answer any more");
        }
    }

    /**
     * Says whose answer it is, from now on: the leader's, or, if it left, the call's that has waited longest. The answer's
     * tokens count there and nowhere else.
     */
    Seat settleOwner() {
        lock.lock();
        try {
            if (owner == null) {
                owner = aboard.isEmpty() ? leader : aboard.iterator().next();
            }
            return owner;
        } finally {
            lock.unlock();
        }
    }

    void land(Landing result) {
        landing.complete(result);
        if (log != null) {
            log.close();
        }
    }

    /**
     * Waits for the end, and streams along to the call meanwhile if it streams.
     *
     * @return how the flight ended, and whether the call heard a part of the answer
     */
    Arrival await(ChatCall call) {
        if (log == null || !call.stream().isLive()) {
            return new Arrival(call.await(landing.copy()), false);
        }
        int heard = 0;
        while (true) {
            boolean landed = landing.isDone(); // before the log is read: nothing comes after
            for (Consumer<ResponseStream> event : log.from(heard)) {
                event.accept(call.stream());
                heard++;
            }
            if (landed) {
                return new Arrival(landing.join(), wasHeard());
            }
            call.await(log.moreThan(heard));
        }
    }

    /** The end of a flight as one call sees it. */
    record Arrival(Landing landing, boolean heard) {}
}
