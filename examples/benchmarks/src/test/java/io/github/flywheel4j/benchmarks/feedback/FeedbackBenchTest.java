package io.github.flywheel4j.benchmarks.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.flywheel4j.benchmarks.Bench;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FeedbackBenchTest {

    @Test
    void captureHasAllItsFiguresAndDropsNothing() throws Exception {
        JsonNode figures = run(new CaptureBench(), "--seconds", "0.4");

        assertThat(figures.fieldNames())
                .toIterable()
                .contains(
                        "call_p50_us",
                        "call_p99_us",
                        "events_per_second",
                        "bytes_per_event",
                        "peer_events_per_second",
                        "dropped");
        assertThat(figures.get("dropped").asLong()).isZero();
        assertThat(figures.get("bytes_per_event").asDouble()).isBetween(500.0, 3_000.0);
    }

    @Test
    void nothingThatWasAcknowledgedIsMissingAfterAKill() throws Exception {
        JsonNode figures = run(new DurabilityBench(), "--kills", "2");

        assertThat(figures.get("store").asText()).isEqualTo("jsonl");
        assertThat(figures.get("missing").asLong()).isZero();
        assertThat(figures.get("unreadable_files").asLong()).isZero();
    }

    private static JsonNode run(Bench bench, String... options) throws Exception {
        new CommandLine(bench).parseArgs(options);
        return new ObjectMapper()
                .readTree(bench.run(new PrintStream(OutputStream.nullOutputStream()))
                        .toJson());
    }
}
