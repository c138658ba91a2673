package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import io.github.flywheel4j.evals.EvalCase.Origin;
import io.github.flywheel4j.testkit.Seeds;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetTest {

    @TempDir
    Path folder;

    @Test
    void readsTextsConversationsAndVariables() throws IOException {
        Dataset dataset = Dataset.load(file("refunds.jsonl", """
            {"id":"a","input":"How long?","expected":"5 days","slices":["refunds","language:en"],"author":"support"}

            {"id":"b","input":[{"role":"system","content":"Be short."},{"role":"user","content":"And by card?"}],"origin":"production","cluster":"talk-17"}
            {"id":"c","input":{"product":"kettle","count":2},"context":["Refunds take 5 days.","Kettles too."],"origin":"SYNTHETIC","expected":{"days":5}}
            """));

        assertThat(dataset.name()).isEqualTo("refunds");
        assertThat(dataset.cases()).extracting(EvalCase::id).containsExactly("a", "b", "c");
        assertThat(dataset.find("a"))
                .contains(new EvalCase(
                        "a",
                        EvalInput.text("How long?"),
                        "5 days",
                        List.of(),
                        new TreeSet<>(List.of("language:en", "refunds")),
                        Origin.HAND,
                        "support",
                        null));
        EvalCase conversation = dataset.find("b").orElseThrow();
        assertThat(conversation.input().messages())
                .containsExactly(SystemMessage.from("Be short."), UserMessage.from("And by card?"));
        assertThat(conversation.origin()).isEqualTo(Origin.PRODUCTION);
        assertThat(conversation.expected()).isNull();
        assertThat(conversation.clusterOrSelf()).isEqualTo("talk-17");
        EvalCase variables = dataset.find("c").orElseThrow();
        assertThat(variables.input()).isEqualTo(new EvalInput.Variables(Map.of("product", "kettle", "count", "2")));
        assertThat(variables.context()).containsExactly("Refunds take 5 days.", "Kettles too.");
        assertThat(variables.expected()).isEqualTo("{\"days\":5}");
        assertThat(dataset.slices()).containsExactly("language:en", "refunds");
        assertThat(dataset.slice("refunds").cases()).extracting(EvalCase::id).containsExactly("a");
    }

    @Test
    void readsTablesWithTextsOverSeveralLines() throws IOException {
        Dataset dataset = Dataset.load(file("cases.csv", """
            id,input,messages,variables,expected,context,slices,cluster
            a,"How long,
            and by card?",,,"5 ""working"" days",One passage.,refunds; language:en,talk-1
            b,,"[{""role"":""user"",""content"":""Hi""}]",,,"[""One."",""Two.""]",,
            c,,,"{""product"":""kettle""}",""
            """));

        assertThat(dataset.find("a"))
                .contains(new EvalCase(
                        "a",
                        EvalInput.text("How long,\nand by card?"),
                        "5 \"working\" days",
                        List.of("One passage."),
                        new TreeSet<>(List.of("language:en", "refunds")),
                        Origin.HAND,
                        null,
                        "talk-1"));
        assertThat(dataset.find("b").orElseThrow().input().messages()).containsExactly(UserMessage.from("Hi"));
        assertThat(dataset.find("b").orElseThrow().context()).containsExactly("One.", "Two.");
        assertThat(dataset.find("c").orElseThrow().input())
                .isEqualTo(new EvalInput.Variables(Map.of("product", "kettle")));
        assertThat(dataset.find("c").orElseThrow().expected())
                .as("an empty text in quotes")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cases.jsonl", "cases.csv"})
    void readsWhatItWrote(String name) {
        Seeds seeds = Seeds.named("cases in files");
        List<EvalCase> cases = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            cases.add(new EvalCase(
                    "case " + i,
                    i % 3 == 0
                            ? EvalInput.text(seeds.text(80) + "x")
                            : i % 3 == 1
                                    ? new EvalInput.Variables(Map.of("one", seeds.text(20), "two", seeds.text(20)))
                                    : new EvalInput.Conversation(List.of(UserMessage.from(seeds.text(20) + "x"))),
                    i % 4 == 0 ? null : i % 4 == 1 ? "" : seeds.text(40),
                    i % 2 == 0 ? List.of() : List.of(seeds.text(30), seeds.text(30)),
                    i % 2 == 0 ? new TreeSet<>() : new TreeSet<>(List.of("s:" + i % 5, "ümlaut")),
                    i % 3 == 0 ? Origin.PRODUCTION : i % 3 == 1 ? Origin.HAND : Origin.SYNTHETIC,
                    i % 5 == 0 ? null : "author " + i,
                    i % 7 == 0 ? null : "cluster " + i / 2));
        }
        Dataset dataset = Dataset.of("cases", cases);
        Path file = folder.resolve(name);

        dataset.save(file);
        Dataset read = Dataset.load(file);

        assertThat(read.cases()).isEqualTo(cases);
        assertThat(read.hash()).isEqualTo(dataset.hash());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cases.jsonl", "cases.csv"})
    void keepsToolCallsImagesAndThinkingOfConversations(String name) {
        ToolExecutionRequest call = ToolExecutionRequest.builder()
                .id("call_1")
                .name("order")
                .arguments("{\"id\":7}")
                .build();
        Dataset dataset = Dataset.of(
                "tools",
                List.of(withMessages(
                        "a",
                        UserMessage.from("guest", "Where is my order?"),
                        UserMessage.from(TextContent.from("this"), ImageContent.from("aGk=", "image/png")),
                        AiMessage.builder()
                                .thinking("Look it up.")
                                .text("One moment.")
                                .build(),
                        AiMessage.from(call),
                        ToolExecutionResultMessage.from(call, "on its way"))));
        Path file = folder.resolve(name);

        dataset.save(file);

        assertThat(Dataset.load(file).cases()).isEqualTo(dataset.cases());
        assertThat(Dataset.load(file).hash()).isEqualTo(dataset.hash());
    }

    @Test
    void leavesOutAttributesOfMessages() {
        UserMessage stamped = UserMessage.builder()
                .addContent(TextContent.from("Hi"))
                .attributes(Map.of("turn", "8f14"))
                .build();
        UserMessage withImage = UserMessage.builder()
                .addContent(ImageContent.from("aGk=", "image/png"))
                .attributes(Map.of("turn", "8f14"))
                .build();
        Dataset dataset = Dataset.of("stamped", List.of(withMessages("a", stamped, withImage)));
        Path file = folder.resolve("stamped.jsonl");

        dataset.save(file);

        assertThat(file).content().doesNotContain("8f14");
        assertThat(Dataset.load(file).hash()).isEqualTo(dataset.hash());
    }

    @Test
    void namesAllBrokenLinesAtOnceAndLoadsNothing() throws IOException {
        Path file = file("broken.jsonl", """
            {"id":"a","input":"fine"}
            {"id":"b","input":"secret text"
            {"id":"a","input":"again"}
            {"input":"no id"}
            {"id":"c"}
            {"id":"d","input":"x","expectd":"y"}
            {"id":"e","input":"x","origin":"heaven"}
            {"id":"f","input":[{"role":"judge","content":"x"}]}
            {"id":"g","input":"x","slices":[1]}
            ["id"]
            {"id":"h","id":"i","input":"x"}
            """);

        BadDataset error = catchThrowableOfType(BadDataset.class, () -> Dataset.load(file));

        assertThat(error)
                .hasMessageContainingAll(
                        "10 of 11 cases cannot be used, so none was loaded",
                        "line 2: no JSON, broken at character",
                        "line 3: id 'a' has line 1 already",
                        "line 4: no id",
                        "line 5: no input",
                        "line 6: unknown field 'expectd'",
                        "line 7: unknown origin 'heaven' (expected: production, hand, synthetic)",
                        "line 8: a message has no known role",
                        "line 9: slices is no list of texts",
                        "line 10: no JSON object",
                        "line 11: no JSON",
                        "Dataset.loadUsable");
        assertThat(error).message().doesNotContain("secret");
        assertThat(error.problems())
                .extracting(BadDataset.Problem::line)
                .containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
    }

    @Test
    void namesTheLinesOfBrokenRecordsInTables() throws IOException {
        Path file = file("broken.csv", """
            id,input,messages
            a,"over
            two lines",
            b,x,[]
            a,again,
            c,,"{""role"":""user""}"
            d,x,,and more
            """);

        assertThatThrownBy(() -> Dataset.load(file))
                .isInstanceOf(BadDataset.class)
                .hasMessageContainingAll(
                        "4 of 5 cases",
                        "line 4: no input or more than one",
                        "line 5: id 'a' has line 2 already",
                        "line 6: messages: no JSON array",
                        "line 7: 4 cells (expected: at most 3");
    }

    @Test
    void refusesTablesWithUnknownOrRepeatedColumnsOrOpenQuotes() throws IOException {
        Path unknown = file("unknown.csv", "id,question\na,b\n");
        Path twice = file("twice.csv", "id,input,id\na,b,c\n");
        Path open = file("open.csv", "id,input\na,b\nc,\"never closed\n");

        assertThatThrownBy(() -> Dataset.load(unknown))
                .hasMessageContaining("column 'question' of the header is unknown");
        assertThatThrownBy(() -> Dataset.load(twice)).hasMessageContaining("column 'id' of the header stands twice");
        assertThatThrownBy(() -> Dataset.load(open))
                .isInstanceOf(BadDataset.class)
                .hasMessageContaining("broken after 1 cases");
    }

    @Test
    void setsBrokenLinesAsideWhenAsked() throws IOException {
        Path file = file("some.jsonl", """
            {"id":"a","input":"fine"}
            not a case
            {"id":"a","input":"again"}
            {"id":"b","input":"fine too"}
            """);

        Dataset.Loaded loaded = Dataset.loadUsable(file);

        assertThat(loaded.dataset().cases()).extracting(EvalCase::id).containsExactly("a", "b");
        assertThat(loaded.setAside()).extracting(BadDataset.Problem::line).containsExactly(2L, 3L);
    }

    @Test
    void isNeverEmpty() throws IOException {
        Path empty = file("empty.jsonl", "\n  \r\n");
        Path allBroken = file("broken.jsonl", "x\n");

        assertThatThrownBy(() -> Dataset.load(empty))
                .isInstanceOf(BadDataset.class)
                .hasMessageContaining("no case");
        assertThatThrownBy(() -> Dataset.loadUsable(empty)).isInstanceOf(BadDataset.class);
        assertThatThrownBy(() -> Dataset.loadUsable(allBroken))
                .isInstanceOf(BadDataset.class)
                .hasMessageContaining("line 1: no JSON");
        assertThatThrownBy(() -> Dataset.of("none", List.of()))
                .isInstanceOf(BadDataset.class)
                .hasMessageContaining("none: no case");
    }

    @Test
    void refusesIdsThatStandTwiceInAList() {
        assertThatThrownBy(() -> Dataset.of("twice", List.of(EvalCase.of("a", "x", null), EvalCase.of("a", "y", null))))
                .isInstanceOf(BadDataset.class)
                .hasMessageContaining("case 2: id 'a' has case 1 already");
    }

    @Test
    void saysWhichFileCannotBeReadOrNamed() {
        assertThatThrownBy(() -> Dataset.load(folder.resolve("missing.jsonl")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("missing.jsonl");
        assertThatThrownBy(() -> Dataset.load(folder.resolve("cases.xlsx")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(".jsonl or .csv");
    }

    @Test
    void aMarkOnALineWithoutACaseIsNoBrokenCase() throws IOException {
        assertThat(Dataset.load(file("marked-line.jsonl", "\uFEFF\r\n{\"id\":\"a\",\"input\":\"x\"}\r\n"))
                        .cases())
                .hasSize(1);
        assertThatThrownBy(() -> Dataset.load(file("mark-alone.jsonl", "\uFEFF")))
                .isInstanceOf(BadDataset.class)
                .hasMessageContaining("mark-alone.jsonl: no case");
    }

    @Test
    void saysWhichTableIsBroken() {
        assertThatThrownBy(() -> Dataset.load(file("semicolons.csv", "id;input\na;x\n")))
                .isInstanceOf(BadDataset.class)
                .hasMessageContaining("semicolons.csv: column 'id;input' of the header is unknown");
        assertThatThrownBy(() -> Dataset.load(file("quote.csv", "id,input\na,\"x\n")))
                .isInstanceOf(BadDataset.class)
                .hasMessageContaining("quote.csv: CSV broken after 0 cases");
    }

    /** On a full disk it would otherwise be cut short, and nobody has it twice. */
    @Test
    void aDatasetThatIsSavedStandsInItsPlaceAllAtOnce() throws IOException {
        Path file = file("cases.jsonl", "{\"id\":\"a\",\"input\":\"x\"}\n");
        try (InputStream reader = Files.newInputStream(file)) {
            Dataset.of("cases", List.of(EvalCase.of("b", "y", null))).save(file);

            assertThat(new String(reader.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"id\":\"a\",\"input\":\"x\"}\n");
        }
        assertThat(Dataset.load(file).find("b")).isPresent();
        assertThat(file.resolveSibling("cases.jsonl.new")).doesNotExist();
    }

    @Test
    void readsAByteOrderMarkAndRefusesOtherEncodings() throws IOException {
        Path marked = file("marked.jsonl", "\uFEFF{\"id\":\"a\",\"input\":\"x\"}\n");
        Path latin = folder.resolve("latin.jsonl");
        Files.write(latin, "{\"id\":\"a\",\"input\":\"für\"}\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(Dataset.load(marked).cases()).hasSize(1);
        assertThatThrownBy(() -> Dataset.load(latin)).hasMessageContaining("line 1: not UTF-8");
    }

    @Test
    void saysWhichLineOfATableIsInAnotherEncoding() throws IOException {
        Path latin = folder.resolve("latin.csv");
        Files.write(latin, "id,input\na,fine\nb,für\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Dataset.load(latin))
                .isInstanceOf(BadDataset.class)
                .hasMessageContaining("line 3: not UTF-8");
        assertThatThrownBy(() -> Dataset.loadUsable(latin)).isInstanceOf(BadDataset.class);
    }

    @Test
    void keepsNumbersAsTheyAreWritten() throws IOException {
        EvalCase read = Dataset.load(file("prices.jsonl", """
            {"id":"a","input":{"price":19.90,"big":12345678901234567.89},"expected":1.10}
            """)).cases().get(0);

        assertThat(((EvalInput.Variables) read.input()).values())
                .containsEntry("price", "19.90")
                .containsEntry("big", "12345678901234567.89");
        assertThat(read.expected()).isEqualTo("1.10");
    }

    @Test
    void refusesSlicesThatATableCannotHold() {
        EvalCase evalCase = new EvalCase(
                "a", EvalInput.text("x"), null, List.of(), new TreeSet<>(List.of("a;b")), Origin.HAND, null, null);

        assertThatThrownBy(() -> Dataset.of("semicolon", List.of(evalCase)).save(folder.resolve("x.csv")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no semicolon");
    }

    @Test
    void hashesWhatCasesSayAndNotTheirOrderOrAuthor() {
        List<EvalCase> cases = new ArrayList<>(
                List.of(EvalCase.of("a", "x", "1"), EvalCase.of("b", "y", null), EvalCase.of("c", "z", "")));
        String hash = Dataset.of("one", cases).hash();
        Collections.reverse(cases);

        assertThat(hash).hasSize(32);
        assertThat(Dataset.of("two", cases).hash()).isEqualTo(hash);
        cases.set(
                0,
                new EvalCase("c", EvalInput.text("z"), "", List.of(), new TreeSet<>(), Origin.HAND, "somebody", null));
        assertThat(Dataset.of("three", cases).hash()).isEqualTo(hash);
        Map<String, String> reversed = new LinkedHashMap<>();
        reversed.put("k2", "2");
        reversed.put("k1", "1");
        Map<String, String> sorted = new LinkedHashMap<>();
        sorted.put("k1", "1");
        sorted.put("k2", "2");
        assertThat(hashOf(new EvalInput.Variables(reversed))).isEqualTo(hashOf(new EvalInput.Variables(sorted)));
    }

    @Test
    void hashesEveryFieldThatAResultMayDependOn() {
        EvalCase plain = EvalCase.of("a", "x", null);
        List<EvalCase> changed = List.of(
                EvalCase.of("b", "x", null),
                EvalCase.of("a", "y", null),
                EvalCase.of("a", "x", ""),
                new EvalCase("a", EvalInput.text("x"), null, List.of("c"), new TreeSet<>(), Origin.HAND, null, null),
                new EvalCase(
                        "a",
                        EvalInput.text("x"),
                        null,
                        List.of(),
                        new TreeSet<>(List.of("s")),
                        Origin.HAND,
                        null,
                        null),
                new EvalCase("a", EvalInput.text("x"), null, List.of(), new TreeSet<>(), Origin.PRODUCTION, null, null),
                new EvalCase("a", EvalInput.text("x"), null, List.of(), new TreeSet<>(), Origin.HAND, null, "k"),
                withMessages("a", UserMessage.from("x")));

        assertThat(changed)
                .extracting(each -> Dataset.of("d", List.of(each)).hash())
                .doesNotHaveDuplicates()
                .doesNotContain(Dataset.of("d", List.of(plain)).hash());
    }

    @Test
    void keepsClustersOnOneSide() {
        List<EvalCase> cases = clustered(600, 4);

        Dataset.Split split = Dataset.of("talks", cases).split(Holdout.share(0.2));

        assertThat(split.development().cases().size() + split.holdout().cases().size())
                .isEqualTo(600);
        assertThat(split.holdout().cases().size()).isBetween(80, 160);
        assertThat(split.development().cases())
                .extracting(EvalCase::clusterOrSelf)
                .doesNotContainAnyElementsOf(split.holdout().cases().stream()
                        .map(EvalCase::clusterOrSelf)
                        .toList());
        assertThat(split.development().name()).isEqualTo("talks/development");
        assertThat(split.holdout().hash()).isNotEqualTo(split.development().hash());
    }

    @Test
    void movesNoCaseWhenOthersAreAddedOrShuffled() {
        List<EvalCase> more = clustered(400, 3);
        List<EvalCase> few = new ArrayList<>(more.subList(0, 120));
        Collections.shuffle(few, new Random(4));
        Holdout holdout = Holdout.share(0.25);

        Dataset.Split before = Dataset.of("d", few).split(holdout);
        Dataset.Split after = Dataset.of("d", more).split(holdout);

        assertThat(after.holdout().cases()).containsAll(before.holdout().cases());
        assertThat(after.development().cases()).containsAll(before.development().cases());
    }

    @Test
    void keepsTheOldHoldoutInAGreaterOneAndMakesAnotherBySalt() {
        List<String> clusters = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            clusters.add("talk " + i);
        }
        List<String> small =
                clusters.stream().filter(Holdout.share(0.1)::contains).toList();
        List<String> great =
                clusters.stream().filter(Holdout.share(0.3)::contains).toList();
        List<String> other =
                clusters.stream().filter(new Holdout(0.1, "second")::contains).toList();

        assertThat(great).containsAll(small);
        assertThat(small.size()).isBetween(150, 250);
        assertThat(great.size()).isBetween(520, 680);
        assertThat(other).isNotEqualTo(small);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "-0.1", "NaN"})
    void refusesSharesThatLeaveASideEmpty(double share) {
        assertThatThrownBy(() -> Holdout.share(share))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("share");
    }

    @Test
    void saysWhenASideOfTheSplitIsEmpty() {
        assertThatThrownBy(() ->
                        Dataset.of("one", List.of(EvalCase.of("a", "x", null))).split(Holdout.share(0.5)))
                .isInstanceOf(BadDataset.class)
                .hasMessageMatching("one/(development|holdout): no case.*");
    }

    private static List<EvalCase> clustered(int count, int size) {
        List<EvalCase> cases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            cases.add(new EvalCase(
                    "case " + i,
                    EvalInput.text("x"),
                    null,
                    List.of(),
                    new TreeSet<>(),
                    Origin.HAND,
                    null,
                    "talk " + i / size));
        }
        return cases;
    }

    private static String hashOf(EvalInput input) {
        return Dataset.of(
                        "d",
                        List.of(new EvalCase("a", input, null, List.of(), new TreeSet<>(), Origin.HAND, null, null)))
                .hash();
    }

    private static EvalCase withMessages(String id, ChatMessage... messages) {
        return new EvalCase(
                id,
                new EvalInput.Conversation(List.of(messages)),
                null,
                List.of(),
                new TreeSet<>(),
                Origin.HAND,
                null,
                null);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
