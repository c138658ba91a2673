package io.github.flywheel4j.benchmarks.overhead;

import com.sun.management.ThreadMXBean;
import io.github.flywheel4j.stats.Quantiles;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Times several subjects against each other, one call after the other, in rounds: each round runs a batch of every subject,
 * beginning with another one each time, so that a disturbance of the machine meets all alike. The figure of a subject is
 * the median of its rounds.
 *
 * <p>All subjects are called through one interface in one loop, so the compiler sees them all and inlines none of them into
 * the loop; JMH's {@link Blackhole} takes each result, so that no call is optimised away.
 */
final class Rounds {

    /** One call of a subject. */
    @FunctionalInterface
    interface Call {
        Object call();
    }

    /**
     * What is measured, and the name of its figure.
     *
     * @param key names it in the figures, without a unit
     * @param label names it in the table
     * @param call one call
     */
    record Subject(String key, String label, Call call) {}

    /**
     * What was measured.
     *
     * @param nanos nanoseconds per call, the median of the rounds
     * @param nanosLow the round that a tenth of the rounds went below
     * @param nanosHigh the round that a tenth of the rounds went above
     * @param bytes allocated by the calling thread per call, the median of the rounds
     */
    record Result(Subject subject, double nanos, double nanosLow, double nanosHigh, double bytes) {}

    /** Long against the resolution of the clock, short against the disturbances of a shared machine. */
    private static final Duration BATCH = Duration.ofMillis(10);

    private static final int LEAST_ROUNDS = 5;

    private static final int MOST_CALLS = 1 << 28;

    private static final int WARM_UP_STEPS = 5;

    /** The compiler never falls quite silent, so the warm-up has an end all the same. */
    private static final int MOST_WARM_UPS = 4;

    /** The compiler rests when it works for less than this share of a step. */
    private static final double COMPILER_RESTS = 0.02;

    /** A subject is steady when a step takes it more than this share of the time of the step before. */
    private static final double STEADY = 0.8;

    private final Blackhole blackhole;
    private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    Rounds(Blackhole blackhole) {
        this.blackhole = blackhole;
    }

    /**
     * Warms all subjects up, then measures them for about the budget, in at least five rounds.
     *
     * @param warmUp the least time to warm up; it takes up to four times as long while calls get faster
     */
    List<Result> measure(List<Subject> subjects, Duration warmUp, Duration budget) {
        int[] batches = warmUp(subjects, warmUp);
        int rounds = (int) Math.max(LEAST_ROUNDS, budget.toNanos() / (BATCH.toNanos() * subjects.size()));
        double[][] nanos = new double[subjects.size()][rounds];
        double[][] bytes = new double[subjects.size()][rounds];
        long thread = Thread.currentThread().getId();
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < subjects.size(); turn++) {
                int subject = (round + turn) % subjects.size();
                int calls = batches[subject];
                long bytesBefore = threads.getThreadAllocatedBytes(thread);
                long elapsed = batch(subjects.get(subject).call(), calls);
                bytes[subject][round] = (double) (threads.getThreadAllocatedBytes(thread) - bytesBefore) / calls;
                nanos[subject][round] = (double) elapsed / calls;
            }
        }
        List<Result> results = new ArrayList<>();
        for (int subject = 0; subject < subjects.size(); subject++) {
            results.add(new Result(
                    subjects.get(subject),
                    Quantiles.median(nanos[subject]),
                    Quantiles.quantile(nanos[subject], 0.1),
                    Quantiles.quantile(nanos[subject], 0.9),
                    Quantiles.median(bytes[subject])));
        }
        return results;
    }

    /**
     * Runs the subjects in turns until the compiler rests and none of them gets faster any more, and tells how many calls of
     * each fill a batch. On a busy machine the compiler's threads fall behind, and a fixed time would measure code that is
     * not compiled yet.
     */
    private int[] warmUp(List<Subject> subjects, Duration warmUp) {
        int[] batches = new int[subjects.size()];
        Arrays.fill(batches, 1);
        double[] nanosBefore = new double[subjects.size()];
        Arrays.fill(nanosBefore, Double.MAX_VALUE);
        long start = System.nanoTime();
        boolean settled;
        long elapsed;
        do {
            long stepStart = System.nanoTime();
            long compiledBefore = compiler.getTotalCompilationTime();
            double[] nanos = new double[subjects.size()];
            do {
                for (int subject = 0; subject < batches.length; subject++) {
                    long batchNanos = batch(subjects.get(subject).call(), batches[subject]);
                    nanos[subject] = (double) batchNanos / batches[subject];
                    batches[subject] = fill(batches[subject], batchNanos);
                }
            } while (System.nanoTime() - stepStart < warmUp.toNanos() / WARM_UP_STEPS);
            long compiling = TimeUnit.MILLISECONDS.toNanos(compiler.getTotalCompilationTime() - compiledBefore);
            long now = System.nanoTime();
            settled = compiling < COMPILER_RESTS * (now - stepStart);
            for (int subject = 0; subject < nanos.length; subject++) {
                settled &= nanos[subject] > STEADY * nanosBefore[subject];
            }
            nanosBefore = nanos;
            elapsed = now - start;
        } while (elapsed < warmUp.toNanos() || (!settled && elapsed < MOST_WARM_UPS * warmUp.toNanos()));
        return batches;
    }

    /** The calls that should fill a batch, at most doubled: the first calls, still interpreted, say little of the next. */
    private static int fill(int calls, long elapsed) {
        double factor = (double) BATCH.toNanos() / Math.max(1, elapsed);
        return (int) Math.max(1, Math.min(calls * Math.min(factor, 2), MOST_CALLS));
    }

    private long batch(Call call, int calls) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            blackhole.consume(call.call());
        }
        return System.nanoTime() - start;
    }
}
