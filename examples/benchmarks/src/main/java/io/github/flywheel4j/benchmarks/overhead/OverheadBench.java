package io.github.flywheel4j.benchmarks.overhead;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.stats.LatencyPercentiles;
import io.github.flywheel4j.stats.LatencyRecorder;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.infra.Blackhole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What layers cost: time and memory per call one after the other, then latency under a steady load, each beside the bare
 * model in the same run.
 */
@Command(
        name = "overhead",
        description =
                "What layers that do nothing cost on a call, beside the bare model and beside Spring AI's advisor chain.",
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

    /** From this share of other processes on, the upper percentiles of two equal models differ from run to run. */
    private static final double BUSY = 0.05;

    private static final double SHARE_CALLS = 0.3;
    private static final double SHARE_STREAMS = 0.1;
    private static final double SHARE_LOAD = 0.25;
    private static final double SHARE_STREAM_LOAD = 0.35;

    private final Blackhole blackhole = new Blackhole(
            "Today's password is swordfish. I understand instantiating Blackholes directly is dangerous.");

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
        OtherProcesses others = new OtherProcesses();
        double loadAverage = others.loadAverage();
        Figures figures = new Figures();
        try (Subjects subjects = new Subjects()) {
            calls(subjects, figures, out);
            double duringCalls = others.shareSinceLastAsked();
            load(subjects, figures, out);
            machine(figures, loadAverage, duringCalls, others.shareSinceLastAsked(), out);
        }
        return figures;
    }

    private void calls(Subjects subjects, Figures figures, PrintStream out) {
        Rounds rounds = new Rounds(blackhole);
        progress("calls one after the other");
        List<Rounds.Result> calls = rounds.measure(subjects.blocking(), warmUp, share(SHARE_CALLS));
        progress("streams of " + StubStreamingModel.TOKENS + " tokens one after the other");
        List<Rounds.Result> streams = rounds.measure(subjects.streaming(), warmUp, share(SHARE_STREAMS));

        Table table = new Table(
                "one after the other", "ns per call", "10 % of rounds <", "90 % of rounds <", "bytes per call");
        List<Rounds.Result> all = new ArrayList<>(calls);
        all.addAll(streams);
        for (Rounds.Result result : all) {
            figures.put(result.subject().key() + "_ns", result.nanos());
            table.row(
                    result.subject().label(),
                    Table.number(result.nanos()),
                    Table.number(result.nanosLow()),
                    Table.number(result.nanosHigh()),
                    // Of a stream the calling thread allocates only the beginning.
                    calls.contains(result) ? Table.number(result.bytes()) : "");
        }
        table.print(out);

        Rounds.Result ten = find(calls, Subjects.LAYERS_10);
        Rounds.Result peer = find(calls, Subjects.PEER_10);
        double added = ten.nanos() - find(calls, Subjects.BARE).nanos();
        figures.put("bytes_per_call_10", ten.bytes())
                .put("bytes_per_call_peer_10", peer.bytes())
                .put("added_10_ns", added)
                .put("ratio_to_peer_10", ten.nanos() / peer.nanos())
                .put(
                        "ratio_to_peer_client_10",
                        ten.nanos() / find(calls, Subjects.PEER_CLIENT_10).nanos());
        out.printf(
                Locale.ROOT,
                "Ten layers add %.0f ns to a call (promised: under 1,000), %.3f of what ten empty advisors of Spring AI"
                        + " need (promised: under 1).%n%n",
                added,
                ten.nanos() / peer.nanos());
    }

    private static Rounds.Result find(List<Rounds.Result> results, String key) {
        return results.stream()
                .filter(result -> result.subject().key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private void load(Subjects subjects, Figures figures, PrintStream out) throws InterruptedException {
        OpenLoad load = new OpenLoad(LOAD_PER_SECOND, blackhole);
        List<Loaded> calls = List.of(
                calls(load, "load_bare", "calls, bare model", subjects.bareModel()),
                calls(load, "load", "calls, 10 layers", subjects.tenLayers()));
        List<Loaded> streams = List.of(
                streams(load, "stream_bare", "streams, bare model", subjects.bareStreamingModel()),
                streams(load, "stream_10", "streams, 10 layers", subjects.tenLayersStreaming()));

        progress("calls at " + (int) LOAD_PER_SECOND + " a second");
        double rate = inSlices(calls, share(SHARE_LOAD));
        progress("streams at " + (int) LOAD_PER_SECOND + " a second");
        double streamRate = inSlices(streams, share(SHARE_STREAM_LOAD));

        Table table = new Table(
                "at " + (int) LOAD_PER_SECOND + " a second",
                "calls",
                "p50 us",
                "p90 us",
                "p99 us",
                "p99.9 us",
                "max us");
        List<Loaded> all = new ArrayList<>(calls);
        all.addAll(streams);
        figures.put("load_rate", rate).put("stream_rate", streamRate);
        for (Loaded subject : all) {
            LatencyPercentiles latencies = subject.latencies().percentiles();
            figures.put(subject.key() + "_p50_us", latencies.p50Micros())
                    .put(subject.key() + "_p99_us", latencies.p99Micros())
                    .put(subject.key() + "_p999_us", latencies.p999Micros());
            table.row(
                    subject.label(),
                    String.valueOf(latencies.count()),
                    Table.number(latencies.p50Micros()),
                    Table.number(latencies.p90Micros()),
                    Table.number(latencies.p99Micros()),
                    Table.number(latencies.p999Micros()),
                    Table.number(latencies.maxMicros()));
        }
        table.print(out);

        LatencyPercentiles ten = streams.get(1).latencies().percentiles();
        LatencyPercentiles bare = streams.get(0).latencies().percentiles();
        double addedMedian = ten.p50Micros() - bare.p50Micros();
        double addedP99 = ten.p99Micros() - bare.p99Micros();
        figures.put("stream_added_p50_us", addedMedian).put("stream_added_p99_us", addedP99);
        out.printf(
                Locale.ROOT,
                "Ten layers: p99 of a call %.1f us (promised: under 100); added to a stream %.1f us at the median"
                        + " (promised: under 50) and %.1f us at p99 (promised: under 300).%n%n",
                calls.get(1).latencies().percentiles().p99Micros(),
                addedMedian,
                addedP99);
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

    private record Loaded(String key, String label, Load load, LatencyRecorder latencies) {}

    private static Loaded calls(OpenLoad load, String key, String label, ChatModel model) {
        return new Loaded(
                key,
                label,
                (duration, latencies) -> load.calls(() -> model.chat(StubModel.REQUEST), duration, latencies),
                new LatencyRecorder());
    }

    private static Loaded streams(OpenLoad load, String key, String label, StreamingChatModel model) {
        return new Loaded(
                key, label, (duration, latencies) -> load.streams(model, duration, latencies), new LatencyRecorder());
    }

    private static void machine(
            Figures figures, double loadAverage, double othersDuringCalls, double othersDuringLoad, PrintStream out) {
        int processors = Runtime.getRuntime().availableProcessors();
        out.printf(
                Locale.ROOT,
                "Java %s, %d processors, load average %.2f at the start. Other processes used %.1f %% of the machine while"
                        + " calls ran one after the other, %.1f %% under load.%n%n",
                Runtime.version(),
                processors,
                loadAverage,
                100 * othersDuringCalls,
                100 * othersDuringLoad);
        if (othersDuringLoad > BUSY) {
            out.printf("The machine was busy: what is above the median under load is the scheduler's, not the stack's."
                    + " Run it again when the machine is quiet.%n%n");
        }
        figures.put("java", Runtime.version().toString())
                .put("processors", processors)
                .put("load_average_at_start", loadAverage)
                .put("other_processes_during_calls", othersDuringCalls)
                .put("other_processes_during_load", othersDuringLoad);
    }

    private Duration share(double share) {
        return Duration.ofNanos(Math.round(seconds * share * 1e9));
    }

    private static void progress(String phase) {
        System.err.println("overhead: " + phase);
    }
}
