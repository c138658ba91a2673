package io.github.flywheel4j.benchmarks.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CacheBenchTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream table = new ByteArrayOutputStream();

    private JsonNode run(Bench bench, String... options) throws Exception {
        new CommandLine(bench).parseArgs(options);
        return new ObjectMapper()
                .readTree(bench.run(new PrintStream(table, true, StandardCharsets.UTF_8))
                        .toJson());
    }

    private String file(String... lines) throws Exception {
        return Files.write(
                        folder.resolve("data.jsonl"), String.join("\n", lines).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    @Test
    void countsExactRepetitionsApart() throws Exception {
        JsonNode figures = run(
                new CacheStreamBench(),
                "--stream",
                file(
                        "{\"text\": \"How do I reset my password?\", \"cluster\": 1}",
                        "{\"text\": \"How do I reset my password?\", \"cluster\": 1}",
                        "{\"text\": \"How can I reset my password?\", \"cluster\": 1}",
                        "{\"text\": \"When do the shops close today?\", \"cluster\": 2}",
                        "{\"text\": \"When do shops close today?\", \"cluster\": 3}"));

        assertThat(figures.path("queries").intValue()).isEqualTo(5);
        assertThat(figures.path("exact_hits").intValue()).isEqualTo(1);
        assertThat(figures.path("possible_semantic_hits").intValue()).isEqualTo(1);
        assertThat(figures.path("semantic_hits").intValue())
                .as("before anything was judged")
                .isZero();
        assertThat(figures.path("static").path("0.80").path("semantic_hits").intValue())
                .isEqualTo(2);
        assertThat(figures.path("static")
                        .path("0.80")
                        .path("semantic_false_hits")
                        .intValue())
                .isEqualTo(1);
        assertThat(figures.path("spring_080").path("semantic_hits").intValue()).isEqualTo(2);
        assertThat(figures.path("per_entry_semantic_hits").intValue()).isZero();
        assertThat(figures.path("semantic_false_hit_interval").size()).isEqualTo(2);
        assertThat(table.toString(StandardCharsets.UTF_8)).contains("ours, tolerance 0.02");
    }

    @Test
    void asksOfEachFifthWhatTheOthersTaught() throws Exception {
        String[] pairs = new String[40];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = "{\"a\": \"What is the price of item " + i + "?\", \"b\": \"How much does item " + i
                    + (i % 2 == 0 ? "" : "0") + " cost?\", \"same\": " + (i % 2 == 0) + "}";
        }
        JsonNode figures = run(new CacheQualityBench(), "--pairs", file(pairs), "--tolerance", "0.2");

        assertThat(figures.path("pairs").intValue()).isEqualTo(40);
        assertThat(figures.path("same").intValue()).isEqualTo(20);
        assertThat(figures.path("calibrated_by").textValue()).isEqualTo("cross-fitting");
        assertThat(figures.path("hits").intValue())
                .isEqualTo(figures.path("false_hits").intValue()
                        + (int) Math.round(20 * figures.path("recall").doubleValue()));
        assertThat(figures.has("vetoes")).isTrue();
        assertThat(figures.path("per_entry_policy").has("hits")).isTrue();
        assertThat(table.toString(StandardCharsets.UTF_8)).contains("learned from four fifths");
    }

    @Test
    void refusesAFileThatIsNotOfTheForm() throws Exception {
        String file = file("{\"text\": \"a\", \"cluster\": 1}", "{\"words\": \"b\"}");

        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> run(new CacheStreamBench(), "--stream", file))
                .withMessageContaining("line 2: not as expected (expected: {\"text\", \"cluster\"})");
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> run(new CacheQualityBench(), "--pairs", "no such file"))
                .withMessageContaining("no such file: no such file (expected: JSON Lines");
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> run(new CacheStreamBench(), "--stream", file, "--tolerance", "2"))
                .withMessageContaining("--tolerance: 2.0 (expected: between 0 and 1)");
    }

    @Test
    void refusesTwoRowsInOneLine() throws Exception {
        String file = file("{\"text\": \"a\", \"cluster\": 1} {\"text\": \"b\", \"cluster\": 2}");

        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> run(new CacheStreamBench(), "--stream", file))
                .withMessageContaining("line 1: not readable as JSON");
    }

    @Test
    void aTextWithoutAWordIsLikeNothing() throws Exception {
        JsonNode stream = run(
                new CacheStreamBench(),
                "--stream",
                file("{\"text\": \"\", \"cluster\": 1}", "{\"text\": \" \", \"cluster\": 1}"));
        JsonNode pairs = run(
                new CacheQualityBench(),
                "--pairs",
                file(
                        "{\"a\": \"\", \"b\": \" \", \"same\": true}",
                        "{\"a\": \"\", \"b\": \"How do I go home?\", \"same\": false}"));

        assertThat(stream.path("possible_semantic_hits").intValue()).isEqualTo(1);
        assertThat(stream.path("spring_080").path("semantic_hits").intValue()).isZero();
        assertThat(pairs.path("pairs").intValue()).isEqualTo(2);
        assertThat(pairs.path("static").path("0.80").path("hits").intValue()).isZero();
    }

    @Test
    void aSingleRowAndRowsThatAreAllTheSameAreCounted() throws Exception {
        String row = "{\"text\": \"How do I go home?\", \"cluster\": 1}";
        String pair = "{\"a\": \"How do I go home?\", \"b\": \"How do I get home?\", \"same\": true}";

        JsonNode one = run(new CacheStreamBench(), "--stream", file(row));
        JsonNode same = run(new CacheStreamBench(), "--stream", file(row, row, row));
        JsonNode pairs = run(new CacheQualityBench(), "--pairs", file(pair, pair), "--calibrate", file(pair, pair));

        assertThat(one.path("semantic_false_hit_interval").get(1).doubleValue())
                .as("nothing is known")
                .isEqualTo(1);
        assertThat(same.path("exact_hits").intValue()).isEqualTo(2);
        assertThat(pairs.path("hits").intValue()).isZero();
        assertThat(table.toString(StandardCharsets.UTF_8)).contains("which it is asked");
    }

    @Test
    void thePublishedPolicyServesAnEntryOnlyAfterItWasExploredOften() {
        PerEntryPolicy policy = new PerEntryPolicy(0.1, new SplittableRandom(1));
        for (int i = 0; i < 3; i++) {
            policy.explored(1, 0.9, true);
        }
        assertThat(policy.serves(1, 0.99)).as("with five observations").isFalse();

        int served = 0;
        for (int i = 0; i < 40; i++) {
            policy.explored(1, 0.85 + i / 400.0, true);
            policy.explored(1, 0.55 + i / 400.0, false);
        }
        for (int i = 0; i < 100; i++) {
            served += policy.serves(1, 0.99) ? 1 : 0;
            assertThat(policy.serves(2, 0.99)).as("an entry never explored").isFalse();
        }
        assertThat(served).isGreaterThan(50);
    }
}
