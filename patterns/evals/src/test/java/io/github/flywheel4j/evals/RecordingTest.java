package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {

    @TempDir
    Path folder;

    private final AtomicInteger calls = new AtomicInteger();
    private final ScriptedChatModel model = ScriptedChatModel.answering(request ->
            Answer.text("answer " + calls.incrementAndGet()).usage(7, 3).modelName("live"));
    private final ScriptedChatModel dead =
            ScriptedChatModel.of(Answer.failure(new IllegalStateException("nobody may ask")));
    private final Dataset dataset = Runs.dataset(10, 1);
    private final List<Scorer> scorers = List.of(Runs.contains());

    private EvalRun run(Recording.Mode mode, ChatModel around, Dataset cases) {
        try (Recording recording = Recording.open(file(), mode)) {
            return EvalRunner.builder()
                    .repeats(3)
                    .build()
                    .run(cases, Candidate.of(recording.around(around), "model"), scorers);
        }
    }

    private Path file() {
        return folder.resolve("answers.jsonl");
    }

    @Test
    void replaysARunWithoutAskingTheModelAndWithEachRepeatsOwnAnswer() {
        EvalRun recorded = run(Recording.Mode.RECORD_MISSING, model, dataset);

        EvalRun replayed = run(Recording.Mode.REPLAY, dead, dataset);

        assertThat(replayed.summary().errors()).isZero();
        assertThat(replayed.results())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("output.latency", "output.interactionId")
                .isEqualTo(recorded.results());
        assertThat(calls).hasValue(30);
        assertThat(recorded.results().stream().map(each -> each.output().text()))
                .doesNotHaveDuplicates();
        assertThat(replayed.results().get(0).output().usage().totalTokenCount()).isEqualTo(10);
    }

    @Test
    void asksTheModelOnlyForWhatIsNew() {
        run(Recording.Mode.RECORD_MISSING, model, dataset);

        run(Recording.Mode.RECORD_MISSING, model, Runs.dataset(12, 1));

        assertThat(calls).hasValue(36);
        assertThat(run(Recording.Mode.REPLAY, dead, Runs.dataset(12, 1))
                        .summary()
                        .errors())
                .isZero();
    }

    @Test
    void saysWhatToDoWhenAnAnswerIsMissingAndQuotesNoQuestion() {
        run(Recording.Mode.RECORD_MISSING, model, dataset);

        EvalRun replayed = run(Recording.Mode.REPLAY, dead, Runs.dataset(11, 1));

        assertThat(replayed.summary().errors()).isEqualTo(3);
        assertThat(replayed.results().get(30).error().message())
                .contains("of case 'case-00010'", "RECORD_MISSING")
                .doesNotContain("What is");
        assertThatThrownBy(() -> Recording.open(folder.resolve("none.jsonl"), Recording.Mode.REPLAY))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void tellsParametersApartAndIgnoresIdsAndAttributes() {
        try (Recording recording = Recording.open(file(), Recording.Mode.RECORD_MISSING)) {
            ChatModel recorded = recording.around(model);
            recorded.chat(request("hi", 0.0));
            recorded.chat(request("hi", 1.0));
        }
        try (Recording recording = Recording.open(file(), Recording.Mode.REPLAY)) {
            ChatModel replayed = recording.around(dead);
            UserMessage stamped = UserMessage.builder()
                    .contents(UserMessage.from("hi").contents())
                    .attributes(Map.of("memory", "17"))
                    .build();

            assertThat(replayed.chat(ChatRequest.builder()
                                    .messages(stamped)
                                    .parameters(ChatRequestParameters.builder()
                                            .temperature(1.0)
                                            .build())
                                    .build())
                            .aiMessage()
                            .text())
                    .isEqualTo("answer 2");
            assertThat(recording.unused()).isEqualTo(1);
            assertThatThrownBy(() -> replayed.chat(request("hi", 1.0))).isInstanceOf(NotRecorded.class);
        }
    }

    private static ChatRequest request(String text, double temperature) {
        return ChatRequest.builder()
                .messages(UserMessage.from(text))
                .parameters(
                        ChatRequestParameters.builder().temperature(temperature).build())
                .build();
    }

    /** It looks in the file, and only then whether somebody asks; the answer may come in between. */
    @Test
    void asksOnceAlsoForWhoFoundNothingJustBeforeTheAnswerWasRecorded() {
        try (Recording recording = Recording.open(file(), Recording.Mode.RECORD_MISSING)) {
            ChatResponse first = recording.record("hi.0.0", () -> model.chat(request("hi", 0.0)));
            ChatResponse second = recording.record("hi.0.0", () -> model.chat(request("hi", 0.0)));

            assertThat(second).isSameAs(first);
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void doesNotRecordFailures() {
        AtomicInteger tries = new AtomicInteger();
        ScriptedChatModel shaky = ScriptedChatModel.answering(request ->
                tries.incrementAndGet() <= 5 ? Answer.failure(new IllegalStateException("down")) : Answer.text("up"));

        assertThat(run(Recording.Mode.RECORD_MISSING, shaky, dataset).summary().errors())
                .isEqualTo(5);
        assertThat(run(Recording.Mode.RECORD_MISSING, shaky, dataset).summary().errors())
                .isZero();
        assertThat(tries).hasValue(35);
    }

    @Test
    void survivesAKillAndKeepsTheFileInOrder() throws IOException {
        run(Recording.Mode.RECORD_MISSING, model, dataset);
        List<String> lines = Files.readAllLines(file());
        Files.writeString(file(), lines.get(0).substring(0, 40), StandardOpenOption.APPEND);

        run(Recording.Mode.RECORD_MISSING, model, Runs.dataset(11, 1));

        assertThat(lines).isSorted().hasSize(30);
        assertThat(Files.readAllLines(file())).isSorted().hasSize(33).containsAll(lines);
    }

    @Test
    void survivesAKillWithinACharacter() throws IOException {
        ScriptedChatModel accents = ScriptedChatModel.saying("caf\u00e9");
        run(Recording.Mode.RECORD_MISSING, accents, dataset);
        byte[] whole = Files.readAllBytes(file());
        String text = new String(whole, StandardCharsets.UTF_8);
        int character = text.substring(0, text.lastIndexOf('\u00e9')).getBytes(StandardCharsets.UTF_8).length;
        Files.write(file(), Arrays.copyOf(whole, character + 1));

        run(Recording.Mode.RECORD_MISSING, accents, dataset);

        assertThat(accents.calls()).isEqualTo(31);
        assertThat(file()).hasBinaryContent(whole);
    }

    @Test
    void keepsTheOtherAnswersInTheirPlaceWhenItCutsATornOneOff() throws IOException {
        run(Recording.Mode.RECORD_MISSING, model, dataset);
        String whole = Files.readString(file());
        Files.writeString(file(), whole + "{\"id\":\"torn");

        Recording.open(file(), Recording.Mode.RECORD_MISSING).close();
        assertThat(file()).hasContent(whole);

        Files.writeString(file(), whole.stripTrailing());
        try (Recording lacksALineBreak = Recording.open(file(), Recording.Mode.RECORD_MISSING)) {
            assertThat(file()).hasContent(whole);
            assertThat(lacksALineBreak.unused()).isEqualTo(30);
        }
    }

    @Test
    void anAnswerForWhichThereIsNoRoomCostsNoOther() {
        AtomicInteger written = new AtomicInteger();
        GrowingFile nearlyFull = new GrowingFile(file(), path -> {
            OutputStream out = new FileOutputStream(path.toFile(), true);
            return written.incrementAndGet() == 2 ? FullAfter.bytes(20, out) : out;
        });
        // Never closed, which would write all of it anew.
        ChatModel recorded = Recording.open(file(), Recording.Mode.RECORD_MISSING, nearlyFull)
                .around(model);
        recorded.chat("one");
        assertThatThrownBy(() -> recorded.chat("two"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the answer cannot be recorded");
        recorded.chat("three");

        try (Recording again = Recording.open(file(), Recording.Mode.REPLAY)) {
            assertThat(again.unused()).isEqualTo(2);
        }
    }

    @Test
    void recordsAnAnswerAlsoForAThreadThatIsInterrupted() {
        try (Recording recording = Recording.open(file(), Recording.Mode.RECORD_MISSING)) {
            Thread.currentThread().interrupt();
            String answer = recording.around(model).chat("one");

            assertThat(Thread.interrupted()).isTrue();
            assertThat(answer).isEqualTo("answer 1");
        }
        try (Recording again = Recording.open(file(), Recording.Mode.REPLAY)) {
            assertThat(again.unused()).isEqualTo(1);
        }
    }

    /** A disk that takes so many bytes more. */
    private static final class FullAfter extends FilterOutputStream {

        private int left;

        private FullAfter(int left, OutputStream out) {
            super(out);
            this.left = left;
        }

        static OutputStream bytes(int left, OutputStream out) {
            return new FullAfter(left, out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, Math.min(left, length));
            left -= length;
            if (left < 0) {
                throw new IOException("No space left on device");
            }
        }
    }

    @Test
    void recordsEverythingAnewIfToldTo() throws IOException {
        run(Recording.Mode.RECORD_MISSING, model, dataset);

        run(Recording.Mode.RECORD_ALL, model, Runs.dataset(5, 1));

        assertThat(calls).hasValue(45);
        assertThat(Files.readAllLines(file())).hasSize(15);
    }

    @Test
    void refusesAFileOfSomethingElse() throws IOException {
        Files.writeString(file(), "my notes\nmore\n");

        assertThatThrownBy(() -> Recording.open(file(), Recording.Mode.RECORD_MISSING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 1: no recorded answer");
    }
}
