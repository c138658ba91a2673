package io.github.flywheel4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.flywheel4j.benchmarks.overhead.OverheadBench;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class BenchMainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void listsANameAndASentencePerBench() {
        assertThat(run(Benches.all(), "list")).isZero();

        assertThat(lines(out)).hasSameSizeAs(Benches.all()).allMatch(line -> line.matches("[a-z-]+ {2,}[A-Z].*\\."));
        assertThat(lines(out)).anyMatch(line -> line.startsWith("overhead "));
        assertThat(lines(err)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                          | no bench named",
                "nonsense                    | unknown bench 'nonsense'",
                "overhead --nonsense 1       | '--nonsense'",
                "overhead --seconds          | --seconds",
                "overhead --seconds soon     | 'soon'",
                "overhead --seconds 0        | --seconds: 0.0 (expected: a number from 0.1 to 3600)",
                "overhead --seconds -3       | --seconds: -3.0",
                "overhead --seconds NaN      | --seconds: NaN",
                "overhead --seconds 1e9      | --seconds: 1.0E9",
                "overhead --seconds 1 --seconds 2 | --seconds",
                "overhead surplus            | surplus",
                "jmh --seconds 1.5           | '1.5'",
                "jmh --seconds 0             | --seconds: 0",
                "jmh --subject nothing       | --subject: 'nothing' (expected: one of bare, ",
                "capture --seconds 0         | --seconds: 0.0 (expected: a number from 0.1 to 3600)",
                "durability --kills 0        | --kills: 0 (expected: a number from 1 to 10000)",
                "durability --store paper    | --store: 'paper' (expected: jsonl",
                "stats-parity                | --file",
                "stats-parity --file none.json | none.json",
                "list overhead               | list takes no options, got 'overhead'"
            })
    void tellsWhatIsWrongInOneLineAndEndsWithStatusTwo(String arguments, String reason) {
        assertThat(run(Benches.all(), arguments.isEmpty() ? new String[0] : arguments.split(" ")))
                .isEqualTo(2);

        assertThat(lines(err)).singleElement().asString().startsWith("bench: ").contains(reason);
        assertThat(lines(out)).isEmpty();
    }

    @Test
    void staysOnOneLineWhenTheArgumentHasSeveral() {
        assertThat(run(Benches.all(), "no\nsuch\r\nbench")).isEqualTo(2);

        assertThat(lines(err))
                .singleElement()
                .asString()
                .startsWith("bench: unknown bench 'no such bench' (expected: bench NAME [--option value]...")
                .endsWith("'bench list' says what they measure)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"overhead", "jmh", "capture"})
    void explainsTheOptionsOfABench(String name) {
        assertThat(run(Benches.all(), name, "--help")).isZero();

        assertThat(lines(out)).anyMatch(line -> line.contains("--seconds"));
    }

    @Test
    void endsWithTheFiguresOnOneLine() throws Exception {
        assertThat(run(List.of(new Sample()), "sample", "--size", "3")).isZero();

        assertThat(lines(out))
                .startsWith("a table", "of two lines")
                .last()
                .asString()
                .isEqualTo("{\"size\":3}");
    }

    @Test
    void tellsAFileThatIsOfNoUseInOneLine() {
        assertThat(run(List.of(new Sample()), "sample", "--size", "-1")).isEqualTo(2);

        assertThat(lines(err)).containsExactly("bench: --size: -1 (expected: >= 0)");
    }

    @Test
    void showsWhereABenchBrokeItself() {
        assertThat(run(List.of(new Sample()), "sample", "--size", "13")).isEqualTo(1);

        assertThat(lines(err)).hasSizeGreaterThan(1).anyMatch(line -> line.contains("IllegalStateException: thirteen"));
    }

    /** Runs everything once with next to no time: whether it is fast is nothing for a test. */
    @Test
    void measuresTheOverheadWithEveryKeyThatIsPromised() throws Exception {
        assertThat(run(List.of(OverheadBench.withoutWarmUp()), "overhead", "--seconds", "0.2"))
                .isZero();

        JsonNode figures = new ObjectMapper().readTree(lines(out).get(lines(out).size() - 1));
        for (String key : List.of(
                "bare_ns",
                "empty_stack_ns",
                "layers_1_ns",
                "layers_4_ns",
                "layers_10_ns",
                "bytes_per_call_10",
                "peer_10_ns",
                "ratio_to_peer_10",
                "load_rate",
                "load_p50_us",
                "load_p99_us",
                "load_p999_us",
                "stream_bare_p50_us",
                "stream_bare_p99_us",
                "stream_10_p50_us",
                "stream_10_p99_us")) {
            assertThat(figures.path(key).isNumber()).as(key).isTrue();
            assertThat(figures.path(key).doubleValue()).as(key).isPositive();
        }
    }

    private int run(List<Bench> benches, String... args) {
        try (PrintStream outPrint = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream errPrint = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            return BenchMain.run(List.of(args), benches, outPrint, errPrint);
        }
    }

    private static List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Command(name = "sample", description = "A bench of this test.")
    private static final class Sample implements Bench {

        @Option(names = "--size", required = true)
        private int size;

        @Override
        public Figures run(PrintStream table) {
            if (size < 0) {
                throw new BadInput("--size: " + size + " (expected: >= 0)");
            }
            if (size == 13) {
                throw new IllegalStateException("thirteen");
            }
            table.println("a table");
            table.println("of two lines");
            return new Figures().put("size", size);
        }
    }
}
