package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.testkit.TestClock;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonLinesTest {

    private static final UserIds USERS = UserIds.keyed(Events.KEY);

    @TempDir
    Path folder;

    @Test
    void readsBackWhatWasWritten() {
        List<FeedbackEvent> events = Events.ofEveryKind();
        try (JsonLinesSink sink = JsonLinesSink.in(folder)) {
            sink.acceptAll(events);

            assertThat(read(sink.store(USERS))).isEqualTo(events);
        }
        assertThat(read(store())).isEqualTo(events);
    }

    @Test
    void goesOnWithTheLastFile() {
        write(Events.comment(1));
        write(Events.comment(2));

        assertThat(Folders.names(folder)).containsExactly("events-00000001.jsonl");
        assertThat(read(store())).hasSize(2);
    }

    @Test
    void beginsANewFileWhenTheOldOneIsLargeAndZipsTheOldOne() {
        try (JsonLinesSink sink =
                JsonLinesSink.builder(folder).rotateAtBytes(1_000).build()) {
            for (int i = 0; i < 40; i++) {
                sink.accept(Events.comment(i));
            }
            await().until(() -> Folders.names(folder).stream()
                            .filter(name -> name.endsWith(".jsonl"))
                            .count()
                    == 1);
        }

        assertThat(Folders.names(folder)).hasSizeGreaterThan(5).contains("events-00000001.jsonl.gz");
        assertThat(read(store())).hasSize(40);
    }

    @Test
    void beginsANewFileWhenTheOldOneIsOldAlsoAfterARestart() {
        TestClock clock = new TestClock(Events.TIME);
        try (JsonLinesSink sink = aged(clock)) {
            sink.accept(Events.comment(1));
            clock.advance(Duration.ofHours(1));
            sink.accept(Events.comment(2));
        }
        assertThat(Folders.names(folder)).hasSize(2);

        clock.advance(Duration.ofHours(3));
        try (JsonLinesSink sink = aged(clock)) {
            sink.accept(Events.comment(3));
        }
        assertThat(Folders.names(folder)).hasSize(3);
        assertThat(read(store())).hasSize(3);
    }

    @Test
    void beginsANewFileInTimeAlsoWhenTheClockWasSetBack() {
        TestClock clock = new TestClock(Events.TIME);
        AtomicReference<Clock> told = new AtomicReference<>(Clock.offset(clock, Duration.ofDays(365)));
        InstantSource turnedBack = () -> told.get().instant();
        try (JsonLinesSink sink = aged(turnedBack.withZone(ZoneOffset.UTC))) {
            sink.accept(Events.comment(1));
            told.set(clock);
            sink.accept(Events.comment(2));
            assertThat(Folders.names(folder)).hasSize(1);

            clock.advance(Duration.ofHours(1));
            sink.accept(Events.comment(3));
        }
        assertThat(Folders.names(folder)).hasSize(2);
    }

    private JsonLinesSink aged(Clock clock) {
        return JsonLinesSink.builder(folder)
                .rotateEvery(Duration.ofHours(1))
                .withoutZip()
                .clock(clock)
                .build();
    }

    @Test
    void setsATornLastLineAsideAndGoesOn() throws IOException {
        write(Events.comment(1));
        String torn = Events.comment(2).toJson();
        append("events-00000001.jsonl", torn.substring(0, torn.length() - 5));

        write(Events.comment(3));

        assertThat(read(store())).extracting(FeedbackEvent::interactionId).containsExactly(Events.id(1), Events.id(3));
        assertThat(store().corruptLines()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("corrupt-00000001.jsonl")))
                .contains("\"line\":2")
                .contains("not finished");
    }

    @Test
    void repairsEveryPlaceWhereALineCanBeTorn() throws IOException {
        byte[] line = (Events.fullInteraction().toJson() + "\n").getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("events-00000001.jsonl");
        for (int length = 0; length < line.length - 1; length += 11) {
            byte[] whole = (Events.comment(1).toJson() + "\n").getBytes(StandardCharsets.UTF_8);
            Files.write(file, whole);
            Files.write(file, Arrays.copyOf(line, length), StandardOpenOption.APPEND);

            write(Events.comment(2));

            assertThat(read(store()))
                    .extracting(FeedbackEvent::interactionId)
                    .containsExactly(Events.id(1), Events.id(2));
        }
    }

    @Test
    void keepsALastLineThatLacksOnlyItsLineBreak() throws IOException {
        write(Events.comment(1));
        append("events-00000001.jsonl", Events.comment(2).toJson());

        write(Events.comment(3));

        assertThat(read(store())).hasSize(3);
        assertThat(store().corruptLines()).isZero();
    }

    @Test
    void setsCorruptLinesAsideWithTheirNumbersOnceAndReadsTheRest() throws IOException {
        write(Events.comment(1));
        append("events-00000001.jsonl", "garbage\n\n{\"v\":1,\"kind\":\"comment\"}\n");
        append("events-00000001.jsonl", Events.comment(2).toJson() + "\n");
        JsonLinesStore store = store();

        assertThat(read(store)).hasSize(2);
        assertThat(read(store)).hasSize(2);

        assertThat(store.corruptLines()).isEqualTo(2);
        assertThat(store().corruptLines()).isEqualTo(2);
        assertThat(Files.readAllLines(folder.resolve("corrupt-00000001.jsonl")))
                .hasSize(2)
                .first()
                .asString()
                .contains("\"line\":2", "garbage");
    }

    @Test
    void neverTakesTheLineThatIsJustBeingWrittenForCorrupt() throws IOException {
        write(Events.comment(1));
        append("events-00000001.jsonl", "{\"v\":1,\"ki");

        assertThat(read(store())).hasSize(1);
        assertThat(store().corruptLines()).isZero();
    }

    @Test
    void readsWhatIsThereOfAZippedFileThatWasCutOff() throws IOException {
        try (JsonLinesSink sink =
                JsonLinesSink.builder(folder).rotateAtBytes(100_000).build()) {
            for (int i = 0; i < 1_000; i++) {
                sink.accept(Events.interaction(i));
            }
            await().until(() -> Folders.names(folder).contains("events-00000001.jsonl.gz"));
        }
        Path zipped = folder.resolve("events-00000001.jsonl.gz");
        byte[] bytes = Files.readAllBytes(zipped);
        Files.write(zipped, Arrays.copyOf(bytes, bytes.length / 2));

        assertThat(read(store())).hasSizeBetween(500, 999);
        assertThat(store().corruptLines()).isPositive();
    }

    @Test
    void refusesToReadWhatANewerVersionWrote() throws IOException {
        write(Events.comment(1));
        append("events-00000001.jsonl", Events.comment(2).toJson().replace("\"v\":1", "\"v\":9") + "\n");

        assertThatThrownBy(() -> read(store())).isInstanceOf(SchemaTooNew.class);
    }

    @Test
    void duplicatesChangeNothing() {
        List<FeedbackEvent> events = new ArrayList<>(Events.ofEveryKind());
        events.addAll(Events.ofEveryKind().subList(0, 1));
        try (JsonLinesSink sink = JsonLinesSink.in(folder)) {
            sink.acceptAll(events);
            sink.acceptAll(events);
            sink.accept(events.get(3));

            assertThat(read(sink.store(USERS))).isEqualTo(events);
            assertThat(sink.store(USERS).coverage(InteractionQuery.all()).interactions())
                    .isEqualTo(2);
        }
    }

    @Test
    void findsInteractionsByWhatIsKnownOfThem() {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        try (JsonLinesSink sink = JsonLinesSink.in(folder)) {
            sink.accept(Events.interaction(Events.id(1), noon, "support", "u", "q", "a"));
            sink.accept(Events.interaction(Events.id(2), noon.plusSeconds(60), "sales", "u", "q", "a"));
            sink.accept(Events.fullInteraction());
            sink.accept(Events.comment(1));
        }
        JsonLinesStore store = store();
        InteractionQuery all = InteractionQuery.all();

        assertThat(count(store, all)).isEqualTo(3);
        assertThat(count(store, all.workload("sales"))).isEqualTo(1);
        assertThat(count(store, all.tenant("acme"))).isEqualTo(3);
        assertThat(count(store, all.tenant("other"))).isZero();
        assertThat(count(store, all.outcome(Outcome.FAILED))).isEqualTo(1);
        assertThat(count(store, all.fingerprint("f1").outcome(Outcome.ANSWERED)))
                .isEqualTo(2);
        assertThat(count(store, all.between(noon, noon.plusSeconds(60)))).isEqualTo(2);
        assertThat(count(store, all.between(noon, noon.plusSeconds(61)))).isEqualTo(3);
    }

    @Test
    void joinsFeedbackThatCameBeforeItsInteractionAndFeedbackOnItsRepetitions() {
        UUID original = Events.id(1);
        UUID hit = Events.id(2);
        EventInfo onHit = new EventInfo(EventIds.at(5), Events.TIME.plusSeconds(9), "web", hit, original, null);
        try (JsonLinesSink sink = JsonLinesSink.in(folder)) {
            sink.accept(Satisfaction.thumb(Events.info(original), true));
            sink.accept(Events.interaction(1));
            sink.accept(Events.comment(3));
            sink.accept(Satisfaction.thumb(onHit, false));
            sink.accept(new Preference(Events.info(Events.id(4)), original, Preference.Shown.UNKNOWN));
        }

        Timeline timeline = store().timeline(original);

        assertThat(timeline.interaction().interactionId()).isEqualTo(original);
        assertThat(timeline.of(Satisfaction.class)).hasSize(2);
        assertThat(timeline.of(Preference.class)).hasSize(1);
        assertThat(timeline.feedback()).hasSize(3);
        assertThat(store().timeline(hit).interaction()).isNull();
        assertThat(store().timeline(hit).feedback()).hasSize(1);
    }

    @Test
    void countsCoverageOverAllInteractions() {
        try (JsonLinesSink sink = JsonLinesSink.in(folder)) {
            sink.accept(Satisfaction.thumb(Events.info(Events.id(1)), true));
            for (int i = 0; i < 10; i++) {
                sink.accept(Events.interaction(i));
            }
            sink.accept(Satisfaction.thumb(Events.info(Events.id(1)), true));
            sink.accept(new Signal(Events.info(Events.id(2)), SignalType.COPIED, null, null));
            sink.accept(Events.comment(3));
            sink.accept(Events.comment(99));
        }

        Coverage coverage = store().coverage(InteractionQuery.all());

        assertThat(coverage).isEqualTo(new Coverage(10, 1, 0, 0, 1, 3));
        assertThat(coverage.ratedShare()).isEqualTo(0.1);
        assertThat(store().coverage(InteractionQuery.all().workload("none")).anyShare())
                .isZero();
    }

    /** A hundred thousand labelled answers with all that was said of them would take several times this memory. */
    @Test
    void answersQuestionsOnLabelsInLittleMemory() throws Exception {
        String verdict = new Correctness(
                        Events.info(Events.id(0)),
                        Correctness.Verdict.INCORRECT,
                        Correctness.Judge.EXPERT,
                        Correctness.Reason.WRONG,
                        "it says nothing of the fee for returns")
                .toJson();
        try (BufferedWriter lines = Files.newBufferedWriter(EventFile.plain(folder, 1))) {
            for (int i = 0; i < 100_000; i++) {
                lines.write(
                        verdict.replace(Events.id(0).toString(), Events.id(i).toString()));
                lines.newLine();
            }
            for (FeedbackEvent event : List.of(
                    Events.interaction(1),
                    new Signal(Events.info(Events.id(1)), SignalType.ABANDONED, null, null),
                    new Signal(Events.info(Events.id(1)), SignalType.CORRECTED, null, null),
                    Events.interaction(2),
                    Events.interaction(200_000))) {
                lines.write(event.toJson());
                lines.newLine();
            }
        }

        Process process = ChildJvm.start(LabelProbe.class, List.of("-Xmx36m", "-XX:+UseSerialGC"), folder.toString());

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1 + 2);
    }

    @Test
    void deletesWhatIsOldInWholeAndInPart() {
        try (JsonLinesSink sink = small()) {
            for (int i = 0; i < 100; i++) {
                sink.accept(Events.interaction(i));
            }
            RetentionReport report = sink.store(USERS).deleteBefore(Events.TIME.plusSeconds(50));

            assertThat(report.events()).isEqualTo(50);
            assertThat(report.filesDeleted()).isPositive();
            sink.accept(Events.interaction(100));
            assertThat(count(sink.store(USERS), InteractionQuery.all())).isEqualTo(51);
        }
    }

    static Stream<UserIds> waysToStorePeople() {
        return Stream.of(USERS, UserIds.plain());
    }

    @ParameterizedTest
    @MethodSource("waysToStorePeople")
    void forgetsAPersonInEveryFile(UserIds users) throws IOException {
        String ann = users.stored("ann@example.org");
        String bob = users.stored("bob@example.org");
        try (JsonLinesSink sink = small()) {
            Feedback feedback = Feedback.builder(sink).users(users).build();
            for (int i = 0; i < 60; i++) {
                boolean hers = i % 3 == 0;
                sink.accept(Events.interaction(
                        Events.id(i),
                        Events.TIME,
                        "support",
                        hers ? ann : bob,
                        hers ? "my rash itches" : "my bike squeaks",
                        hers ? "take calendula" : "take oil"));
                if (hers) {
                    feedback.on(Events.id(i)).by("expert@example.org").correction("take calendula twice");
                } else {
                    feedback.on(Events.id(i)).by("ann@example.org").comment("I, ann, like this");
                }
            }
            JsonLinesStore store = sink.store(users);

            ErasureReport report = store.eraseStored("ann@example.org");

            assertThat(report.interactions()).isEqualTo(20);
            assertThat(report.feedback()).isEqualTo(60);
            assertThat(report.touched()).isNotEmpty();
            assertThat(Folders.everything(folder))
                    .doesNotContain("ann@example.org", ann, "rash", "calendula", "I, ann")
                    .contains("my bike squeaks", bob);
            assertThat(count(store, InteractionQuery.all())).isEqualTo(60);
            assertThat(store.coverage(InteractionQuery.all()).withAny()).isEqualTo(60);
            assertThat(store.timeline(Events.id(0)).of(Erasure.class)).hasSize(1);
            sink.accept(Events.comment(77));
            assertThat(store.eraseStored("ann@example.org").touched()).isEmpty();
        }
    }

    @Test
    void anErasureDeletesLinesOfWhichNobodyCanTellWhoseTheyAre() throws IOException {
        String line = Events.interaction(Events.id(1), Events.TIME, "w", USERS.stored("ann"), "my rash", "x")
                .toJson();
        write(Events.comment(1));
        append("events-00000001.jsonl", line.substring(0, line.length() - 20) + "\n" + line.substring(0, 300));
        write(Events.comment(2));
        assertThat(read(store())).hasSize(2);

        ErasureReport report = store().eraseStored("ann");

        assertThat(report.corruptLines()).isEqualTo(2);
        assertThat(Folders.everything(folder)).doesNotContain("rash", USERS.stored("ann"));
        assertThat(read(store())).hasSize(2);
        assertThat(store().corruptLines()).isZero();
    }

    @Test
    void findsPeopleUnderOlderKeysToo() {
        byte[] older = new byte[32];
        write(Events.interaction(
                Events.id(1), Events.TIME, "w", UserIds.keyed(older).stored("ann"), "my rash", "x"));

        JsonLinesStore.in(folder, UserIds.keyed(Events.KEY, older)).eraseStored("ann");

        assertThat(Folders.everything(folder)).doesNotContain("rash");
    }

    @Test
    void aFolderHasOneWriter() {
        try (JsonLinesSink sink = JsonLinesSink.in(folder)) {
            sink.accept(Events.comment(1));
            assertThatThrownBy(() -> JsonLinesSink.in(folder))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use by another sink");
            assertThatThrownBy(() -> store().eraseStored("ann"))
                    .hasMessageContaining("ask the running sink for its store");
            assertThat(read(store())).hasSize(1);
        }
        write(Events.comment(2));
    }

    @Test
    void refusesAFolderThatIsNone() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> JsonLinesSink.in(file.resolve("below")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("expected: a folder that can be written");
        assertThatThrownBy(() -> JsonLinesStore.in(file, USERS)).hasMessageContaining("expected: a folder");
    }

    @Test
    void takesAWriteBackThatADiskTookHalfOf() {
        FullDisk disk = new FullDisk();
        List<FeedbackEvent> kept = new ArrayList<>();
        try (JsonLinesSink sink = JsonLinesSink.builder(folder).opener(disk).build()) {
            Random random = new Random(7);
            for (int i = 0; i < 200; i++) {
                disk.room = random.nextInt(3) == 0 ? random.nextInt(200) : Long.MAX_VALUE;
                FeedbackEvent event = Events.comment(i);
                try {
                    sink.accept(event);
                    kept.add(event);
                } catch (UncheckedIOException e) {
                    assertThat(e).hasCauseInstanceOf(IOException.class);
                }
            }
        }

        assertThat(kept).hasSizeBetween(50, 199);
        assertThat(read(store())).isEqualTo(kept);
        assertThat(store().corruptLines()).isZero();
    }

    @Test
    void beginsANewFileWhenAHalfWrittenLineCannotBeTakenBack() {
        FullDisk disk = new FullDisk();
        try (JsonLinesSink sink = JsonLinesSink.builder(folder).opener(disk).build()) {
            sink.accept(Events.comment(1));
            disk.room = 30;
            disk.truncates = false;
            assertThatThrownBy(() -> sink.accept(Events.comment(2))).isInstanceOf(UncheckedIOException.class);
            disk.room = Long.MAX_VALUE;
            sink.accept(Events.comment(3));
        }

        assertThat(read(store())).extracting(FeedbackEvent::interactionId).containsExactly(Events.id(1), Events.id(3));
        assertThat(store().corruptLines()).isEqualTo(1);
    }

    @Test
    void doesNotAcknowledgeWhatCouldNotBeForced() {
        FullDisk disk = new FullDisk();
        try (JsonLinesSink sink = JsonLinesSink.builder(folder)
                .opener(disk)
                .flush(FlushPolicy.everyEvent())
                .build()) {
            sink.accept(Events.comment(1));
            disk.forces = false;
            assertThatThrownBy(() -> sink.accept(Events.comment(2))).isInstanceOf(UncheckedIOException.class);
            disk.forces = true;
            sink.accept(Events.comment(3));
        }

        assertThat(Folders.names(folder)).contains("events-00000002.jsonl");
    }

    @Test
    void forcesInTheBackgroundAtTheInterval() {
        FullDisk disk = new FullDisk();
        try (JsonLinesSink sink = JsonLinesSink.builder(folder)
                .opener(disk)
                .flush(FlushPolicy.every(Duration.ofMillis(5)))
                .build()) {
            sink.accept(Events.comment(1));
            await().until(() -> disk.forced.get() > 0);
        }
    }

    @Test
    void aFlushWaitsForWhatIsBeingForcedInTheBackground() throws Exception {
        CountDownLatch forcing = new CountDownLatch(1);
        CountDownLatch forced = new CountDownLatch(1);
        FullDisk disk = new FullDisk();
        disk.whileForcing = () -> {
            forcing.countDown();
            assertThat(forced.await(60, TimeUnit.SECONDS)).isTrue();
        };
        try (JsonLinesSink sink = JsonLinesSink.builder(folder)
                .opener(disk)
                .flush(FlushPolicy.every(Duration.ofMillis(5)))
                .build()) {
            sink.accept(Events.comment(1));
            assertThat(forcing.await(60, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> flushed = CompletableFuture.runAsync(() -> {
                sink.flush();
                assertThat(disk.forced.get()).isEqualTo(1);
            });
            // It may take a moment to fail; it never fails without a fault.
            assertThat(flushed.isCompletedExceptionally()).isFalse();
            forced.countDown();
            flushed.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void aFlushSaysThatForcingInTheBackgroundFailed() throws Exception {
        FullDisk disk = new FullDisk();
        CountDownLatch tried = new CountDownLatch(1);
        disk.whileForcing = tried::countDown;
        try (JsonLinesSink sink = JsonLinesSink.builder(folder)
                .opener(disk)
                .flush(FlushPolicy.every(Duration.ofMillis(5)))
                .build()) {
            disk.forces = false;
            sink.accept(Events.comment(1));
            assertThat(tried.await(60, TimeUnit.SECONDS)).isTrue();

            assertThatThrownBy(sink::flush).isInstanceOf(UncheckedIOException.class);
            disk.forces = true;
        }
    }

    @Test
    void aFlushSaysThatAllIsSafeOnlyWhenItWasForced() {
        FullDisk disk = new FullDisk();
        try (JsonLinesSink sink = JsonLinesSink.builder(folder)
                .opener(disk)
                .flush(FlushPolicy.none())
                .build()) {
            sink.accept(Events.comment(1));
            disk.forces = false;
            assertThatThrownBy(sink::flush).isInstanceOf(UncheckedIOException.class);
            assertThatThrownBy(sink::flush).isInstanceOf(UncheckedIOException.class);

            disk.forces = true;
            sink.flush();
            sink.flush();
            assertThat(disk.forced).hasValue(1);
        }
    }

    @Test
    void readsBackTextsOfEverySizeThatItTakes() {
        String text = "x".repeat(21_000_000);
        write(new Comment(Events.info(Events.id(1)), text));

        assertThat(read(store())).singleElement().isInstanceOfSatisfying(Comment.class, comment -> assertThat(
                        comment.text().equals(text))
                .isTrue());
    }

    @Test
    void readsManyEventsThatWereWrittenWhileReading() {
        List<FeedbackEvent> events = new ArrayList<>();
        IntStream.range(0, 2_000).forEach(i -> events.add(Events.interaction(i)));
        Collections.shuffle(events, new Random(3));
        try (JsonLinesSink sink = small()) {
            JsonLinesStore store = sink.store(USERS);
            for (int i = 0; i < events.size(); i++) {
                sink.accept(events.get(i));
                if (i % 500 == 0) {
                    assertThat(count(store, InteractionQuery.all())).isEqualTo(i + 1);
                }
            }
            assertThat(count(store, InteractionQuery.all())).isEqualTo(2_000);
            assertThat(store.corruptLines()).isZero();
        }
    }

    private JsonLinesSink small() {
        return JsonLinesSink.builder(folder).rotateAtBytes(10_000).build();
    }

    private JsonLinesStore store() {
        return JsonLinesStore.in(folder, USERS);
    }

    private void write(FeedbackEvent event) {
        try (JsonLinesSink sink =
                JsonLinesSink.builder(folder).clock(new TestClock(Events.TIME)).build()) {
            sink.accept(event);
        }
    }

    private void append(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static long count(FeedbackStore store, InteractionQuery query) {
        try (Stream<InteractionEvent> interactions = store.interactions(query)) {
            return interactions.count();
        }
    }

    private static List<FeedbackEvent> read(FeedbackStore store) {
        try (Stream<FeedbackEvent> events = store.events()) {
            return events.toList();
        }
    }
}
