package io.github.flywheel4j.benchmarks.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.flywheel4j.benchmarks.BadInput;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MetricParityBenchTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream table = new ByteArrayOutputStream();

    @Test
    void comparesEveryMetricAndNamesMisses() throws Exception {
        JsonNode figures = run("""
            {"metric":"bleu","options":{"level":"sentence","effective_order":true},"hypothesis":"a b c d","references":["a b c d"],"expected":100}
            {"metric":"bleu","options":{"level":"corpus","tokenize":"none","max_ngram_order":1},"hypothesis":["a b","c"],"references":[["a x","c"],["a y","z"]],"expected":66.667,"tolerance":0.001}
            {"metric":"chrf","options":{"level":"corpus","beta":2},"hypothesis":["abc"],"references":[["abc"]],"expected":100}
            {"metric":"squad_f1","options":{},"hypothesis":"the red fox","references":["cat","red fox"],"expected":1}
            {"metric":"squad_em","options":{},"hypothesis":"The fox!","references":["fox"],"expected":1}
            {"metric":"levenshtein","options":{},"hypothesis":"kitten","references":["sitting"],"expected":0.5714286}
            {"metric":"numeric_diff","options":{},"hypothesis":3,"references":[1],"expected":0.5}
            {"metric":"json_diff","options":{},"hypothesis":{"a":1,"b":2},"references":[{"a":1}],"expected":0.5}
            {"metric":"bleu","options":{"tokenize":"ja-mecab"},"hypothesis":"a","references":["a"],"expected":100}
            {"metric":"meteor","options":{},"hypothesis":"a","references":["a"],"expected":1}
            {"metric":"levenshtein","options":{},"hypothesis":"a","references":["b"],"expected":1}
            """);

        assertThat(figures.path("cases").intValue()).isEqualTo(11);
        assertThat(figures.path("equal").intValue()).isEqualTo(8);
        assertThat(figures.path("within_1e_4").intValue()).isEqualTo(7);
        assertThat(figures.path("unsupported").intValue()).isEqualTo(2);
        assertThat(figures.path("max_error").doubleValue()).isEqualTo(1);
        assertThat(figures.path("by_metric").path("bleu").path("equal").intValue())
                .isEqualTo(2);
        assertThat(table.toString(StandardCharsets.UTF_8))
                .contains("tokenize ja-mecab", "meteor: unsupported", ":11 levenshtein: off by 1.0");
    }

    @Test
    void countsSettingsThatTheLibraryCannotTakeAsUnsupported() throws Exception {
        JsonNode figures = run("""
            {"metric":"bleu","options":{"max_ngram_order":0},"hypothesis":"a","references":["a"],"expected":100}
            {"metric":"chrf","options":{"char_order":-1},"hypothesis":"a","references":["a"],"expected":100}
            {"metric":"nothing known","hypothesis":5,"references":5,"expected":1}
            """);

        assertThat(figures.path("cases").intValue()).isEqualTo(3);
        assertThat(figures.path("unsupported").intValue()).isEqualTo(3);
        assertThat(figures.path("equal").intValue()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | no line",
                "{ | :1: not readable as JSON",
                "[] | no JSON object",
                "{\"metric\":\"bleu\"} | expected is missing",
                "{\"metric\":\"squad_em\",\"hypothesis\":\"a\",\"references\":[],\"expected\":1} | references is"
                        + " something else",
                "{\"metric\":\"json_diff\",\"hypothesis\":1,\"expected\":1} | references is missing",
                "{\"metric\":\"bleu\",\"options\":{\"max_ngram_order\":\"four\"},\"hypothesis\":\"a\",\"references\":[\"a\"],"
                        + "\"expected\":1} | :1: option max_ngram_order is something else",
                "{\"metric\":\"numeric_diff\",\"hypothesis\":\"a\",\"references\":[1],\"expected\":1} | a number"
            })
    void tellsInOneLineWhatAFileLacks(String line, String message) {
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> run(line))
                .withMessageContaining(message)
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("\n");
    }

    private JsonNode run(String lines) throws Exception {
        Path file = Files.writeString(folder.resolve("metrics.jsonl"), lines);
        MetricParityBench bench = new MetricParityBench();
        new CommandLine(bench).parseArgs("--file", file.toString());
        return new ObjectMapper()
                .readTree(bench.run(new PrintStream(table, true, StandardCharsets.UTF_8))
                        .toJson());
    }
}
