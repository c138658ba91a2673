package io.github.flywheel4j.benchmarks.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    @Test
    void weightedIntervalsHoldTheTruthMoreOftenThanNaiveOnes() throws Exception {
        JsonNode figures = run(new EstimatesBench(), "--runs", "6", "--seed", "3");

        assertThat(figures.fieldNames())
                .toIterable()
                .contains("coverage_weighted", "coverage_naive", "bias_weighted", "bias_naive");
        assertThat(figures.get("bias_naive").asDouble()).isGreaterThan(0.1);
        assertThat(Math.abs(figures.get("bias_weighted").asDouble())).isLessThan(0.06);
        assertThat(figures.get("coverage_weighted").asDouble())
                .isGreaterThan(figures.get("coverage_naive").asDouble());
    }

    @Test
    void equalSeedsGiveEqualEstimates() throws Exception {
        assertThat(run(new EstimatesBench(), "--runs", "2", "--seed", "5"))
                .isEqualTo(run(new EstimatesBench(), "--runs", "2", "--seed", "5"));
    }

    /** By hand: all three say the same of two answers; two say two things of the third; the fourth has one rating. */
    @Test
    void ratersMakeVerdictsOnlyWhereTheyAgree(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("ratings.jsonl"), """
            {"question":"q","answer":"a","ratings":["Excellent","Acceptable","Excellent"],"reasons":[]}
            {"ratings":["Bad","Bad"]}

            {"ratings":["Bad","Could be Improved"]}
            {"ratings":["Acceptable"]}
            """);

        JsonNode figures = run(new RatersBench(), "--file", file.toString());

        assertThat(figures.get("answers").asInt()).isEqualTo(4);
        assertThat(figures.get("raters").asInt()).isEqualTo(3);
        assertThat(figures.get("verdicts").asInt()).isEqualTo(2);
        assertThat(figures.get("undecided").asInt()).isEqualTo(2);
        assertThat(figures.get("alpha").asDouble()).isBetween(0.5, 1.0);
        assertThat(figures.get("kappa_weighted").asDouble()).isBetween(0.5, 1.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "no JSON", "{}", "{\"ratings\":[]}", "{\"ratings\":[\"Fine\"]}", "{\"ratings\":\"Bad\"}"})
    void refusesAFileThatHasNoRatings(String text, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("ratings.jsonl"), text);

        assertThatThrownBy(() -> run(new RatersBench(), "--file", file.toString()))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("expected:");
        assertThatThrownBy(() ->
                        run(new RatersBench(), "--file", folder.resolve("none").toString()))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("no such file");
    }

    private static JsonNode run(Bench bench, String... options) throws Exception {
        new CommandLine(bench).parseArgs(options);
        return new ObjectMapper()
                .readTree(bench.run(new PrintStream(OutputStream.nullOutputStream()))
                        .toJson());
    }
}
