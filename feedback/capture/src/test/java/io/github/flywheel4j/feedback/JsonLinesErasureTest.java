package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is rewritten in the files of a folder while they are in the state in which a crash, a disk or a reader left them. */
class JsonLinesErasureTest {

    private static final UserIds USERS = UserIds.keyed(Events.KEY);
    private static final String ANN = USERS.stored("ann");

    @TempDir
    Path folder;

    /** After how many rewritten files the process dies; from some number on it does not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 99})
    void anErasureInWhichTheProcessDiedIsFinishedByTheNextOne(int rewritten) throws IOException {
        // Feedback before its interaction, behind it in another file, and in the same one.
        file(1, correction(1), Events.comment(50));
        file(2, hers(1), hers(2), correction(2));
        file(3, correction(1), hers(3));
        file(4, correction(3), Events.comment(51));
        int[] left = {rewritten};
        FileRewriter dying = new FileRewriter(new CorruptLines(folder), (temporary, target) -> {
            if (left[0]-- == 0) {
                throw new IOException("died");
            }
            ClosedFiles.replace(temporary, target);
        });
        FileErasure cutOff = new FileErasure(dying, USERS.everyForm("ann"));
        cutOff.find(EventFile.in(folder));
        if (rewritten == 99) {
            cutOff.mask(EventFile.in(folder));
        } else {
            assertThatThrownBy(() -> cutOff.mask(EventFile.in(folder))).hasMessage("died");
            store().eraseStored("ann");
        }

        assertThat(Folders.everything(folder)).doesNotContain(ANN, "rash", "calendula");
        assertThat(read(store()))
                .filteredOn(event -> !(event instanceof Erasure))
                .hasSize(9);
    }

    @Test
    void leavesItsNotesBeforeItMasksAndAlsoWhereNoSinkRuns() throws IOException {
        file(1, hers(1), hers(2), Events.interaction(3));

        store().eraseStored("ann");
        store().eraseStored("ann");

        assertThat(read(store()))
                .filteredOn(event -> event instanceof Erasure)
                .extracting(FeedbackEvent::interactionId)
                .containsExactlyInAnyOrder(Events.id(1), Events.id(2));
    }

    @Test
    void whatComesAgainWhileAnErasureRunsBringsNobodyBack() throws IOException {
        try (JsonLinesSink sink = JsonLinesSink.in(folder)) {
            sink.accept(hers(1));
            FileErasure erasure = new FileErasure(new FileRewriter(new CorruptLines(folder)), USERS.everyForm("ann"));
            sink.alone((files, same) -> {
                erasure.find(files);
                sink.accept(hers(1, files.get(0)));
                List<EventFile> all = sink.forget(erasure.ids(), files);
                sink.accept(hers(1, files.get(0)));
                erasure.mask(all);
            });

            assertThat(Folders.everything(folder)).doesNotContain(ANN, "rash");
            assertThat(erasure.report().interactions()).isEqualTo(2);
        }
    }

    @Test
    void anIdThatACrashToreOffIsNoHindrance() throws IOException {
        file(1, hers(1), Events.interaction(2));
        store().eraseStored("ann");
        Path ids = folder.resolve("forgotten.txt");
        Files.writeString(ids, Files.readString(ids) + Events.id(2).toString().substring(0, 20));
        file(3, hers(3));

        store().eraseStored("ann");
        try (JsonLinesSink sink = JsonLinesSink.in(folder)) {
            sink.accept(correction(1));
            sink.accept(correction(2));
            sink.accept(correction(3));
        }

        assertThat(read(store()))
                .filteredOn(event -> event.toJson().contains("calendula"))
                .extracting(FeedbackEvent::interactionId)
                .containsExactly(Events.id(2));
    }

    @Test
    void forgetsAPersonAlsoInThePlainCopyOfAFileThatWasJustZipped() throws IOException {
        file(1, hers(1));
        Files.write(folder.resolve("events-00000001.jsonl.gz"), zipped(hers(1)));
        file(2, Events.comment(2));

        store().eraseStored("ann");

        assertThat(Folders.everything(folder)).doesNotContain(ANN, "rash");
        assertThat(Folders.names(folder)).contains("events-00000001.jsonl.gz").doesNotContain("events-00000001.jsonl");
    }

    @Test
    void forgetsAPersonAlsoInTheSideFileOfAFileThatIsGone() throws IOException {
        file(7, Events.comment(1));
        Files.writeString(folder.resolve("corrupt-00000003.jsonl"), "{\"line\":1,\"text\":\"my rash\"}\n");

        ErasureReport report = store().eraseStored("ann");

        assertThat(report.corruptLines()).isEqualTo(1);
        assertThat(Folders.everything(folder)).doesNotContain("rash");
    }

    @Test
    void aZippedFileThatWasCutOffKeepsNobodyFromBeingForgotten() throws IOException {
        FeedbackEvent[] many =
                IntStream.range(0, 500).mapToObj(JsonLinesErasureTest::hers).toArray(FeedbackEvent[]::new);
        byte[] whole = zipped(many);
        Files.write(folder.resolve("events-00000001.jsonl.gz"), Arrays.copyOf(whole, whole.length / 2));
        Files.write(folder.resolve("events-00000002.jsonl.gz"), new byte[0]);
        Files.write(folder.resolve("events-00000003.jsonl.gz"), "no gzip at all".getBytes(StandardCharsets.UTF_8));
        file(4, Events.comment(4));
        int readable = read(store()).size();
        assertThat(readable).isBetween(100, 499);

        ErasureReport report = store().eraseStored("ann");

        assertThat(report.interactions()).isEqualTo(readable - 1);
        assertThat(report.corruptLines()).isEqualTo(3);
        assertThat(Folders.everything(folder)).doesNotContain(ANN, "rash", "no gzip");
        assertThat(read(store()))
                .filteredOn(event -> !(event instanceof Erasure))
                .hasSize(readable);
        assertThat(store().corruptLines()).isZero();
    }

    @Test
    void aZippedFileThatWasCutOffIsDeletedWhenAllThatCanBeReadOfItIsOld() throws IOException {
        byte[] whole =
                zipped(IntStream.range(0, 500).mapToObj(Events::interaction).toArray(FeedbackEvent[]::new));
        Files.write(folder.resolve("events-00000001.jsonl.gz"), Arrays.copyOf(whole, whole.length / 2));
        file(2, Events.interaction(5_000));
        assertThat(store().corruptLines()).isZero();

        RetentionReport report = store().deleteBefore(Events.TIME.plusSeconds(600));

        assertThat(report.filesDeleted()).isEqualTo(1);
        assertThat(read(store())).hasSize(1);
    }

    @Test
    void eventsGoOnBeingWrittenWhileFilesAreRewritten() throws Exception {
        try (JsonLinesSink sink = JsonLinesSink.in(folder)) {
            sink.accept(hers(1));
            sink.alone((files, same) -> {
                assertThat(files).hasSize(1);
                assertThat(CompletableFuture.runAsync(() -> sink.accept(Events.comment(2))))
                        .succeedsWithin(Duration.ofSeconds(30));
            });
            sink.accept(Events.comment(3));

            sink.store(USERS).eraseStored("ann");
            assertThat(read(sink.store(USERS))).hasSize(4);
        }
        assertThat(Folders.everything(folder)).doesNotContain("rash");
    }

    @Test
    void whoReadsWhileOldFilesAreDeletedReadsOn() throws IOException {
        file(1, Events.interaction(1));
        file(2, Events.interaction(2));
        file(3, Events.interaction(300));
        try (Stream<FeedbackEvent> events = store().events()) {
            List<FeedbackEvent> read = events.peek(event -> store().deleteBefore(Events.TIME.plusSeconds(200)))
                    .toList();

            assertThat(read).extracting(FeedbackEvent::interactionId).containsExactly(Events.id(1), Events.id(300));
        }
    }

    @Test
    void aSinkThatCannotBeOpenedLeavesTheFolderToOthers() throws IOException {
        Path newer = folder.resolve("events-00000001.jsonl");
        Files.writeString(newer, Events.comment(1).toJson().replace("\"v\":1", "\"v\":9") + "\n");
        assertThatThrownBy(() -> JsonLinesSink.in(folder)).isInstanceOf(SchemaTooNew.class);
        Files.delete(newer);

        JsonLinesSink.in(folder).close();
    }

    @Test
    void aSinkThatCannotForceItsFileWhenItIsClosedLeavesTheFolderToOthers() {
        FullDisk disk = new FullDisk();
        disk.forces = false;
        JsonLinesSink sink = JsonLinesSink.builder(folder)
                .flush(FlushPolicy.none())
                .opener(disk)
                .build();
        sink.accept(Events.comment(1));

        assertThatThrownBy(sink::close).hasMessageContaining("cannot close the events");

        JsonLinesSink.in(folder).close();
    }

    @Test
    void theStoreOfAClosedSinkLeavesTheFilesOfTheNextOneAlone() {
        JsonLinesSink closed = JsonLinesSink.in(folder);
        closed.accept(Events.interaction(1));
        closed.close();
        JsonLinesStore itsStore = closed.store(USERS);
        try (JsonLinesSink next = JsonLinesSink.in(folder)) {
            next.accept(hers(2));

            assertThatThrownBy(() -> itsStore.deleteBefore(Events.TIME.plusSeconds(1_000)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is closed")
                    .hasMessageContaining("expected: the store of an open sink");
            assertThatThrownBy(() -> itsStore.eraseStored("ann")).isInstanceOf(IllegalStateException.class);
            next.accept(Events.interaction(3));
        }

        assertThat(read(store())).hasSize(3);
    }

    @Test
    void anErasureThatFindsNoRoomLeavesNoFileBehind() {
        FullDisk disk = new FullDisk();
        try (JsonLinesSink sink =
                JsonLinesSink.builder(folder).opener(disk).withoutZip().build()) {
            sink.accept(hers(1));
            disk.room = 10;
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> sink.store(USERS).eraseStored("ann")).isInstanceOf(UncheckedIOException.class);
            }
            assertThat(Folders.names(folder)).containsExactly("events-00000001.jsonl");

            disk.room = Long.MAX_VALUE;
            assertThat(sink.store(USERS).eraseStored("ann").interactions()).isEqualTo(1);
            assertThat(Folders.names(folder))
                    .containsExactly("events-00000001.jsonl", "events-00000002.jsonl", "forgotten.txt");
        }
        assertThat(Folders.everything(folder)).doesNotContain(ANN, "rash");
    }

    @Test
    void aFileThatCouldNotBeZippedOrRewrittenLeavesNothingHalfDone() throws IOException {
        Path unreadable = Files.createDirectory(folder.resolve("events-00000001.jsonl"));
        ClosedFiles closedFiles = new ClosedFiles(folder);
        assertThatThrownBy(() -> closedFiles.zipBefore(2)).isInstanceOf(IOException.class);
        assertThat(Folders.names(folder)).containsExactly("events-00000001.jsonl");
        closedFiles.leave();
        Files.delete(unreadable);

        file(1, hers(1), hers(2));
        FileRewriter failing = new FileRewriter(new CorruptLines(folder));
        assertThatThrownBy(() -> failing.rewrite(EventFile.in(folder).get(0), event -> {
                    throw new IllegalStateException("fails");
                }))
                .hasMessage("fails");
        assertThat(Folders.names(folder)).containsExactly("events-00000001.jsonl");
    }

    @Test
    void aFileMayStayOpenForever() {
        try (JsonLinesSink sink = JsonLinesSink.builder(folder)
                .rotateEvery(Duration.ofSeconds(Long.MAX_VALUE))
                .build()) {
            sink.accept(Events.comment(1));
            sink.accept(Events.comment(2));
        }
        assertThat(Folders.names(folder)).hasSize(1);
    }

    private static InteractionEvent hers(int number) {
        Instant time = Events.TIME.plusSeconds(number);
        return Events.interaction(Events.id(number), time, "support", ANN, "my rash itches", "take calendula");
    }

    /** What was delivered already. */
    private static FeedbackEvent hers(int number, EventFile in) throws IOException {
        try (Lines lines = Lines.of(in.path())) {
            while (lines.next()) {
                FeedbackEvent event = lines.event();
                if (event.interactionId().equals(Events.id(number))) {
                    return event;
                }
            }
        }
        throw new AssertionError("no event " + number);
    }

    /** By nobody known: only the interaction leads to it. */
    private static Correction correction(int number) {
        return new Correction(Events.info(Events.id(number)), "take calendula twice", Correction.Author.EDITOR);
    }

    private void file(int number, FeedbackEvent... events) throws IOException {
        Files.writeString(EventFile.plain(folder, number), lines(events));
    }

    private static byte[] zipped(FeedbackEvent... events) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(lines(events).getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static String lines(FeedbackEvent... events) {
        return Arrays.stream(events).map(event -> event.toJson() + "\n").collect(Collectors.joining());
    }

    private JsonLinesStore store() {
        return JsonLinesStore.in(folder, USERS);
    }

    private static List<FeedbackEvent> read(FeedbackStore store) {
        try (Stream<FeedbackEvent> events = store.events()) {
            return events.toList();
        }
    }
}
