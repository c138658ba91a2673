package io.github.flywheel4j.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.feedback.Correction;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.JsonLinesStore;
import io.github.flywheel4j.feedback.Satisfaction;
import io.github.flywheel4j.feedback.UserIds;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.OpenAiStubServer;
import io.github.flywheel4j.testkit.StubReply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line in this JVM; {@link QuickstartProcessTest} runs it as a process of its own. */
class QuickstartTest {

    private static final String MOON = "How far away is the moon?";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private String typed = "";
    private boolean terminal;

    @BeforeEach
    void writesDocuments() throws IOException {
        Files.createDirectories(folder.resolve("docs"));
        Files.createDirectories(folder.resolve("empty"));
        Files.writeString(folder.resolve("docs/moon.md"), "# Moon\nThe moon is 384,400 km away from the earth.\n");
        Files.writeString(folder.resolve("docs/sun.txt"), "The sun is a star of average size.");
        Files.write(folder.resolve("noise.md"), new byte[] {1, 0, 2});
    }

    @Test
    void answersFromTheDocumentsAndNamesTheSource() {
        assertThat(run("--docs", docs(), "--ask", MOON)).isZero();

        assertThat(lines(out))
                .contains("> " + MOON)
                .contains("The moon is 384,400 km away from the earth. [1]")
                .contains("source       [1] moon.md › Moon")
                .anyMatch(line -> line.startsWith("answered by  offline-extractive"))
                .anyMatch(line -> line.startsWith("layer        Retrieval found: 1 sources"))
                .anyMatch(line -> line.startsWith("time         "))
                .contains("cost         0 USD (0 tokens in, 0 out)")
                .anyMatch(line -> line.matches("interaction  [0-9a-f-]{36}"));
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void answersFromTheProjectsOwnDocumentsUnlessToldOtherwise() {
        assertThat(run("--ask", "What is Flywheel4j?")).isZero();

        assertThat(out.toString(UTF_8)).contains("Flywheel4j gives any").contains("README.md");
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void answersTheSameQuestionFromTheCacheAndSaysSo(boolean streaming) {
        terminal = streaming;
        environment.put("NO_COLOR", "1");
        typed = MOON + "\n" + MOON + "\n";

        assertThat(run("--docs", docs())).isZero();

        List<FeedbackEvent> interactions = recorded();
        String shown = out.toString(UTF_8);
        String again = shown.substring(shown.lastIndexOf("answered by"));
        assertThat(again).containsPattern("answered by  cache \\(cached, \\d+ s old, made for the same question\\)");
        assertThat(again.replaceAll("\\s+", " "))
                .contains("ResponseCache hit: tier exact, answerFrom "
                        + interactions.get(0).interactionId())
                .contains("cost 0, the model was not asked (saved 0 tokens in, 0 out, 0 USD)")
                .contains("interaction " + interactions.get(1).interactionId());
        assertThat(shown.split("The moon is 384,400 km away from the earth\\. \\[1\\]", -1))
                .hasSize(3);
        assertThat(shown.split("source       \\[1\\] moon.md › Moon", -1))
                .as("a cached answer keeps its source")
                .hasSize(3);
        assertThat(shown.split("Retrieval found", -1)).as("asked once").hasSize(2);
    }

    @Test
    void saysWhatACachedAnswerSaved() {
        try (OpenAiStubServer server = OpenAiStubServer.replying(
                StubReply.answer(Answer.text("It is 384,400 km away. [1]").usage(100, 10)))) {
            environment.put("OPENAI_BASE_URL", server.baseUrl());
            typed = MOON + "\n" + MOON + "\n";

            assertThat(run("--docs", docs())).isZero();

            assertThat(server.chatRequests()).hasSize(1);
        }
        assertThat(lines(out)).contains("cost         0, the model was not asked (saved 100 tokens in, 10 out)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "= Far."})
    void asksAgainWhatSomebodyDidNotLike(String feedback) {
        typed = MOON + "\n" + MOON + "\n" + feedback + "\n" + MOON + "\n";

        assertThat(run("--docs", docs())).isZero();

        assertThat(out.toString(UTF_8)).contains("The cache has let go of it.");
        assertThat(lines(out).stream()
                        .filter(line -> line.startsWith("answered by"))
                        .map(line -> line.split("\\s+")[2]))
                .containsExactly("offline-extractive", "cache", "offline-extractive");
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void showsWhatTheCacheServesAndWhatItRefuses(boolean streaming) {
        terminal = streaming;
        environment.put("NO_COLOR", "1");

        assertThat(run("--cache-demo")).isZero();

        String[] answers = out.toString(UTF_8).replaceAll("\\s+", " ").split("answered by ", -1);
        assertThat(answers).hasSize(5);
        String origin = recorded().get(0).interactionId().toString();
        assertThat(answers[1])
                .startsWith("offline-extractive")
                .contains("ResponseCache miss")
                .contains("ResponseCache stored");
        assertThat(answers[2])
                .startsWith("cache (cached, ")
                .contains("s old, made for the same question)")
                .contains("ResponseCache hit: tier exact, answerFrom " + origin)
                .contains("cost 0, the model was not asked");
        assertThat(answers[3])
                .startsWith("cache (cached, ")
                .contains("s old, made for a question in other words)")
                .contains("ResponseCache hit: tier semantic, answerFrom " + origin)
                .contains("cost 0, the model was not asked");
        assertThat(answers[4])
                .startsWith("offline-extractive")
                .contains("ResponseCache veto: ", "candidate " + origin, "reason antonym", "similarity 0.8")
                .contains("served 2 of 4: 1 to the same question, 1 to one in other words; vetoes: {antonym=1}");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    /** The cache is in the memory of a run. */
    @Test
    void promisesNoCachedAnswerBeyondTheRun() {
        assertThat(run("--help")).isZero();

        assertThat(out.toString(UTF_8))
                .contains("A question that was asked before in the same run is answered from a cache.");
    }

    @Test
    void declinesWhatTheDocumentsDoNotSay() {
        assertThat(run("--docs", docs(), "--ask", "Who wrote War and Peace?")).isZero();

        assertThat(lines(out)).contains(Retrieval.NOTHING_FOUND).noneMatch(line -> line.startsWith("source"));
    }

    @Test
    void writesEachInteractionAsALineOfJson() throws IOException {
        typed = MOON + "\n\nWho wrote War and Peace?\n";

        assertThat(run("--docs", docs())).isZero();

        List<FeedbackEvent> interactions = recorded();
        assertThat(interactions).hasSize(2).allSatisfy(event -> {
            assertThat(((InteractionEvent) event).outcome()).isEqualTo(Outcome.ANSWERED);
            assertThat(out.toString(UTF_8)).contains(event.interactionId().toString());
        });
        assertThat(lines(out))
                .contains("this run     2 questions", "all runs     2 interactions, 0 rated (0 %), 0 corrected");
    }

    @Test
    void takesThumbsAndCorrectionsOfTheLastAnswer() {
        terminal = true;
        environment.put("NO_COLOR", "1");
        typed = "+\n" + MOON + "\n+\nWho wrote War and Peace?\n-\n= \n=  Tolstoy did. \n";

        assertThat(run("--docs", docs())).isZero();

        List<FeedbackEvent> events = recorded();
        List<FeedbackEvent> interactions =
                events.stream().filter(InteractionEvent.class::isInstance).toList();
        List<FeedbackEvent> feedback = events.stream()
                .filter(event -> !(event instanceof InteractionEvent))
                .toList();
        assertThat(interactions).hasSize(2);
        assertThat(feedback).hasSize(3);
        assertThat(((Satisfaction) feedback.get(0)).share()).isEqualTo(1);
        assertThat(feedback.get(0).interactionId())
                .isEqualTo(interactions.get(0).interactionId());
        assertThat(((Satisfaction) feedback.get(1)).share()).isZero();
        assertThat(((Correction) feedback.get(2)).text()).isEqualTo("Tolstoy did.");
        assertThat(feedback.get(2).interactionId())
                .isEqualTo(interactions.get(1).interactionId());
        assertThat(out.toString(UTF_8))
                .contains("There is no answer yet.", "Noted: a good answer.", "Write the better answer behind the =.")
                .contains("all runs     2 interactions, 2 rated (100 %), 1 corrected")
                .contains("liked        1 of 2 rated (95 % interval: 9 to 91 %)\n");
    }

    @Test
    void countsOverAllRuns() {
        typed = MOON + "\n+\n";
        run("--docs", docs());
        out.reset();

        typed = MOON + "\n";
        run("--docs", docs());

        assertThat(lines(out))
                .contains("this run     1 question", "all runs     2 interactions, 1 rated (50 %), 0 corrected");
    }

    @Test
    void feedbackAloneIsNoQuestion() {
        typed = "+\n";

        assertThat(run("--docs", docs())).isEqualTo(2);

        assertThat(lines(err)).hasSize(1).allMatch(line -> line.contains("no question"));
    }

    @Test
    void streamsWhereAPersonReads() throws IOException {
        terminal = true;
        environment.put("NO_COLOR", "1");

        assertThat(run("--docs", docs(), "--ask", MOON)).isZero();

        assertThat(lines(out)).contains("The moon is 384,400 km away from the earth. [1]");
        assertThat(out.toString(UTF_8)).contains("first word after").doesNotContain("\u001B");
        assertThat(((InteractionEvent) recorded().get(0)).streaming()).isTrue();
    }

    @Test
    void keepsWithinTheTerminalsWidth() {
        terminal = true;
        environment.put("NO_COLOR", "1");

        assertThat(run("--ask", "How do I use one layer alone?")).isZero();

        assertThat(lines(out).stream().filter(line -> !line.contains("ChatModel model =")))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void usesColoursOnlyWhereAPersonReads() {
        terminal = true;
        run("--docs", docs(), "--ask", MOON);
        assertThat(out.toString(UTF_8)).contains("\u001B[");

        terminal = false;
        out.reset();
        run("--docs", docs(), "--ask", MOON);
        assertThat(out.toString(UTF_8)).doesNotContain("\u001B");
    }

    @Test
    void promptsWhereAPersonTypes() {
        terminal = true;
        typed = MOON + "\n";

        assertThat(run("--docs", docs())).isZero();

        assertThat(out.toString(UTF_8))
                .contains("Ask a question")
                .contains("384,400")
                .endsWith("\n");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"exit", "quit", ":q", " EXIT "})
    void aWordEndsThePromptAndIsNoQuestion(String word) {
        terminal = true;
        environment.put("NO_COLOR", "1");
        typed = word + "\n" + MOON + "\n";

        assertThat(run("--docs", docs())).isZero();

        assertThat(recorded()).isEmpty();
        assertThat(out.toString(UTF_8)).doesNotContain("384,400").contains("this run     0 questions");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"help", "?", "Help"})
    void aWordSaysWhatMayBeTypedAndIsNoQuestion(String word) {
        typed = MOON + "\n" + word + "\n+\n";

        assertThat(run("--docs", docs())).isZero();

        assertThat(recorded()).as("the answer and what was said of it").hasSize(2);
        assertThat(lines(out))
                .contains("Ask a question. + or - rates the last answer, = TEXT corrects it. Ctrl-D ends.")
                .contains("this run     1 question");
    }

    @Test
    void asksTheModelThatTheEnvironmentNames() {
        try (OpenAiStubServer server = OpenAiStubServer.replying(
                StubReply.answer(Answer.text("It is 384,400 km away. [1]").usage(100, 10)))) {
            environment.put("OPENAI_BASE_URL", server.baseUrl());
            environment.put("OPENAI_MODEL", "stub-model");

            assertThat(run("--docs", docs(), "--ask", MOON)).isZero();

            assertThat(lines(out))
                    .contains("It is 384,400 km away. [1]")
                    .contains("answered by  stub-model (" + server.baseUrl() + ")")
                    .contains("cost         unknown: no price for this model (100 tokens in, 10 out)");
        }
    }

    @Test
    void saysInOneLineThatTheKeyWasNotAccepted() {
        try (OpenAiStubServer server =
                OpenAiStubServer.replying(StubReply.error(401, "invalid_request_error", "Incorrect key sk-secret"))) {
            environment.put("OPENAI_BASE_URL", server.baseUrl());
            environment.put("OPENAI_API_KEY", "sk-secret");

            assertThat(run("--docs", docs(), "--ask", MOON)).isEqualTo(1);
        }
        assertThat(lines(err)).hasSize(1).allMatch(line -> line.contains("did not accept the key"));
        assertThat(out.toString(UTF_8) + err).doesNotContain("sk-secret");
    }

    @Test
    void goesOnAfterAQuestionThatFailed() {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.serverError(), StubReply.text("Far. [1]"))) {
            environment.put("OPENAI_BASE_URL", server.baseUrl());
            typed = MOON + "\n" + MOON + "\n";

            assertThat(run("--docs", docs())).isEqualTo(1);
        }
        assertThat(lines(err)).hasSize(1).allMatch(line -> line.contains("HTTP status 500"));
        assertThat(lines(out)).contains("Far. [1]");
    }

    @Test
    void namesTheFilesThatItSkips() throws IOException {
        Files.writeString(folder.resolve("docs/photo.png"), "x");

        assertThat(run("--docs", docs(), "--ask", MOON)).isZero();

        assertThat(lines(err)).containsExactly("skipped: photo.png (not .md, .txt or .html)");
    }

    static Stream<List<String>> badInput() {
        return Stream.of(
                List.of("2", "question: empty", "--ask", ""),
                List.of("2", "question: empty", "--ask", " \t"),
                List.of("2", "question: 3000 characters", "--ask", "why ".repeat(750)),
                List.of("2", "--ask", "--ask"),
                List.of("2", "--no-such-option", "--no-such-option"),
                List.of("2", "stray", "stray"),
                List.of("2", "no question"),
                List.of("2", "--cache-demo: with --ask or --docs", "--cache-demo", "--ask", MOON),
                List.of("2", "--cache-demo: with --ask or --docs", "--cache-demo", "--docs", "{folder}/docs"),
                List.of("2", "no such file or folder", "--ask", MOON, "--docs", "{folder}/none"),
                List.of("2", "nothing to read", "--ask", MOON, "--docs", "{folder}/empty"),
                List.of("2", "noise.md (not text)", "--ask", MOON, "--docs", "{folder}/noise.md"),
                List.of(
                        "2",
                        "written; name another with --interactions DIR)",
                        "--ask",
                        MOON,
                        "--interactions",
                        "{folder}/noise.md"),
                List.of("2", "OPENAI_BASE_URL: nonsense", "--ask", MOON, "OPENAI_BASE_URL=nonsense"),
                List.of(
                        "1",
                        "cannot be reached",
                        "--ask",
                        MOON,
                        "--docs",
                        "{folder}/docs",
                        "OPENAI_BASE_URL=http://127.0.0.1:9"));
    }

    @ParameterizedTest
    @MethodSource
    void badInput(List<String> input) {
        String[] args = input.stream()
                .skip(2)
                .filter(each -> !each.startsWith("OPENAI"))
                .map(each -> each.replace("{folder}", folder.toString()))
                .toArray(String[]::new);
        input.stream()
                .filter(each -> each.startsWith("OPENAI") && each.contains("="))
                .forEach(each ->
                        environment.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1)));

        assertThat(run(args)).isEqualTo(Integer.parseInt(input.get(0)));

        assertThat(lines(err))
                .hasSize(1)
                .allMatch(line -> line.startsWith("quickstart: ") && line.contains(input.get(1)));
    }

    private int run(String... args) {
        Terminal surroundings = new Terminal(
                new ByteArrayInputStream(typed.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                environment,
                Path.of("../..").toAbsolutePath().normalize(),
                terminal,
                terminal,
                false,
                80);
        boolean named = List.of(args).contains("--interactions");
        String[] all = named
                ? args
                : Stream.concat(
                                Stream.of(
                                        "--interactions", folder.resolve("log").toString()),
                                Stream.of(args))
                        .toArray(String[]::new);
        return Quickstart.run(surroundings, all);
    }

    private List<FeedbackEvent> recorded() {
        try (Stream<FeedbackEvent> events =
                JsonLinesStore.in(folder.resolve("log"), UserIds.none()).events()) {
            return events.toList();
        }
    }

    private String docs() {
        return folder.resolve("docs").toString();
    }

    private static List<String> lines(ByteArrayOutputStream stream) {
        return stream.toString(UTF_8).lines().map(String::stripTrailing).toList();
    }
}
