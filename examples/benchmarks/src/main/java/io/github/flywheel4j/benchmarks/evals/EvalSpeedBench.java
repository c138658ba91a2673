package io.github.flywheel4j.benchmarks.evals;

import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.evals.CaseResult;
import io.github.flywheel4j.evals.Dataset;
import io.github.flywheel4j.evals.EvalReport;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.EvalRunner;
import io.github.flywheel4j.evals.Output;
import io.github.flywheel4j.evals.Shard;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How close the runner is to the time that the model alone needs, and what a kill and shards change. */
@Command(
        name = "eval-speed",
        description =
                "Time of a run over a stubbed model of 20 ms beside the ideal one; cases repeated after a kill; shards"
                        + " beside the run in one piece; memory.",
        sortOptions = false)
public final class EvalSpeedBench implements Bench {

    static final Duration LATENCY = Duration.ofMillis(20);

    private static final int MOST_CASES = 1_000_000;
    private static final int MOST_WORKERS = 10_000;
    private static final int SHARDS = 8;
    private static final int WARM_UP_CASES = 3_000;

    /** Threads that have just ended still hold what they worked on. */
    private static final Duration PAUSE = Duration.ofMillis(300);

    private static final double MEGABYTE = 1024 * 1024;

    @Option(names = "--cases", paramLabel = "N", defaultValue = "10000", description = "(default: ${DEFAULT-VALUE})")
    private int cases;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "64", description = "(default: ${DEFAULT-VALUE})")
    private int workers;

    /** Creates it with the options' defaults. */
    public EvalSpeedBench() {}

    @Override
    public Figures run(PrintStream out) throws Exception {
        within("--cases", cases, 10, MOST_CASES);
        within("--workers", workers, 1, MOST_WORKERS);
        Path folder = Files.createTempDirectory("flywheel4j-eval-speed");
        try {
            return measure(folder, out);
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private Figures measure(Path folder, PrintStream out) throws IOException, InterruptedException {
        // Classes and compiled code that a process pays for once, however many cases it runs.
        StubbedRun.run(
                StubbedRun.dataset(WARM_UP_CASES),
                Duration.ofMillis(1),
                runner().journal(folder.resolve("warm-up.jsonl")));
        Dataset dataset = StubbedRun.dataset(cases);
        long started = System.nanoTime();
        StubbedRun.run(dataset, LATENCY, runner().journal(folder.resolve("timed.jsonl")));
        double seconds = (System.nanoTime() - started) / 1e9;
        double ideal = ((cases + workers - 1) / workers) * LATENCY.toMillis() / 1e3;

        long repeated = repeatedAfterKill(folder.resolve("killed.jsonl"), dataset);
        boolean shardsEqual = shardsEqual(dataset, folder);
        HeapGrowth growth = heapGrowth(dataset);
        long left = retainedKilobytes(dataset);
        new Table("" + cases + " cases of 20 ms, " + workers + " workers", "")
                .row("seconds", Table.number(seconds))
                .row("ideal", Table.number(ideal))
                .row("finished cases asked again after a kill", String.valueOf(repeated))
                .row(SHARDS + " shards merge to the same bytes as one run", shardsEqual ? "yes" : "NO")
                .row("megabytes in use after " + growth.early + " cases", Table.number(growth.earlyBytes / MEGABYTE))
                .row("megabytes in use after " + cases + " cases", Table.number(growth.lateBytes / MEGABYTE))
                .row("bytes more for each result", Table.number(growth.perResult()))
                .row("kilobytes left when the run is forgotten", String.valueOf(left))
                .print(out);
        return new Figures()
                .put("cases", cases)
                .put("workers", workers)
                .put("seconds", seconds)
                .put("ideal_seconds", ideal)
                .put("ratio", seconds / ideal)
                .put("repeated_after_kill", repeated)
                .put("shards_equal", shardsEqual)
                .put("heap_growth_mb", (growth.lateBytes - growth.earlyBytes) / MEGABYTE)
                .put("bytes_per_result", growth.perResult())
                .put("retained_kb", left);
    }

    private EvalRunner.Builder runner() {
        return EvalRunner.builder().workers(workers);
    }

    /** Kills a process that runs the cases, lets another go on, and counts what was asked although it was finished. */
    private long repeatedAfterKill(Path journal, Dataset dataset) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                StubbedRun.class.getName(),
                journal.toString(),
                String.valueOf(cases),
                String.valueOf(workers));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process child = builder.start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            // It says each tenth of the cases; two of them are some, and not all.
            said.readLine();
            if (said.readLine() == null) {
                throw new IllegalStateException("the running process ended by itself, with " + child.waitFor());
            }
        } finally {
            child.toHandle().destroyForcibly();
            child.waitFor();
        }
        Set<String> finished = new HashSet<>();
        EvalRun.read(journal).results().forEach(result -> finished.add(result.caseId()));
        Set<String> asked = Collections.synchronizedSet(new HashSet<>());
        EvalRun resumed = StubbedRun.run(dataset, Duration.ZERO, runner().journal(journal), asked::add);
        if (resumed.results().size() != cases || finished.isEmpty()) {
            throw new IllegalStateException("after the kill there were " + finished.size() + " results, in the end "
                    + resumed.results().size());
        }
        asked.retainAll(finished);
        return asked.size();
    }

    /** Whether the files of the runs and their reports are equal, byte for byte. */
    private boolean shardsEqual(Dataset dataset, Path folder) throws IOException {
        EvalRun whole = timeless(StubbedRun.run(dataset, Duration.ZERO, timelessRunner()));
        List<EvalRun> shards = new ArrayList<>();
        for (int i = 1; i <= SHARDS; i++) {
            Path file = folder.resolve("shard-" + i + ".jsonl");
            StubbedRun.run(dataset, Duration.ZERO, timelessRunner().shard(Shard.of(i, SHARDS)))
                    .save(file);
            shards.add(EvalRun.read(file));
        }
        EvalRun merged = timeless(EvalRun.merge(shards));
        whole.save(folder.resolve("whole.jsonl"));
        merged.save(folder.resolve("merged.jsonl"));
        return Files.mismatch(folder.resolve("whole.jsonl"), folder.resolve("merged.jsonl")) < 0
                && EvalReport.of(dataset, merged)
                        .html()
                        .equals(EvalReport.of(dataset, whole).html());
    }

    /** Time stands still, since it would differ from run to run. */
    private EvalRunner.Builder timelessRunner() {
        return runner().clock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)).nanoTime(() -> 0);
    }

    /** Without the ids of the interactions, which are new in each run. */
    private static EvalRun timeless(EvalRun run) {
        return new EvalRun(
                run.info(), run.results().stream().map(EvalSpeedBench::timeless).toList());
    }

    private static CaseResult timeless(CaseResult result) {
        Output output = result.output();
        return new CaseResult(
                result.caseId(),
                result.repeat(),
                result.cluster(),
                result.slices(),
                output == null
                        ? null
                        : new Output(
                                output.text(),
                                output.toolCalls(),
                                output.retrieved(),
                                output.outcome(),
                                output.usage(),
                                output.cost(),
                                output.latency(),
                                null),
                result.error(),
                result.scores(),
                result.scorerErrors());
    }

    /** What is in use, after collections, when a tenth of the cases is done and when all are. */
    private static final class HeapGrowth {

        private final int cases;
        private final int early;
        private double earlyBytes;
        private double lateBytes;

        HeapGrowth(int cases) {
            this.cases = cases;
            this.early = cases / 10;
        }

        void at(int done) {
            if (done == early) {
                earlyBytes = usedBytes();
            } else if (done == cases) {
                lateBytes = usedBytes();
            }
        }

        double perResult() {
            return Math.max(0, (lateBytes - earlyBytes) / (cases - early));
        }
    }

    private HeapGrowth heapGrowth(Dataset dataset) {
        HeapGrowth growth = new HeapGrowth(cases);
        StubbedRun.run(dataset, Duration.ZERO, runner().listener((result, progress) -> growth.at(progress.done())));
        return growth;
    }

    private long retainedKilobytes(Dataset dataset) {
        StubbedRun.run(dataset, Duration.ZERO, runner());
        long before = usedBytes();
        for (int i = 0; i < 3; i++) {
            StubbedRun.run(dataset, Duration.ZERO, runner());
        }
        return (usedBytes() - before) / 1024;
    }

    private static long usedBytes() {
        LockSupport.parkNanos(PAUSE.toNanos());
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void within(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new BadInput(option + ": " + value + " (expected: a number from " + least + " to " + most + ")");
        }
    }
}
