package io.github.flywheel4j.feedback;

import java.util.List;
import java.util.function.Predicate;

/**
 * Where events go. A lambda is a sink.
 *
 * <pre>{@code
 * FeedbackSink sink = event -> log.add(event.toJson());
 * }</pre>
 *
 * <p>The contract:
 * <ul>
 *   <li>When {@link #accept} returns, the sink has taken the event, as safely as it promises.
 *   <li>When it throws, it may or may not have; the event is offered again if an {@link AsyncSink} stands before it. So a
 *       sink must not mind an event that it has already: {@link FeedbackEvent#eventId()} tells.
 *   <li>An {@link IllegalArgumentException} says that this event will never be taken; it is not offered again.
 *   <li>A sink that is used without an {@link AsyncSink} is called by several threads.
 * </ul>
 */
@FunctionalInterface
public interface FeedbackSink extends AutoCloseable {

    /** Takes an event. */
    void accept(FeedbackEvent event);

    /**
     * Takes several events, in order; equal to taking one after the other, but a sink may do it at the cost of one. If it
     * throws, any of them may have been taken.
     */
    default void acceptAll(List<FeedbackEvent> events) {
        events.forEach(this::accept);
    }

    /**
     * Whether taking an event may wait: for a disk, a network, a lock. True unless told. {@link Capture} calls a sink that
     * never waits on the thread that makes the answer, any other through the queue of its stack.
     */
    default boolean waits() {
        return true;
    }

    /** Makes what was taken as safe as the sink can; does nothing unless told. */
    default void flush() {}

    /** Flushes, and frees what the sink holds; does nothing unless told. May be called twice. */
    @Override
    default void close() {}

    /** This sink, for some events only; the others are left out and not counted. */
    default FeedbackSink filter(Predicate<? super FeedbackEvent> some) {
        return new FilteringSink(this, some);
    }

    /**
     * One sink for several: each gets every event, also when another one throws. What the first one threw is thrown, with
     * what the others threw suppressed; then the event is offered again to all of them. A refusal
     * ({@link IllegalArgumentException}) is thrown only if nobody threw anything else. Where one sink must not hold up
     * another, put an {@link AsyncSink} before each.
     */
    static FeedbackSink all(FeedbackSink... sinks) {
        return new CompositeSink(List.of(sinks));
    }
}
