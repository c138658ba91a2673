package io.github.flywheel4j.benchmarks.overhead;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The subjects of {@code bench overhead} as a JMH benchmark: each in a JVM of its own, which never saw the others. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class OverheadJmh {

    /** The key of the subject. */
    @Param({
        Subjects.BARE,
        Subjects.EMPTY,
        Subjects.LAYERS_1,
        Subjects.LAYERS_4,
        Subjects.LAYERS_10,
        Subjects.PEER_BARE,
        Subjects.PEER_BUILD_10,
        Subjects.PEER_10,
        Subjects.PEER_CLIENT_10,
        Subjects.STREAM + Subjects.BARE,
        Subjects.STREAM + Subjects.LAYERS_10
    })
    public String subject = Subjects.BARE;

    private Subjects subjects = new Subjects();
    private Rounds.Call call = () -> "";

    /** Created by JMH. */
    public OverheadJmh() {}

    /** Finds the subject. */
    @Setup
    public void find() {
        call = subjects.all().stream()
                .filter(candidate -> candidate.key().equals(subject))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "subject: " + subject + " (expected: one of " + subjects.keys() + ")"))
                .call();
    }

    /** One call. */
    @Benchmark
    public Object call() {
        return call.call();
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        subjects.close();
    }
}
