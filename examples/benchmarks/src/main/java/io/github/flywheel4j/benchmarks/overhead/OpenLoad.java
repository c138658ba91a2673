package io.github.flywheel4j.benchmarks.overhead;

import dev.langchain4j.model.chat.StreamingChatModel;
import io.github.flywheel4j.stats.ArrivalSchedule;
import io.github.flywheel4j.stats.LatencyRecorder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A load whose calls start at a constant rate whatever becomes of the calls before them; each latency counts from the
 * intended start, so that a stall is charged to every call that was meant to start in it.
 *
 * <p>One thread paces the load and, when the calls are blocking, makes them: on a machine of two cores a second one would
 * compete with what is measured. It does not sleep until the next call, because a sleeping thread wakes some 50 microseconds
 * late. For streams, which other threads deliver, it gives its processor away while it waits, as if the load came from
 * another machine.
 */
final class OpenLoad {

    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final double callsPerSecond;
    private final Blackhole blackhole;

    OpenLoad(double callsPerSecond, Blackhole blackhole) {
        this.callsPerSecond = callsPerSecond;
        this.blackhole = blackhole;
    }

    /** Blocking calls for so long; returns the rate that was reached, in calls a second. */
    double calls(Rounds.Call call, Duration duration, LatencyRecorder latencies) {
        int calls = count(duration);
        ArrivalSchedule schedule = ArrivalSchedule.perSecond(callsPerSecond, System.nanoTime());
        long end = schedule.startNanos();
        for (int i = 0; i < calls; i++) {
            long intended = schedule.intendedNanos(i);
            while (System.nanoTime() - intended < 0) {
                Thread.onSpinWait();
            }
            blackhole.consume(call.call());
            end = System.nanoTime();
            latencies.record(intended, end);
        }
        return calls * 1e9 / (end - schedule.startNanos());
    }

    /**
     * Streams for so long; returns the rate at which they were started.
     *
     * @throws IllegalStateException if a stream failed or did not end
     */
    double streams(StreamingChatModel model, Duration duration, LatencyRecorder latencies) throws InterruptedException {
        int calls = count(duration);
        CountDownLatch open = new CountDownLatch(calls);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        ArrivalSchedule schedule = ArrivalSchedule.perSecond(callsPerSecond, System.nanoTime());
        for (int i = 0; i < calls; i++) {
            long intended = schedule.intendedNanos(i);
            while (System.nanoTime() - intended < 0) {
                yieldToStreams();
            }
            model.chat(StubModel.REQUEST, new TimedStream((error, end) -> {
                if (error == null) {
                    latencies.record(intended, end);
                } else {
                    failure.compareAndSet(null, error);
                }
                open.countDown();
            }));
        }
        double rate = calls * 1e9 / (System.nanoTime() - schedule.startNanos());
        boolean ended = open.await(DRAIN.toNanos(), TimeUnit.NANOSECONDS);
        if (!ended || failure.get() != null) {
            throw new IllegalStateException(
                    ended ? "a stream failed" : open.getCount() + " of " + calls + " streams never ended",
                    failure.get());
        }
        return rate;
    }

    private int count(Duration duration) {
        return (int) Math.max(1, Math.round(callsPerSecond * duration.toNanos() / 1e9));
    }

    @SuppressWarnings("ThreadPriorityCheck") // yielding is the point
    private static void yieldToStreams() {
        Thread.yield();
    }
}
