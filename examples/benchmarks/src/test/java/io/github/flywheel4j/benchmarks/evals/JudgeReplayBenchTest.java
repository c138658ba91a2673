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

class JudgeReplayBenchTest {

    @TempDir
    private Path folder;

    @Test
    void measuresJudgesInAllForms() throws Exception {
        JsonNode judges = run("""
                {"id":"1","source":"x","instruction":"i1","a":"aa","b":"b","human":"a","judges":{"one":{"forward":"a","reverse":"a"},"two":{"forward":"a"}}}
                {"id":"2","source":"x","instruction":"i2","a":"aa","b":"b","human":"b","judges":{"one":{"forward":"a","reverse":"b"},"two":{"forward":"b"}}}
                {"id":"3","source":"y","instruction":"i3","a":"a","b":"bb","human":"tie","judges":{"one":{"forward":"tie","reverse":"tie"}}}
                {"id":"4","source":"y","instruction":"i4","a":"a","b":"bb","human1":"b","human2":"b","human3":"a","judges":{"one":{"forward":"b","reverse":"garbage"}}}
                {"id":"5","source":"y","instruction":"i5","a":"a","b":"bb","human1":"b","human2":"a","human3":"tie","judges":{"one":{"forward":"a","reverse":"a"}}}
                """).path("judges");

        JsonNode one = judges.path("one");
        assertThat(one.path("pairs").intValue()).isEqualTo(5);
        assertThat(one.path("unparsable").intValue()).isEqualTo(1);
        assertThat(one.path("ties").intValue()).isEqualTo(2);
        assertThat(one.path("accuracy").doubleValue()).isEqualTo(0.5);
        assertThat(one.path("flip_rate").doubleValue()).isEqualTo(0.25);
        assertThat(one.path("kappa_interval")).hasSize(2);
        assertThat(one.path("by_subset").path("y").path("pairs").intValue()).isEqualTo(3);
        JsonNode two = judges.path("two");
        assertThat(two.path("accuracy").doubleValue()).isEqualTo(1);
        assertThat(two.has("flip_rate")).as("nothing was asked in both orders").isFalse();
        assertThat(two.path("kappa").doubleValue()).isEqualTo(1);
    }

    @Test
    void correctsTheWinRateOfAJudgeThatErrs() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            String human = i % 10 < 3 ? "a" : "b";
            String judge = i % 7 == 0 ? "a" : human;
            lines.append("{\"id\":\"pair ")
                    .append(i)
                    .append("\",\"human\":\"")
                    .append(human)
                    .append("\",\"judges\":{\"kind\":{\"forward\":\"")
                    .append(judge)
                    .append("\",\"reverse\":\"")
                    .append(judge)
                    .append("\"}}}\n");
        }

        JsonNode kind = run(lines.toString()).path("judges").path("kind");

        assertThat(kind.path("judge_win_rate").doubleValue()).isBetween(0.34, 0.46);
        assertThat(kind.path("corrected_win_rate_interval").path(0).doubleValue())
                .isLessThan(0.3);
        assertThat(kind.path("corrected_win_rate_interval").path(1).doubleValue())
                .isBetween(0.3, 0.45);
        assertThat(kind.path("prediction_powered_win_rate").doubleValue()).isBetween(0.22, 0.38);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | no line",
                "{ | not readable as JSON",
                "{\"human\":\"a\"} | judges is missing",
                "{\"human\":\"c\",\"judges\":{\"x\":{\"forward\":\"a\"}}} | human is something else",
                "{\"judges\":{\"x\":{\"forward\":\"a\"}}} | human is missing",
                "{\"human\":\"a\",\"judges\":{\"x\":{}}} | judges is something else"
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
        Path file = Files.writeString(folder.resolve("judges.jsonl"), lines);
        JudgeReplayBench bench = new JudgeReplayBench();
        new CommandLine(bench).parseArgs("--file", file.toString());
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        return new ObjectMapper()
                .readTree(bench.run(new PrintStream(table, true, StandardCharsets.UTF_8))
                        .toJson());
    }
}
