package io.github.flywheel4j.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The quickstart's evals, in this JVM, over a small dataset about two of this project's documents. */
class EvaluateTest {

    private static final List<String> CASES = List.of(
            "{\"id\":\"prefix\",\"input\":\"What is the prefix rule?\",\"expected\":\"prefix\",\"slices\":[\"rules\"]}",
            "{\"id\":\"version\",\"input\":\"Which Java version do I need?\",\"expected\":\"17\"}",
            "{\"id\":\"mask\",\"input\":\"Can a layer mask phone numbers in a stream?\",\"expected\":\"phone\"}",
            "{\"id\":\"bread\",\"input\":\"How do I bake sourdough bread?\",\"slices\":[\"unanswerable\"]}",
            "{\"id\":\"horse\",\"input\":\"How many bones does a horse have?\",\"slices\":[\"unanswerable\"]}");

    private static final String DATASET = "examples/quickstart/evals/assistant.jsonl";
    private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** To embed all documents takes some seconds, each time. */
    @BeforeEach
    void twoDocuments() throws IOException {
        for (String file : List.of("README.md", "core/docs/guide/layers.md", DATASET)) {
            Path copy = folder.resolve("home").resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(PROJECT.resolve(file), copy);
        }
    }

    @Test
    void scoresEveryCaseAndWritesTheReports() throws IOException {
        assertThat(eval("--dataset", dataset(CASES))).isZero();

        assertThat(out.toString(UTF_8))
                .contains("says-or-declines: ")
                .contains("5 cases")
                .contains("No baseline yet");
        assertThat(folder.resolve("out/report.html")).content().contains("What is the prefix rule?");
        assertThat(folder.resolve("out/report.md")).content().startsWith("### no verdict");
        assertThat(folder.resolve("out/report.json")).content().startsWith("{\"schema\":1");
        assertThat(folder.resolve("out/journal.jsonl")).doesNotExist();
        assertThat(folder.resolve("out/run.jsonl")).content().contains("\"retrieved\":[\"core/docs/guide/layers.md");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void asksNoModelForAnswersThatAreRecorded() throws IOException {
        String dataset = dataset(CASES);
        String answers = folder.resolve("answers.jsonl").toString();
        assertThat(eval("--dataset", dataset, "--answers", answers)).isZero();
        out.reset();

        assertThat(eval("--dataset", dataset, "--answers", answers, "--replay")).isZero();

        assertThat(out.toString(UTF_8)).contains("errors: 0 of 5 results");
    }

    @Test
    void countsAQuestionThatWasNotRecordedAsAnError() throws IOException {
        String answers = folder.resolve("answers.jsonl").toString();
        assertThat(eval("--dataset", dataset(CASES.subList(0, 2)), "--answers", answers))
                .isZero();
        out.reset();

        assertThat(eval("--dataset", dataset(CASES), "--answers", answers, "--replay"))
                .isZero();

        // The unanswerable ones reach no model.
        assertThat(out.toString(UTF_8)).contains("errors: 1 of 5 results");
    }

    @Test
    void putsPartsTogetherToTheSameRun() throws IOException {
        String dataset = dataset(CASES);
        assertThat(eval("--dataset", dataset)).isZero();
        List<String> whole = results(folder.resolve("out/run.jsonl"));
        List<String> merge = new ArrayList<>(List.of("--dataset", dataset, "--merge"));
        for (int part = 1; part <= 2; part++) {
            Path partOut = folder.resolve("part" + part);
            assertThat(run("--dataset", dataset, "--shard", part + "/2", "--out", partOut.toString()))
                    .isZero();
            merge.add(partOut.resolve("run.jsonl").toString());
        }

        assertThat(eval(merge.toArray(String[]::new))).isZero();

        assertThat(results(folder.resolve("out/run.jsonl"))).isEqualTo(whole);
        merge.remove(merge.size() - 1);
        assertThat(eval(merge.toArray(String[]::new))).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("of 5 cases (expected: all of them; name the runs of all parts)");
    }

    @Test
    void saysInOneLineThatAnotherRunWasNotFinished() throws IOException {
        String dataset = dataset(CASES.subList(0, 1));
        assertThat(eval("--dataset", dataset)).isZero();
        Files.copy(folder.resolve("out/run.jsonl"), folder.resolve("out/journal.jsonl"));

        assertThat(eval("--dataset", dataset, "--repeats", "2")).isEqualTo(2);

        assertThat(err.toString(UTF_8).lines())
                .singleElement()
                .asString()
                .contains("journal.jsonl: the journal of another run, with 1 answers of 1 repeats instead of 2 of 2"
                        + " (expected: another folder, named with --out DIR; or, where that run has ended, its options"
                        + " again to go on with it, or the file deleted)");
    }

    @Test
    void aPartThatWasNotFinishedIsInNobodysWay() throws IOException {
        String dataset = dataset(CASES);
        assertThat(run(
                        "--dataset",
                        dataset,
                        "--shard",
                        "1/2",
                        "--out",
                        folder.resolve("part").toString()))
                .isZero();
        Path unfinished = folder.resolve("out/journal-1of2.jsonl");
        Files.createDirectories(unfinished.getParent());
        Files.copy(folder.resolve("part/run.jsonl"), unfinished);

        assertThat(eval("--dataset", dataset)).isZero();

        assertThat(unfinished).exists();
        assertThat(eval("--dataset", dataset, "--shard", "1/2")).isZero();
        assertThat(unfinished).as("finished now").doesNotExist();
    }

    @Test
    @Tag("slow")
    void recordsAndReplaysTheProjectsOwnCasesAndIsNoWorseThanTheBaseline() {
        Path answers = folder.resolve("answers.jsonl");

        assertThat(evalOf(PROJECT, "--answers", answers.toString(), "--baseline", "evals/baseline.jsonl"))
                .isZero();
        assertThat(out.toString(UTF_8)).contains("gate: ").contains("errors: 0 of 84 answers");
        out.reset();

        assertThat(evalOf(PROJECT, "--replay", "--answers", answers.toString(), "--baseline", "evals/baseline.jsonl"))
                .isZero();
        assertThat(out.toString(UTF_8)).contains("gate: ").contains("errors: 0 of 84 answers");
    }

    @Test
    void comparesWithTheBaselineAndFailsWhenMuchIsLost() throws IOException {
        List<String> many = new ArrayList<>();
        for (int index = 0; index < 40; index++) {
            many.add("{\"id\":\"case-" + index + "\",\"input\":\"What is the prefix rule?\",\"expected\":\"prefix\"}");
        }
        String baseline = folder.resolve("baseline.jsonl").toString();
        assertThat(eval("--dataset", dataset(many), "--update", "--baseline", baseline))
                .isZero();
        out.reset();
        assertThat(eval("--dataset", dataset(many), "--baseline", baseline)).isZero();
        assertThat(out.toString(UTF_8))
                .contains("gate: ")
                .doesNotContain("gate: FAILED")
                .doesNotContain("BETTER");
        out.reset();
        // A run of the same dataset in which every other case failed.
        Path worse = folder.resolve("worse.jsonl");
        Files.writeString(
                worse,
                Files.readString(Path.of(baseline))
                        .replaceAll(
                                "(\"case\":\"case-\\d*[02468]\".*?\"value\":)1\\.0,\"passed\":true",
                                "$10.0,\"passed\":false"));

        assertThat(eval("--dataset", dataset(many), "--baseline", baseline, "--merge", worse.toString()))
                .isEqualTo(3);

        assertThat(out.toString(UTF_8)).contains("gate: FAILED").contains("worse by 0.1 or more");
        assertThat(folder.resolve("out/report.md")).content().contains("Newly failing: `case-0`");
    }

    @ParameterizedTest
    @MethodSource
    void saysInOneLineWhatIsWrong(List<String> args, String expected) throws IOException {
        Files.writeString(folder.resolve("broken.jsonl"), "not json\n" + CASES.get(0) + "\n" + CASES.get(0) + "\n");
        Files.writeString(folder.resolve("empty.jsonl"), "");
        String[] resolved = args.stream()
                .map(arg -> arg.endsWith(".jsonl") ? folder.resolve(arg).toString() : arg)
                .toArray(String[]::new);

        assertThat(eval(resolved)).isEqualTo(2);

        assertThat(err.toString(UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("eval: ")
                .contains(expected);
    }

    static Stream<Arguments> saysInOneLineWhatIsWrong() {
        return Stream.of(
                Arguments.of(
                        List.of("--dataset", "missing.jsonl"),
                        "missing.jsonl: cannot be read as a dataset (NoSuchFile"),
                Arguments.of(List.of("--dataset", "broken.jsonl"), "line 1: no JSON"),
                Arguments.of(List.of("--dataset", "empty.jsonl"), "no case"),
                Arguments.of(List.of("--shard", "9/8"), "shard: 9/8 (expected:"),
                Arguments.of(List.of("--workers", "0"), "workers: 0 (expected:"),
                Arguments.of(List.of("--merge", "missing.jsonl"), "cannot be read"),
                Arguments.of(
                        List.of("--shard", "1/2", "--update"),
                        "--update: with --shard (expected: without; --merge the runs of all parts, with --update)"),
                Arguments.of(List.of("--merge", "part.jsonl", "--shard", "1/2"), "--merge: with --shard (expected: "),
                Arguments.of(List.of("--merge", "part.jsonl", "--replay"), "--merge: with --replay (expected: "),
                Arguments.of(List.of("--merge", "part.jsonl", "--repeats", "1"), "--merge: with --repeats (expected: "),
                Arguments.of(List.of("--workers", "2", "--merge", "part.jsonl"), "--merge: with --workers (expected: "),
                Arguments.of(
                        List.of("--answers", "answers.jsonl", "--merge", "part.jsonl"),
                        "--merge: with --answers (expected: without; it asks nothing, it puts runs together)"),
                Arguments.of(
                        List.of("--replay", "--answers", "missing.jsonl"),
                        "missing.jsonl (expected: --answers FILE, one that a run without --replay left)"),
                Arguments.of(List.of("--colour"), "Unknown option: '--colour'"));
    }

    @Test
    void saysWhatIsMissingOnce() {
        String missing = folder.resolve("missing.jsonl").toString();

        assertThat(eval("--dataset", missing)).isEqualTo(2);
        assertThat(eval("--replay", "--answers", missing)).isEqualTo(2);

        assertThat(err.toString(UTF_8).lines()).hasSize(2).allSatisfy(line -> assertThat(
                        line.split(Pattern.quote(missing), -1))
                .hasSize(2));
    }

    @Test
    void saysThatTheFolderForReportsCannotBeWritten() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        for (Path out : List.of(file, file.resolve("below"))) {
            err.reset();
            assertThat(run("--dataset", dataset(CASES), "--out", out.toString()))
                    .isEqualTo(2);
            assertThat(err.toString(UTF_8).lines())
                    .containsExactly(
                            "eval: --out: cannot write to " + out + " (expected: a folder that can be written)");
        }
    }

    private String dataset(List<String> cases) throws IOException {
        Path file = folder.resolve("cases.jsonl");
        Files.write(file, cases);
        return file.toString();
    }

    /** Without times and ids, which differ from run to run. */
    private static List<String> results(Path run) throws IOException {
        return Files.readAllLines(run).stream()
                .skip(1)
                .map(line -> line.replaceAll("\"(latencyNanos|interaction|tookMillis)\":\"?[^,}]*", ""))
                .toList();
    }

    private int eval(String... args) {
        return evalOf(folder.resolve("home"), args);
    }

    private int evalOf(Path home, String... args) {
        return runIn(
                home,
                Stream.concat(
                                Stream.of(args),
                                Stream.of("--out", folder.resolve("out").toString()))
                        .toArray(String[]::new));
    }

    private int run(String... args) {
        return runIn(folder.resolve("home"), args);
    }

    private int runIn(Path home, String... args) {
        boolean named = List.of(args).contains("--baseline");
        String[] all = named
                ? args
                : Stream.concat(
                                Stream.of(args),
                                Stream.of("--baseline", folder.resolve("none").toString()))
                        .toArray(String[]::new);
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Map.of(),
                home,
                false,
                false,
                false,
                80);
        return Evaluate.run(terminal, all);
    }
}
