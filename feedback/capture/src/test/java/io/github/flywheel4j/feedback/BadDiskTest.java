package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.model.chat.ChatModel;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls go on when nothing can be kept, and what is lost is bounded and told. */
class BadDiskTest {

    private static final int CALLS = 3_000;
    private static final int CAPACITY = 500;

    /** What the sink may hold besides its queue: the batch that it offers again and again. */
    private static final int BATCH = 1_024;

    private static final Path DEVICE_WITHOUT_SPACE = Path.of("/dev/full");

    @TempDir
    Path folder;

    static Stream<Named<LineOutput.Opener>> badDisks() {
        Stream<Named<LineOutput.Opener>> everywhere = Stream.of(
                Named.of("full", file -> {
                    throw new IOException("No space left on device");
                }),
                Named.of("read-only", file -> {
                    throw new AccessDeniedException(file.toString());
                }));
        return Files.exists(DEVICE_WITHOUT_SPACE)
                ? Stream.concat(
                        everywhere, Stream.of(Named.of("a full device", file -> LineOutput.open(DEVICE_WITHOUT_SPACE))))
                : everywhere;
    }

    @ParameterizedTest
    @MethodSource("badDisks")
    void callsGoOnAndTheLossIsBoundedAndCounted(LineOutput.Opener bad) {
        AtomicBoolean isBad = new AtomicBoolean(true);
        ChatModel model = ScriptedChatModel.of(Answer.text("Within thirty days."));
        Path store = folder.resolve("store");
        JsonLinesSink files = JsonLinesSink.builder(store)
                .opener(file -> isBad.get() ? bad.open(file) : LineOutput.open(file))
                .build();
        AsyncSink.Counts counts;
        try (AsyncSink sink = AsyncSink.builder(files).capacity(CAPACITY).build();
                ChatStack stack = ChatStack.builder()
                        .chatModel(model)
                        .layer(Capture.to(sink, TextPolicy.full(), UserIds.none()))
                        .build()) {
            for (int i = 0; i < CALLS; i++) {
                assertThat(stack.chatModel().chat("How do I return a kettle?")).isEqualTo("Within thirty days.");
            }
            assertThat(sink.flush(Duration.ofMillis(100))).isFalse();
            assertThat(sink.counts().accepted()).isEqualTo(CALLS);
            assertThat(sink.counts().lost()).isBetween((long) CALLS - CAPACITY - BATCH, (long) CALLS - CAPACITY);

            isBad.set(false);
            assertThat(sink.flush(Duration.ofSeconds(60))).isTrue();
            counts = sink.counts();
        }

        assertThat(counts.delivered() + counts.lost()).isEqualTo(CALLS);
        assertThat(counts.refused()).isZero();
        try (Stream<FeedbackEvent> kept =
                JsonLinesStore.in(store, UserIds.none()).events()) {
            assertThat(kept.count()).isEqualTo(counts.delivered());
        }
    }

    @Test
    void aSpillFolderThatIsGoneCostsWhatFindsNoRoomInTheQueueAndNoMore() throws IOException {
        AtomicBoolean away = new AtomicBoolean(true);
        List<UUID> taken = new CopyOnWriteArrayList<>();
        FeedbackSink behind = event -> {
            if (away.get()) {
                throw new UncheckedIOException(new IOException("away"));
            }
            taken.add(event.interactionId());
        };
        Path spill = folder.resolve("spill");
        try (AsyncSink sink =
                AsyncSink.builder(behind).capacity(CAPACITY).spillTo(spill).build()) {
            Files.delete(spill.resolve(".lock"));
            Files.delete(spill);
            for (int i = 0; i < CALLS; i++) {
                sink.accept(Events.comment(i));
            }
            await().until(() -> sink.counts().lost() > 0);
            away.set(false);
            assertThat(sink.flush(Duration.ofSeconds(60))).isTrue();

            assertThat(sink.counts().spilled()).isZero();
            assertThat(sink.counts().delivered()).isEqualTo(taken.size()).isGreaterThanOrEqualTo(CAPACITY);
            assertThat(sink.counts().delivered() + sink.counts().lost()).isEqualTo(CALLS);
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "what is open cannot be deleted there")
    void acceptsNothingIntoAFolderThatWasDeleted() throws IOException {
        Path store = folder.resolve("store");
        TestClock clock = new TestClock(Events.TIME);
        try (JsonLinesSink sink = JsonLinesSink.builder(store).clock(clock).build()) {
            sink.accept(Events.comment(1));
            clock.advance(Duration.ofMillis(100));
            Folders.delete(store);

            assertThatThrownBy(() -> sink.accept(Events.comment(2))).isInstanceOf(UncheckedIOException.class);
            Files.createDirectory(store);
            sink.accept(Events.comment(2));
        }
        assertThat(read(store)).containsExactly(Events.id(2));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "what is open cannot be deleted there")
    void acceptsNothingIntoAFileThatWasDeleted() throws IOException {
        Path store = folder.resolve("store");
        TestClock clock = new TestClock(Events.TIME);
        try (JsonLinesSink sink = JsonLinesSink.builder(store).clock(clock).build()) {
            sink.accept(Events.comment(1));
            clock.advance(Duration.ofMillis(100));
            Files.delete(EventFile.plain(store, 1));

            sink.accept(Events.comment(2));
            sink.accept(Events.comment(3));
        }
        assertThat(read(store)).containsExactly(Events.id(2), Events.id(3));
    }

    private static List<UUID> read(Path store) {
        try (Stream<FeedbackEvent> kept =
                JsonLinesStore.in(store, UserIds.none()).events()) {
            return kept.map(FeedbackEvent::interactionId).toList();
        }
    }

    @Test
    void saysAtOnceThatAFolderCannotBeWritten() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> JsonLinesSink.in(file.resolve("below"))).isInstanceOf(UncheckedIOException.class);
    }
}
