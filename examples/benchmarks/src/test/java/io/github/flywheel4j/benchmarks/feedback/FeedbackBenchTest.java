package io.github.flywheel4j.benchmarks.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    @ParameterizedTest
    @ValueSource(strings = {"jsonl", "h2", "postgres"})
    void nothingThatWasAcknowledgedIsMissingAfterAKill(String store) throws Exception {
        nothingIsMissing(store);
    }

    /** The broker alone is away for ten seconds. */
    @Test
    @Tag("slow")
    void nothingThatWasAcknowledgedIsMissingAfterABrokerWasAway() throws Exception {
        nothingIsMissing("kafka");
    }

    @Test
    void namesTheStoresThatItKnows() {
        assertThatThrownBy(() -> run(new DurabilityBench(), "--store", "paper"))
                .isInstanceOf(BadInput.class)
                .hasMessage("--store: 'paper' (expected: jsonl, h2, postgres or kafka)");
    }

    private static void nothingIsMissing(String store) throws Exception {
        JsonNode figures = run(new DurabilityBench(), "--kills", "2", "--store", store);

        assertThat(figures.get("store").asText()).isEqualTo(store);
        assertThat(figures.get("acknowledged").asLong()).isPositive();
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
