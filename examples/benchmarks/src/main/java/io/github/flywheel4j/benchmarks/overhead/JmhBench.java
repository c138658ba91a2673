package io.github.flywheel4j.benchmarks.overhead;

import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import java.io.PrintStream;
import java.util.Collection;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the JMH benchmark of the same subjects, as a check on the bench's own loops. */
@Command(
        name = "jmh",
        description =
                "The calls of 'overhead' under JMH, each in a JVM of its own: a check on the figures of that bench.",
        sortOptions = false)
public final class JmhBench implements Bench {

    private static final int ITERATIONS = 5;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "measuring time of each subject, with as much again to warm up (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--subject",
            paramLabel = "KEY",
            defaultValue = "",
            description = "one subject only, such as layers_10")
    private String subject = "";

    /** Creates it with the options' defaults. */
    public JmhBench() {}

    @Override
    public Figures run(PrintStream table) throws Exception {
        if (seconds < 1 || seconds > 3600) {
            throw new BadInput("--seconds: " + seconds + " (expected: a whole number from 1 to 3600)");
        }
        TimeValue iteration = TimeValue.milliseconds(seconds * 1000L / ITERATIONS);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(OverheadJmh.class.getName())
                .addProfiler(GCProfiler.class)
                .warmupIterations(ITERATIONS)
                .warmupTime(iteration)
                .measurementIterations(ITERATIONS)
                .measurementTime(iteration)
                .shouldFailOnError(true);
        if (!subject.isEmpty()) {
            requireKnown(subject);
            options.param("subject", subject);
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        Figures figures = new Figures();
        Table rows = new Table("subject", "ns per call", "+/-", "bytes per call");
        for (RunResult result : results) {
            String key = result.getParams().getParam("subject");
            Result<?> time = result.getPrimaryResult();
            double bytes = Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                    .getScore();
            figures.put(key + "_ns", time.getScore()).put(key + "_bytes", bytes);
            rows.row(key, Table.number(time.getScore()), Table.number(time.getScoreError()), Table.number(bytes));
        }
        rows.print(table);
        return figures;
    }

    private static void requireKnown(String subject) {
        try (Subjects subjects = new Subjects()) {
            if (!subjects.keys().contains(subject)) {
                throw new BadInput(
                        "--subject: '" + subject + "' (expected: one of " + String.join(", ", subjects.keys()) + ")");
            }
        }
    }
}
