package io.github.flywheel4j.benchmarks.overhead;

import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.stats.LatencyPercentiles;
import io.github.flywheel4j.stats.LatencyRecorder;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.Blackhole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What layers cost: time and memory per call one after the other, then latency under a steady load, each beside the bare
 * model in the same run.
 */
@Command(
        name = "overhead",
        description = "What layers that do nothing cost on a call, beside the bare model and beside Spring AI's advisor chain.",
        sortOptions = false)
public final class OverheadBench implements Bench {

    private static final double LEAST_SECONDS = 0.1;
    private static final double MOST_SECONDS = 3600;

    /** The load that the project's promises are stated for. */
    private static final double LOAD_PER_SECOND = 10_000;

    /** Slices alternate between the subjects of a load, so that a disturbance of the machine meets all alike. */
    private static final Duration SLICE = Duration.ofSeconds(1);

    /** The least for the compiler to finish with every subject; independent of the measuring time. */
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    private static final double SHARE_CALLS = 0.3;
    private static final double SHARE_STREAMS = 0.1;
    private static final double SHARE_LOAD = 0.25;
    private static final double SHARE_STREAM_LOAD = 0.35;

    private final Blackhole blackhole =
            new Blackhole("Today's password is swordfish. I understand instantiating Blackholes directly is dangerous.");

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "30",
            description = "measuring time of the whole bench, 0.1 to 3600; warming up comes on top and takes some"
                    + " 15 seconds; below 10 the figures are a smoke test (default: ${DEFAULT-VALUE})")
    private double seconds;

    private final Duration warmUp;

    /** Creates it with the options' defaults. */
    public OverheadBench() {
        this(WARM_UP);
    }

    private OverheadBench(Duration warmUp) {
        this.warmUp = warmUp;
    }

    /** For tests of everything but speed. */
    public static OverheadBench withoutWarmUp() {
        return new OverheadBench(Duration.ZERO);
    }

    @Override
    public Figures run(PrintStream out) throws Exception {
        if (!(seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS)) {
            throw new BadInput("--seconds: " + seconds + " (expected: a number from 0.1 to 3600)");
        }
        double loadBefore = systemLoad();
        Figures figures = new Figures();
        try (Subjects subjects = new Subjects()) {
            calls(subjects, figures, out);
            load(subjects, figures, out);
        }
        machine(figures, loadBefore, out);
        return figures;
    }

    private void calls(Subjects subjects, Figures figures, PrintStream out) {
        Rounds rounds = new Rounds(blackhole);
        progress("calls one after the other");
        List<Rounds.Result> calls = rounds.measure(subjects.blocking(), warmUp, share(SHARE_CALLS));
        progress("streams of " + StubStreamingModel.TOKENS + " tokens one after the other");
        List<Rounds.Result> streams = rounds.measure(subjects.streaming(), warmUp, share(SHARE_STREAMS));

        Table table = new Table("one after the other", "ns per call", "10 % of rounds <", "90 % of rounds <", "bytes per call");
        List<Rounds.Result> all = new ArrayList<>(calls);
        all.addAll(streams);
        for (Rounds.Result result : all) {
            figures.put(result.subject().key() + "_ns", result.nanos());
            table.row(
                    result.subject().label(),
                    Table.number(result.nanos()),
                    Table.number(result.nanosLow()),
                    Table.number(result.nanosHigh()),
                    Table.number(result.bytes()));
        }
        table.print(out);

        Map<String, Rounds.Result> byKey =
                calls.stream().collect(Collectors.toMap(result -> result.subject().key(), Function.identity()));
        figures.put("bytes_per_call_peer_10", byKey.get(Subjects.PEER_10).bytes());
    }

    private void load(Subjects subjects, Figures figures, PrintStream out) throws InterruptedException {
        OpenLoad load = new OpenLoad(LOAD_PER_SECOND, blackhole);
        List<Loaded> calls = new ArrayList<>();
        subjects.loaded().forEach((key, model) -> calls.add(new Loaded(
                "load_" + key,
                (duration, latencies) -> load.calls(() -> model.chat(StubModel.REQUEST), duration, latencies))));
        List<Loaded> streams = new ArrayList<>();
        subjects.loadedStreaming().forEach((key, model) -> streams.add(new Loaded(
                "stream_" + key, (duration, latencies) -> load.streams(model, duration, latencies))));

        progress("calls at " + (int) LOAD_PER_SECOND + " a second");
        double rate = inSlices(calls, share(SHARE_LOAD));
        progress("streams at " + (int) LOAD_PER_SECOND + " a second");
        double streamRate = inSlices(streams, share(SHARE_STREAM_LOAD));

        Table table = new Table(
                "at " + (int) LOAD_PER_SECOND + " a second", "calls", "p50 us", "p90 us", "p99 us", "p99.9 us", "max us");
        List<Loaded> all = new ArrayList<>(calls);
        all.addAll(streams);
        figures.put("load_rate", rate).put("stream_rate", streamRate);
        for (Loaded subject : all) {
            LatencyPercentiles latencies = subject.latencies().percentiles();
            figures.put(subject.key() + "_p50_us", latencies.p50Micros())
                    .put(subject.key() + "_p99_us", latencies.p99Micros())
                    .put(subject.key() + "_p999_us", latencies.p999Micros());
            table.row(
                    subject.key(),
                    String.valueOf(latencies.count()),
                    Table.number(latencies.p50Micros()),
                    Table.number(latencies.p90Micros()),
                    Table.number(latencies.p99Micros()),
                    Table.number(latencies.p999Micros()),
                    Table.number(latencies.maxMicros()));
        }
        table.print(out);
    }

    /** Runs the subjects in alternating slices, first to warm up, and returns the lowest rate that was reached. */
    private double inSlices(List<Loaded> subjects, Duration budget) throws InterruptedException {
        for (Loaded subject : subjects) {
            subject.load().run(warmUp.dividedBy(2L * subjects.size()), new LatencyRecorder());
        }
        long slices = Math.max(1, budget.toNanos() / (SLICE.toNanos() * subjects.size()));
        Duration slice = budget.dividedBy(slices * subjects.size());
        double lowest = Double.MAX_VALUE;
        for (long i = 0; i < slices; i++) {
            for (Loaded subject : subjects) {
                lowest = Math.min(lowest, subject.load().run(slice, subject.latencies()));
            }
        }
        return lowest;
    }

    /** A load for so long, which returns the rate that it reached. */
    @FunctionalInterface
    private interface Load {
        double run(Duration duration, LatencyRecorder latencies) throws InterruptedException;
    }

    private record Loaded(String key, Load load, LatencyRecorder latencies) {
        Loaded(String key, Load load) {
            this(key, load, new LatencyRecorder());
        }
    }

    private static void machine(Figures figures, double loadBefore, PrintStream out) {
        double loadAfter = systemLoad();
        out.printf(
                "Java %s, %d processors, system load average %.2f before and %.2f after.%n%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors(), loadBefore, loadAfter);
        figures.put("processors", Runtime.getRuntime().availableProcessors());
        figures.put("java", Runtime.version().toString());
        figures.put("system_load_before", loadBefore);
        figures.put("system_load_after", loadAfter);
    }

    private Duration share(double share) {
        return Duration.ofNanos(Math.round(seconds * share * 1e9));
    }

    private static double systemLoad() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static void progress(String phase) {
        System.err.println("overhead: " + phase);
    }
}
