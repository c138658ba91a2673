package io.github.flywheel4j.benchmarks.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.flywheel4j.benchmarks.BadInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class StatsParityBenchTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream table = new ByteArrayOutputStream();

    /** One of each kind, with published figures. */
    private static final String ALL = """
            {"generator": "a text book",
             "mcnemar": [{"b": 4, "c": 16, "exact_p": 0.01181793212890625, "chi2_cc": 6.05, "chi2_cc_p": 0.0139062969}],
             "binomial_ci": [{"k": 81, "n": 263, "wilson": [0.2552885, 0.3662096], "wilson_cc": [0.2535087, 0.3681762],
                              "clopper_pearson": [0.2527367, 0.3676219]}],
             "fisher_2x2": [{"table": [[3, 1], [1, 3]], "odds": 9, "p": 0.4857142857},
                            {"table": [[4, 0], [3, 5]], "odds": Infinity, "p": 0.0808080808}],
             "paired": {"x": [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30],
                        "y": [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29],
                        "ttest_rel": {"t": 3.0353754, "p": 0.0161766},
                        "wilcoxon": {"stat": 5, "p": 0.0390625, "method": "exact"},
                        "pearson": 0.8478765, "spearman": 0.6470817, "kendall_tau_b": 0.5144958},
             "permutation_exact_sign_flip_n3": {"x": [1, 2, 3], "y": [0, 0, 0], "p": 0.25},
             "bootstrap_mean_95_tolerance_5e-1": {"data": "paired.x", "percentile": [1.3, 2.2], "bca": [1.3, 2.2]},
             "kendall_spearman_ties": {"a": [1, 2.5, 2.5, 4.5, 4.5, 6.5, 6.5, 8, 9.5, 9.5],
                                       "b": [1, 2, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
                                       "tau_b": 0.8589556904, "rho": 0.9171378686},
             "kappa": {"a": [0, 0, 1, 1], "b": [0, 1, 0, 1], "unweighted": 0, "linear": 0, "quadratic": 0}}
            """;

    @Test
    void comparesEveryKindOfTest() throws Exception {
        JsonNode figures = run(ALL);

        assertThat(table.toString(StandardCharsets.UTF_8)).doesNotContain(" NO");
        assertThat(figures.path("cases").intValue()).isEqualTo(26);
        assertThat(figures.path("equal").intValue()).isEqualTo(26);
        assertThat(figures.path("unsupported").intValue()).isZero();
        assertThat(figures.path("max_error").doubleValue()).isBetween(1e-12, 1e-6);
        assertThat(figures.path("max_error_resampled").doubleValue()).isBetween(1e-6, 0.5);
    }

    @Test
    void leavesOutWhatIsNotExpected() throws Exception {
        JsonNode figures = run("{\"mcnemar\": [{\"b\": 4, \"c\": 16, \"chi2_cc\": 6.05, \"exact_p\": null}],"
                + " \"paired\": {\"x\": [1, 2], \"y\": [2, 4]}}");

        assertThat(figures.path("cases").intValue()).isEqualTo(1);
        assertThat(figures.path("equal").intValue()).isEqualTo(1);
    }

    @Test
    void tellsWhatDiffersAndByHowMuch() throws Exception {
        JsonNode figures =
                run("{\"mcnemar\": [{\"b\": 4, \"c\": 16, \"chi2_cc\": 6.06, \"exact_p\": 0.01181793212890625}]}");

        assertThat(figures.path("cases").intValue()).isEqualTo(2);
        assertThat(figures.path("equal").intValue()).isEqualTo(1);
        assertThat(figures.path("max_error").doubleValue()).isBetween(0.0099, 0.0101);
        assertThat(table.toString(StandardCharsets.UTF_8))
                .contains("mcnemar[0].chi2_cc")
                .contains("NO");
    }

    @Test
    void countsWhatItDoesNotKnow() throws Exception {
        JsonNode figures = run("{\"anova\": {\"f\": 1}, \"mcnemar\": [{\"b\": 4, \"c\": 16, \"mid_p\": 0.007}]}");

        assertThat(figures.path("unsupported").intValue()).isEqualTo(2);
        assertThat(table.toString(StandardCharsets.UTF_8)).contains("Unsupported: anova, mcnemar[0].mid_p.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                                  | not readable as JSON",
                "''                                                 | no JSON object",
                "[1]                                                | no JSON object",
                "{} {}                                              | not readable as JSON",
                "{\"mcnemar\": 3}                                   | mcnemar: no JSON object",
                "{\"mcnemar\": [{\"b\": 1}]}                        | mcnemar[0].c: missing",
                "{\"mcnemar\": [{\"b\": 1.5, \"c\": 1}]}             | mcnemar[0].b: 1.5 (expected: a whole number)",
                "{\"mcnemar\": [{\"b\": -1, \"c\": 1, \"exact_p\": 1}]} | mcnemar[0]: onlyFirst: -1",
                "{\"mcnemar\": [{\"b\": 1, \"c\": 1, \"exact_p\": \"1\"}]} | mcnemar[0].exact_p: \"1\" (expected: a number)",
                "{\"fisher_2x2\": [{\"table\": [[1, 2], [3]]}]}     | fisher_2x2[0].table: [[1,2],[3]]",
                "{\"paired\": {\"x\": [1, \"a\"], \"y\": [1, 2]}}      | paired.x[1]: \"a\" (expected: a number)",
                "{\"paired\": {\"x\": [1], \"y\": [1, 2], \"pearson\": 1}} | paired: y: 2 values",
                "{\"binomial_ci\": {\"k\": 1, \"n\": 2, \"wilson\": [1]}} | binomial_ci.wilson: [1]",
                "{\"bootstrap_mean_95_tolerance_1e-3\": {\"data\": \"paired.x\"}} | paired.x: missing"
            })
    void refusesAMalformedFile(String json, String reason) {
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> run(json))
                .withMessageContaining("stats.json: ")
                .withMessageContaining(reason);
    }

    @Test
    void refusesAFileThatIsNotThereOrNoFile() {
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> run(folder.resolve("none.json")))
                .withMessageEndingWith("none.json: no such file (expected: a JSON file)");
        assertThatExceptionOfType(BadInput.class).isThrownBy(() -> run(folder));
    }

    private JsonNode run(String json) throws IOException {
        return run(Files.writeString(folder.resolve("stats.json"), json));
    }

    private JsonNode run(Path file) throws IOException {
        StatsParityBench bench = new StatsParityBench();
        new CommandLine(bench).parseArgs("--file", file.toString());
        try (PrintStream out = new PrintStream(table, true, StandardCharsets.UTF_8)) {
            return new ObjectMapper().readTree(bench.run(out).toJson());
        }
    }
}
