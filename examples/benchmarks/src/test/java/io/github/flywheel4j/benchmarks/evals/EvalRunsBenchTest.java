package io.github.flywheel4j.benchmarks.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class EvalRunsBenchTest {

    @Test
    void gateHonestyHasAllItsFiguresAndIsTheSameForOneSeed() throws Exception {
        JsonNode figures = run(new GateHonestyBench(), "--runs", "5", "--seed", "3");

        assertThat(figures.fieldNames())
                .toIterable()
                .contains(
                        "type1_ours",
                        "type1_naive",
                        "type1_bootstrap",
                        "coverage_judge_corrected",
                        "coverage_judge_corrected_few_labels",
                        "coverage_prediction_powered_many_labels",
                        "coverage_judge_naive",
                        "power_at_5_points");
        assertThat(run(new GateHonestyBench(), "--runs", "5", "--seed", "3")).isEqualTo(figures);
    }

    @Test
    void nothingFinishedIsRepeatedAndShardsEqualTheWhole() throws Exception {
        JsonNode figures = run(new EvalSpeedBench(), "--cases", "400", "--workers", "8");

        assertThat(figures.get("ideal_seconds").asDouble()).isEqualTo(1.0);
        assertThat(figures.get("ratio").asDouble()).isGreaterThanOrEqualTo(1.0);
        assertThat(figures.get("repeated_after_kill").asLong()).isZero();
        assertThat(figures.get("shards_equal").asBoolean()).isTrue();
        assertThat(figures.get("heap_growth_mb").asDouble()).isBetween(-5.0, 10.0);
    }

    @Test
    void refuseNumbersOutOfRange() {
        assertThatThrownBy(() -> run(new GateHonestyBench(), "--runs", "0"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("--runs: 0");
        assertThatThrownBy(() -> run(new EvalSpeedBench(), "--workers", "0"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("--workers: 0");
    }

    private static JsonNode run(Bench bench, String... options) throws Exception {
        new CommandLine(bench).parseArgs(options);
        return new ObjectMapper()
                .readTree(bench.run(new PrintStream(OutputStream.nullOutputStream()))
                        .toJson());
    }
}
