package io.github.flywheel4j.benchmarks.evals;

import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.evals.CaseResult;
import io.github.flywheel4j.evals.Dataset;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.EvalRunner;
import io.github.flywheel4j.evals.Shard;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    private static final int PAUSE_MILLIS = 300;

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
        EvalRun run = StubbedRun.run(dataset, LATENCY, runner().journal(folder.resolve("timed.jsonl")));
        double seconds = (System.nanoTime() - started) / 1e9;
        double ideal = ((cases + workers - 1) / workers) * LATENCY.toMillis() / 1e3;

        long repeated = repeatedAfterKill(folder.resolve("killed.jsonl"), dataset);
        boolean shardsEqual = shardsEqual(dataset, run);
        double bytesPerResult = bytesPerResult(dataset);
        long left = retainedKilobytes(dataset);
        new Table("" + cases + " cases of 20 ms, " + workers + " workers", "")
                .row("seconds", Table.number(seconds))
                .row("ideal", Table.number(ideal))
                .row("finished cases asked again after a kill", String.valueOf(repeated))
                .row(SHARDS + " shards equal the run in one piece", shardsEqual ? "yes" : "NO")
                .row("bytes of memory for a result", Table.number(bytesPerResult))
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
                .put("bytes_per_result", bytesPerResult)
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

    private boolean shardsEqual(Dataset dataset, EvalRun whole) {
        List<EvalRun> shards = new ArrayList<>();
        for (int i = 1; i <= SHARDS; i++) {
            shards.add(StubbedRun.run(dataset, Duration.ZERO, runner().shard(Shard.of(i, SHARDS))));
        }
        EvalRun merged = EvalRun.merge(shards);
        return merged.summary().metrics().equals(whole.summary().metrics())
                && merged.results().stream()
                        .map(EvalSpeedBench::timeless)
                        .toList()
                        .equals(whole.results().stream()
                                .map(EvalSpeedBench::timeless)
                                .toList());
    }

    /** A result without what is different each time. */
    private static List<Object> timeless(CaseResult result) {
        return List.of(
                result.caseId(),
                result.repeat(),
                result.cluster(),
                result.slices(),
                result.output() == null ? "" : result.output().text(),
                result.scores(),
                result.scorerErrors());
    }

    private double bytesPerResult(Dataset dataset) throws InterruptedException {
        long before = usedBytes();
        EvalRun run = StubbedRun.run(dataset, Duration.ZERO, runner());
        double bytes = (double) (usedBytes() - before) / run.results().size();
        return Math.max(0, bytes);
    }

    private long retainedKilobytes(Dataset dataset) throws InterruptedException {
        StubbedRun.run(dataset, Duration.ZERO, runner());
        long before = usedBytes();
        for (int i = 0; i < 3; i++) {
            StubbedRun.run(dataset, Duration.ZERO, runner());
        }
        return (usedBytes() - before) / 1024;
    }

    private static long usedBytes() throws InterruptedException {
        Thread.sleep(PAUSE_MILLIS);
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
