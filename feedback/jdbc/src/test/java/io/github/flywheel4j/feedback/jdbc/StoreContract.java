package io.github.flywheel4j.feedback.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.feedback.AsyncSink;
import io.github.flywheel4j.feedback.Comment;
import io.github.flywheel4j.feedback.Correction;
import io.github.flywheel4j.feedback.Correctness;
import io.github.flywheel4j.feedback.Coverage;
import io.github.flywheel4j.feedback.Erasure;
import io.github.flywheel4j.feedback.ErasureReport;
import io.github.flywheel4j.feedback.Feedback;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.FeedbackSink;
import io.github.flywheel4j.feedback.FeedbackStore;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.InteractionQuery;
import io.github.flywheel4j.feedback.Labeler;
import io.github.flywheel4j.feedback.Preference;
import io.github.flywheel4j.feedback.Satisfaction;
import io.github.flywheel4j.feedback.SignalStrengths;
import io.github.flywheel4j.feedback.SignalType;
import io.github.flywheel4j.feedback.Timeline;
import io.github.flywheel4j.feedback.UserIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store does, whatever it keeps its events in. */
abstract class StoreContract {

    static final UserIds USERS = UserIds.keyed(Events.KEY);

    @TempDir
    Path folder;

    FeedbackSink sink;
    FeedbackStore store;

    abstract FeedbackSink open() throws Exception;

    /** Closes the sink and opens one on the same store, as a process does that is started again. */
    abstract FeedbackSink open(FeedbackSink again) throws Exception;

    abstract FeedbackStore storeOf(FeedbackSink sink);

    /** Closes the store and returns all that it left behind, byte by byte. */
    abstract String everythingLeft() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        sink = open();
        store = storeOf(sink);
    }

    @AfterEach
    void closeStore() {
        sink.close();
    }

    @Test
    void givesBackEveryKindOfEventAsItWasInTheOrderOfWriting() {
        List<FeedbackEvent> events = Events.ofEveryKind();
        sink.acceptAll(events.subList(0, 5));
        events.subList(5, events.size()).forEach(sink::accept);

        assertThat(read(store.events())).isEqualTo(events);
    }

    @Test
    void anEventThatIsDeliveredTwiceIsOne() {
        FeedbackEvent interaction = Events.interaction(1).event();
        FeedbackEvent thumb = Satisfaction.thumb(Events.on(1), true);

        sink.acceptAll(List.of(interaction, thumb, interaction));
        sink.acceptAll(List.of(thumb, Events.comment(2)));
        sink.accept(interaction);

        assertThat(read(store.events())).hasSize(3);
        assertThat(store.coverage(InteractionQuery.all())).isEqualTo(new Coverage(1, 1, 0, 0, 0, 1));
        assertThat(store.timeline(Events.id(1)).feedback()).containsExactly(thumb);
    }

    @Test
    void takesTheSameEventsFromManyThreadsOnce() throws Exception {
        List<FeedbackEvent> events = IntStream.range(0, 200)
                .mapToObj(i -> (FeedbackEvent) Events.comment(i))
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> done = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            done.add(threads.submit(() -> {
                assertThat(start.await(10, TimeUnit.SECONDS)).isTrue();
                for (int i = 0; i < events.size(); i += 10) {
                    sink.acceptAll(events.subList(i, i + 10));
                }
                return null;
            }));
        }
        start.countDown();
        for (Future<?> each : done) {
            each.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();

        assertThat(read(store.events())).containsExactlyInAnyOrderElementsOf(events);
    }

    @Test
    void findsInteractionsByEachConditionAndByAll() {
        sink.accept(Events.interaction(1).event());
        sink.accept(Events.interaction(2)
                .of("search", "acme", Outcome.ANSWERED, "f1")
                .event());
        sink.accept(Events.interaction(3)
                .of("support", "zebra", Outcome.ANSWERED, "f1")
                .event());
        sink.accept(Events.interaction(4)
                .of("support", "acme", Outcome.FAILED, "f1")
                .event());
        sink.accept(Events.interaction(5)
                .of("support", "acme", Outcome.ANSWERED, "f2")
                .event());
        InteractionQuery all = InteractionQuery.all();

        assertThat(found(all)).containsExactly(1, 2, 3, 4, 5);
        assertThat(found(all.workload("search"))).containsExactly(2);
        assertThat(found(all.tenant("zebra"))).containsExactly(3);
        assertThat(found(all.outcome(Outcome.FAILED))).containsExactly(4);
        assertThat(found(all.fingerprint("f2"))).containsExactly(5);
        assertThat(found(all.workload("support").tenant("acme"))).containsExactly(1, 4, 5);
        assertThat(found(all.workload("support")
                        .tenant("acme")
                        .outcome(Outcome.ANSWERED)
                        .fingerprint("f1")))
                .containsExactly(1);
        assertThat(found(all.workload("x' OR '1'='1"))).isEmpty();
    }

    @Test
    void findsInteractionsByTimeToTheNanosecondTheEndLeftOut() {
        Instant time = Events.TIME;
        sink.accept(Events.interaction(1).at(time.minusNanos(1)).event());
        sink.accept(Events.interaction(2).at(time).event());
        sink.accept(Events.interaction(3).at(time.plusNanos(1)).event());
        sink.accept(
                Events.interaction(4).at(Instant.parse("0001-01-01T00:00:00Z")).event());
        sink.accept(
                Events.interaction(5).at(Instant.parse("9999-01-01T00:00:00Z")).event());

        assertThat(found(InteractionQuery.all().between(time, time.plusNanos(1))))
                .containsExactly(2);
        assertThat(found(InteractionQuery.all().between(time.minusNanos(1), time.plusNanos(1))))
                .containsExactly(1, 2);
        assertThat(found(InteractionQuery.all().between(Instant.EPOCH, time))).containsExactly(1);
    }

    @Test
    void findsInteractionsByTheLatestVerdict() {
        Instant time = Events.TIME;
        for (int i = 1; i <= 5; i++) {
            sink.accept(Events.interaction(i).event());
        }
        sink.accept(Events.verdict(1, Correctness.Verdict.INCORRECT, time));
        sink.accept(Events.verdict(2, Correctness.Verdict.CORRECT, time.plusNanos(1)));
        sink.accept(Events.verdict(2, Correctness.Verdict.INCORRECT, time));
        sink.accept(Events.verdict(3, Correctness.Verdict.CORRECT, time));
        sink.accept(Events.verdict(3, Correctness.Verdict.INCORRECT, time));
        sink.accept(Satisfaction.thumb(Events.on(4), false));
        sink.accept(Events.signal(4, SignalType.CORRECTED));
        sink.accept(Events.verdict(9, Correctness.Verdict.INCORRECT, time));
        InteractionQuery all = InteractionQuery.all();

        assertThat(found(all.verdict(Correctness.Verdict.INCORRECT))).containsExactly(1, 3);
        assertThat(found(all.verdict(Correctness.Verdict.CORRECT))).containsExactly(2);
        assertThat(found(all.verdict(Correctness.Verdict.PARTLY))).isEmpty();
        assertThat(found(all.verdict(Correctness.Verdict.INCORRECT).workload("search")))
                .isEmpty();
        assertThat(store.coverage(all.verdict(Correctness.Verdict.INCORRECT)))
                .isEqualTo(new Coverage(2, 0, 2, 0, 0, 2));
    }

    @Test
    void findsInteractionsByWhatTheirSignalsSay() {
        for (int i = 1; i <= 4; i++) {
            sink.accept(Events.interaction(i).event());
        }
        sink.accept(Events.signal(1, SignalType.COPIED));
        sink.accept(Events.signal(1, SignalType.THANKED));
        sink.accept(Events.signal(2, SignalType.CORRECTED));
        sink.accept(Events.signal(2, SignalType.ABANDONED));
        sink.accept(Satisfaction.thumb(Events.on(2), true));
        sink.accept(Events.signal(3, SignalType.COPIED));
        sink.accept(Events.signal(3, SignalType.READ_LONG));
        sink.accept(Events.verdict(4, Correctness.Verdict.CORRECT, Events.TIME));
        InteractionQuery all = InteractionQuery.all();

        assertThat(found(all.signalled(true))).containsExactly(1);
        assertThat(found(all.signalled(false))).containsExactly(2);
        Labeler reading = Labeler.with(SignalStrengths.defaults().with(SignalType.READ_LONG, 0.5));
        assertThat(found(all.signalled(true, reading))).containsExactly(1, 3);
        assertThat(found(all.signalled(true).verdict(Correctness.Verdict.CORRECT)))
                .isEmpty();
        assertThat(store.coverage(all.signalled(false))).isEqualTo(new Coverage(1, 1, 0, 0, 1, 1));
        assertThat(store.coverage(all.signalled(true, reading))).isEqualTo(new Coverage(2, 0, 0, 0, 2, 2));
    }

    @Test
    void joinsFeedbackThatCameBeforeItsInteraction() {
        sink.accept(Satisfaction.thumb(Events.on(1), true));
        assertThat(store.timeline(Events.id(1)).interaction()).isNull();
        assertThat(store.coverage(InteractionQuery.all())).isEqualTo(new Coverage(0, 0, 0, 0, 0, 0));

        sink.accept(Events.interaction(1).event());

        assertThat(store.timeline(Events.id(1)).interaction()).isNotNull();
        assertThat(store.coverage(InteractionQuery.all())).isEqualTo(new Coverage(1, 1, 0, 0, 0, 1));
    }

    @Test
    void aTimelineHasWhatWasSaidOfTheAnswerAnywhereInTheOrderOfTime() {
        InteractionEvent first = Events.interaction(1).event();
        Comment late = new Comment(Events.on(1, Events.TIME.plusSeconds(9), null), "late");
        Comment onCopy = new Comment(Events.onCopy(2, 1), "on a copy");
        Preference over =
                new Preference(Events.on(3, Events.TIME.plusSeconds(1), null), Events.id(1), Preference.Shown.UNKNOWN);
        sink.acceptAll(List.of(late, first, onCopy, over, Events.comment(4)));

        Timeline timeline = store.timeline(Events.id(1));

        assertThat(timeline.interaction()).isEqualTo(first);
        assertThat(timeline.feedback()).containsExactly(onCopy, over, late);
        assertThat(store.timeline(Events.id(77)).feedback()).isEmpty();
    }

    @Test
    void aTimelineHasWhatWasSaidByIdAloneOfAnswersThatCachesServedAgain() {
        // One cache was filled from 1 and answered 2, another one was filled from 2 and answered 3.
        sink.accept(Events.interaction(3).answerFrom(2).event());
        sink.accept(Events.interaction(2).answerFrom(1).event());
        sink.accept(Events.interaction(1).event());
        sink.accept(Events.interaction(4).event());
        Comment onCopy = new Comment(Events.on(2, Events.TIME.plusSeconds(1), null), "on a copy");
        Comment onCopyOfCopy = new Comment(Events.on(3, Events.TIME.plusSeconds(2), null), "on a copy of a copy");
        Preference overCopy =
                new Preference(Events.on(4, Events.TIME.plusSeconds(3), null), Events.id(3), Preference.Shown.UNKNOWN);
        sink.acceptAll(List.of(overCopy, onCopyOfCopy, onCopy, Events.comment(4), new Erasure(Events.on(3))));

        Timeline original = store.timeline(Events.id(1));

        assertThat(original.interaction()).isNotNull();
        assertThat(original.feedback()).containsExactly(onCopy, onCopyOfCopy, overCopy);
        assertThat(store.timeline(Events.id(2)).feedback()).containsExactly(onCopy, onCopyOfCopy, overCopy);
        assertThat(store.timeline(Events.id(3)).feedback())
                .contains(onCopyOfCopy, overCopy)
                .hasSize(3);
        assertThat(store.timeline(Events.id(4)).feedback()).hasSize(2);
    }

    @Test
    void answersThatNameEachOtherAsTheirOriginEndNoSearch() {
        sink.accept(Events.interaction(1).answerFrom(2).event());
        sink.accept(Events.interaction(2).answerFrom(1).event());
        sink.accept(Events.comment(2));

        assertThat(store.timeline(Events.id(1)).feedback()).hasSize(1);
    }

    @Test
    void coverageHasEveryInteractionInItsDenominator() {
        for (int i = 1; i <= 6; i++) {
            sink.accept(Events.interaction(i).event());
        }
        sink.accept(Events.interaction(7)
                .of("search", "acme", Outcome.BLOCKED, "f1")
                .event());
        sink.accept(Satisfaction.thumb(Events.on(1), true));
        sink.accept(Satisfaction.thumb(Events.on(1), false));
        sink.accept(Events.verdict(1, Correctness.Verdict.CORRECT, Events.TIME));
        sink.accept(new Correction(Events.on(2), "better", Correction.Author.USER));
        sink.accept(Events.signal(3, SignalType.COPIED));
        sink.accept(Events.comment(4));
        sink.accept(new Erasure(Events.on(5)));

        assertThat(store.coverage(InteractionQuery.all())).isEqualTo(new Coverage(7, 1, 1, 1, 1, 4));
        assertThat(store.coverage(InteractionQuery.all().workload("search"))).isEqualTo(new Coverage(1, 0, 0, 0, 0, 0));
    }

    @Test
    void readsMoreThanItHoldsAndStopsWhenItsReaderDoes() {
        int many = 3_000;
        for (int i = 0; i < many; i += 500) {
            sink.acceptAll(IntStream.range(i, i + 500)
                    .mapToObj(
                            number -> (FeedbackEvent) Events.interaction(number).event())
                    .toList());
        }

        assertThat(found(InteractionQuery.all()))
                .containsExactlyElementsOf(IntStream.range(0, many).boxed().toList());
        try (Stream<FeedbackEvent> events = store.events()) {
            // A question within a stream must not wait for what the stream holds.
            assertThat(events.limit(3)
                            .map(event -> store.timeline(event.interactionId()).interaction()))
                    .doesNotContainNull();
        }
    }

    @Test
    void deletesWhatIsOlderThanATime() {
        for (int i = 0; i < 10; i++) {
            sink.accept(Events.interaction(i).event());
        }

        assertThat(store.deleteBefore(Events.TIME.plusSeconds(4)).events()).isEqualTo(4);

        assertThat(found(InteractionQuery.all())).containsExactly(4, 5, 6, 7, 8, 9);
        assertThat(store.deleteBefore(Events.TIME.plusSeconds(4)).events()).isZero();
    }

    @Test
    void forgetsAPersonAlsoInWhatStillWaitsBeforeTheStore() throws Exception {
        String ann = USERS.everyForm("ann@example.org").get(1);
        String bob = USERS.everyForm("bob@example.org").get(1);
        Path spill = folder.resolve("spill");
        Interrupted gate = new Interrupted(sink);
        gate.away = true;
        AsyncSink before = AsyncSink.builder(gate)
                .capacity(64)
                .spillTo(spill)
                .closeTimeout(Duration.ofSeconds(30))
                .build();
        Feedback feedback = Feedback.builder(before).users(USERS).build();
        for (int i = 0; i < 300; i++) {
            boolean hers = i % 3 == 0;
            before.accept(Events.interaction(i)
                    .by(hers ? ann : bob, hers ? "my rash itches" : "my bike squeaks")
                    .event());
            if (hers) {
                feedback.on(Events.id(i)).by("expert@example.org").correction("take calendula twice");
            } else {
                feedback.on(Events.id(i)).by("ann@example.org").comment("I, ann, like this");
            }
            while (before.counts().queued() > 56) {
                Thread.onSpinWait();
            }
        }
        assertThat(contents(spill)).contains("my rash itches", "calendula", ann);
        assertThatThrownBy(() -> store.erase("ann@example.org", impatient(before)))
                .isInstanceOf(IllegalStateException.class);
        gate.away = false;

        ErasureReport report = store.erase("ann@example.org", before);

        assertThat(before.counts().lost() + before.counts().refused()).isZero();
        assertThat(report.interactions()).isEqualTo(100);
        assertThat(report.feedback()).isEqualTo(300);
        assertThat(report.touched()).isNotEmpty();
        assertThat(store.coverage(InteractionQuery.all())).isEqualTo(new Coverage(300, 0, 0, 100, 0, 300));
        assertThat(store.timeline(Events.id(0)).of(Erasure.class)).hasSize(1);
        assertThat(store.eraseStored("ann@example.org").touched()).isEmpty();
        before.close();
        assertThat(everythingLeft() + contents(spill))
                .contains("my bike squeaks", bob)
                .doesNotContain("ann@example.org", ann, "rash", "calendula", "I, ann");
    }

    @Test
    void whatComesAgainAfterAnErasureBringsNobodyBack() throws Exception {
        List<FeedbackEvent> events = herEvents();
        sink.acceptAll(events);
        store.erase("ann@example.org", sink);
        List<FeedbackEvent> left = read(store.events());

        sink.acceptAll(events);
        events.forEach(sink::accept);
        FeedbackEvent late = new Comment(Events.on(1), "it still itches, with a rash");
        sink.accept(late);

        assertThat(read(store.events()))
                .startsWith(left.toArray(FeedbackEvent[]::new))
                .endsWith(late.masked());
        assertThat(store.coverage(InteractionQuery.all())).isEqualTo(new Coverage(2, 0, 0, 1, 0, 2));
        assertHerGone(everythingLeft());
    }

    @Test
    void whatComesAgainWhenItsRowIsDeletedLongSinceBringsNobodyBack() throws Exception {
        List<FeedbackEvent> events = herEvents();
        sink.acceptAll(events);
        store.erase("ann@example.org", sink);
        assertThat(store.deleteBefore(Instant.now().plusSeconds(3_600)).events())
                .isEqualTo(events.size() + 1);

        sink.acceptAll(events);
        events.forEach(sink::accept);

        assertThat(read(store.events())).hasSize(events.size());
        assertHerGone(everythingLeft());
    }

    @Test
    void aSpillFolderFromBeforeAnErasureBringsNobodyBack() throws Exception {
        List<FeedbackEvent> events = herEvents();
        sink.acceptAll(events);
        Path spill = folder.resolve("spill");
        Interrupted gate = new Interrupted(sink);
        gate.away = true;
        try (AsyncSink died = AsyncSink.builder(gate)
                .spillTo(spill)
                .closeTimeout(Duration.ZERO)
                .build()) {
            events.forEach(died::accept);
        }
        assertThat(contents(spill)).contains("rash");
        store.eraseStored("ann@example.org");

        sink = open(sink);
        AsyncSink after = AsyncSink.builder(sink).spillTo(spill).build();
        after.flush();

        assertThat(after.counts().delivered()).isEqualTo(events.size());
        assertHerGone(contents(spill) + everythingLeft());
    }

    /** Of her, of somebody on hers, of her on somebody else's. */
    private static List<FeedbackEvent> herEvents() {
        String ann = USERS.everyForm("ann@example.org").get(1);
        return List.of(
                new Correction(Events.on(1), "take calendula twice", Correction.Author.EDITOR),
                Events.interaction(1).by(ann, "my rash itches").event(),
                Events.interaction(2).by("u:bob", "my bike squeaks").event(),
                new Comment(Events.on(2, Events.TIME, ann), "I, ann, have a rash too"));
    }

    private static void assertHerGone(String everything) {
        assertThat(everything)
                .contains("my bike squeaks")
                .doesNotContain(
                        "ann@example.org", USERS.everyForm("ann@example.org").get(1), "rash", "calendula");
    }

    @Test
    void refusesToForgetNobody() {
        assertThatThrownBy(() -> store.eraseStored(" ")).hasMessage("user: blank (expected: the id of a person)");
    }

    List<Integer> found(InteractionQuery query) {
        return read(store.interactions(query)).stream()
                .map(event -> (int) event.interactionId().getLeastSignificantBits())
                .toList();
    }

    static <T> List<T> read(Stream<T> stream) {
        try (stream) {
            return stream.toList();
        }
    }

    static String contents(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(StoreContract::bytes).collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Byte for byte, so that nothing is hidden by what does not decode. */
    private static String bytes(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<UUID> ids(List<? extends FeedbackEvent> events) {
        return events.stream().map(FeedbackEvent::interactionId).toList();
    }

    private static FeedbackSink impatient(AsyncSink sink) {
        return new FeedbackSink() {
            @Override
            public void accept(FeedbackEvent event) {
                sink.accept(event);
            }

            @Override
            public void flush() {
                if (!sink.flush(Duration.ofMillis(50))) {
                    throw new IllegalStateException("events still wait");
                }
            }
        };
    }

    /** A sink that is away for a while. */
    private static final class Interrupted implements FeedbackSink {

        private final FeedbackSink sink;
        private volatile boolean away;

        Interrupted(FeedbackSink sink) {
            this.sink = sink;
        }

        @Override
        public void accept(FeedbackEvent event) {
            acceptAll(List.of(event));
        }

        @Override
        public void acceptAll(List<FeedbackEvent> events) {
            if (away) {
                throw new UncheckedIOException(new IOException("away"));
            }
            sink.acceptAll(events);
        }

        @Override
        public void flush() {
            sink.flush();
        }
    }
}
