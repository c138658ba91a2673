package io.github.flywheel4j.benchmarks.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.flywheel4j.benchmarks.BadInput;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CacheSpeedBenchTest {

    @Test
    void hasAllItsFiguresAndFindsNearlyAllInASmallIndex() throws Exception {
        JsonNode figures =
                new ObjectMapper().readTree(bench("500").run(nowhere()).toJson());

        assertThat(figures.fieldNames())
                .toIterable()
                .contains(
                        "exact_hit_us",
                        "semantic_p50_us",
                        "semantic_p99_us",
                        "recall_at_1",
                        "recall_at_1_near",
                        "bytes_per_entry",
                        "build_seconds",
                        "brute_force_p50_us",
                        "in_memory_store_p50_us");
        assertThat(figures.get("recall_at_1").asDouble()).isGreaterThan(.97);
    }

    @Test
    void refusesANumberThatMakesNoSense() {
        assertThatThrownBy(() -> bench("99").run(nowhere()))
                .isInstanceOf(BadInput.class)
                .hasMessage("--entries: 99 (expected: a number from 100 to 2,000,000)");
    }

    private static PrintStream nowhere() {
        return new PrintStream(OutputStream.nullOutputStream());
    }

    private static CacheSpeedBench bench(String entries) {
        CacheSpeedBench bench = new CacheSpeedBench();
        new CommandLine(bench).parseArgs("--entries", entries);
        return bench;
    }
}
