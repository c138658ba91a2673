package io.github.flywheel4j.feedback.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.feedback.Adoption;
import io.github.flywheel4j.feedback.AsyncSink;
import io.github.flywheel4j.feedback.Comment;
import io.github.flywheel4j.feedback.Correction;
import io.github.flywheel4j.feedback.Correctness;
import io.github.flywheel4j.feedback.Erasure;
import io.github.flywheel4j.feedback.ErasureReport;
import io.github.flywheel4j.feedback.EventInfo;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.FeedbackSink;
import io.github.flywheel4j.feedback.FeedbackStore;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.InteractionQuery;
import io.github.flywheel4j.feedback.MissingKnowledge;
import io.github.flywheel4j.feedback.Satisfaction;
import io.github.flywheel4j.feedback.Signal;
import io.github.flywheel4j.feedback.SignalType;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store in a database does besides. */
abstract class JdbcStoreContract extends StoreContract {

    DataSource source;

    /** An empty database. */
    abstract DataSource empty() throws Exception;

    @Override
    FeedbackSink open() throws Exception {
        source = empty();
        return JdbcSink.in(source);
    }

    @Override
    FeedbackSink open(FeedbackSink again) {
        again.close();
        return JdbcSink.in(source);
    }

    @Override
    FeedbackStore storeOf(FeedbackSink sink) {
        return ((JdbcSink) sink).store(USERS);
    }

    @Test
    void anEventThatComesAgainDoesNotBringBackWhoWasForgotten() {
        FeedbackEvent hers = Events.interaction(1)
                .by(USERS.everyForm("ann").get(1), "my rash itches")
                .event();
        sink.accept(hers);
        store.erase("ann", sink);

        sink.accept(hers);

        assertThat(read(store.interactions(InteractionQuery.all()))).containsExactly((InteractionEvent) hers.masked());
    }

    @Test
    void whatIsWrittenWhileAnErasureBeginsIsMaskedToo() {
        sink.accept(hers());
        List<CompletableFuture<ErasureReport>> erasures = new CopyOnWriteArrayList<>();
        DataSource slow = Interrupted.beforeItInserts(source, () -> {
            CompletableFuture<ErasureReport> erasure = CompletableFuture.supplyAsync(() -> store.eraseStored("ann"));
            erasures.add(erasure);
            letRun(erasure);
        });

        try (JdbcSink late = JdbcSink.builder(slow).withoutMigration().build()) {
            late.accept(new Comment(Events.on(1), "calendula for her rash"));
        }

        assertThat(erasures.get(0)).succeedsWithin(Duration.ofMinutes(1));
        assertThat(read(store.events())).hasSize(3).noneMatch(event -> event.toJson()
                .contains("rash"));
    }

    @Test
    void whatIsWrittenWhileAnErasureEndsIsMaskedToo() {
        sink.accept(hers());
        List<CompletableFuture<Void>> writes = new CopyOnWriteArrayList<>();
        DataSource slow = Interrupted.beforeItInserts(source, () -> {
            CompletableFuture<Void> write =
                    CompletableFuture.runAsync(() -> sink.accept(new Comment(Events.on(1), "calendula for her rash")));
            writes.add(write);
            letRun(write);
        });

        assertThat(new JdbcStore(Database.of(slow), USERS).eraseStored("ann").interactions())
                .isEqualTo(1);

        assertThat(writes.get(0)).succeedsWithin(Duration.ofMinutes(1));
        assertThat(read(store.events())).hasSize(3).noneMatch(event -> event.toJson()
                .contains("rash"));
    }

    @Test
    void whoWritesWhileOthersEraseLeavesNothingOfWhoWasErased() throws Exception {
        int people = 40;
        for (int i = 0; i < people; i++) {
            sink.accept(Events.interaction(i)
                    .by(USERS.everyForm("person " + i).get(1), "my rash itches")
                    .event());
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> work = new ArrayList<>();
        for (int writer = 0; writer < 3; writer++) {
            work.add(threads.submit(() -> {
                for (int i = 0; i < people; i++) {
                    sink.acceptAll(List.of(
                            new Comment(Events.on(i), "calendula for her rash"),
                            new Comment(Events.on((i + 20) % people), "a rash again")));
                }
            }));
        }
        work.add(threads.submit(() -> {
            for (int i = 0; i < people; i++) {
                store.eraseStored("person " + i);
            }
        }));
        for (Future<?> each : work) {
            each.get(1, TimeUnit.MINUTES);
        }
        threads.shutdown();

        assertThat(read(store.events())).hasSize(people * (1 + 3 * 2 + 1)).noneMatch(event -> event.toJson()
                .contains("rash"));
    }

    /** Whether it writes, or refuses before it has begun: what is interrupted within H2 closes the database. */
    abstract boolean writesWhenInterrupted();

    @Test
    void aThreadThatIsInterruptedKeepsItsFlagAndLeavesTheDatabaseOpen() {
        Thread.currentThread().interrupt();

        Throwable refusal = catchThrowable(() -> sink.accept(Events.comment(1)));

        assertThat(Thread.interrupted()).isTrue();
        if (writesWhenInterrupted()) {
            assertThat(refusal).isNull();
        } else {
            assertThat(refusal)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot write events to the database")
                    .hasCauseInstanceOf(InterruptedIOException.class);
        }
        sink.accept(Events.comment(2));
        assertThat(ids(read(store.events())))
                .isEqualTo(writesWhenInterrupted() ? List.of(Events.id(1), Events.id(2)) : List.of(Events.id(2)));
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void interruptsInTheMiddleOfAWriteCostNothingThatWasAccepted() throws Exception {
        int interrupts = 60;
        Set<UUID> accepted = ConcurrentHashMap.newKeySet();
        AtomicBoolean done = new AtomicBoolean();
        FutureTask<Integer> writing = new FutureTask<>(() -> {
            int written = 0;
            while (!done.get()) {
                FeedbackEvent event = new Comment(Events.on(++written), "long ".repeat(2_000));
                try {
                    sink.accept(event);
                    accepted.add(event.eventId());
                } catch (UncheckedIOException e) {
                    // Interrupted before or in the middle of it.
                }
                boolean unused = Thread.interrupted();
            }
            return written;
        });
        Thread writer = new Thread(writing);
        writer.start();
        for (int i = 0; i < interrupts; i++) {
            // Not by the clock: where a write takes longer than from one interrupt to the next, none would be accepted.
            int before = accepted.size();
            while (accepted.size() == before && !writing.isDone()) {
                Thread.sleep(1);
            }
            Thread.sleep(i % 5);
            writer.interrupt();
        }
        done.set(true);

        // Throws what the writer died of.
        assertThat(writing.get()).isGreaterThanOrEqualTo(interrupts);
        sink.accept(Events.comment(0));
        assertThat(accepted).hasSizeGreaterThanOrEqualTo(interrupts);
        assertThat(read(store.events()).stream().map(FeedbackEvent::eventId).toList())
                .containsAll(accepted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepareStatement", "executeBatch", "commit", "setAutoCommit", "close"})
    void aConnectionThatBreaksAtAnyPointCostsNothingAndDoublesNothing(String point) {
        AtomicBoolean breaks = new AtomicBoolean();
        JdbcSink flaky = JdbcSink.in(Interrupted.whenItHasDone(point, breaks, source));
        try (AsyncSink before = AsyncSink.before(flaky)) {
            breaks.set(true);
            for (int i = 0; i < 20; i++) {
                before.accept(Events.comment(i));
            }
            assertThat(before.flush(Duration.ofSeconds(30))).isTrue();
            assertThat(before.counts().lost() + before.counts().refused()).isZero();
        }

        assertThat(breaks).isFalse();
        assertThat(ids(read(store.events())))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 20).mapToObj(Events::id).toList());
    }

    @Test
    void forgetsWhatWasErasedAfterAYearAndNotBeforeItsRowsAreGone() throws Exception {
        sink.accept(hers());
        store.eraseStored("ann");
        store.deleteBefore(Instant.MAX);
        assertThat(read(store.events())).isEmpty();
        assertThat(erasedIds()).isEqualTo(1);
        execute("UPDATE flywheel4j_erased SET erased_nanos = erased_nanos - "
                + Duration.ofDays(366).toNanos());

        store.deleteBefore(Instant.EPOCH);
        assertThat(erasedIds()).isEqualTo(1);
        store.deleteBefore(Instant.MAX);

        assertThat(erasedIds()).isZero();
    }

    @Test
    void aNoteFromElsewhereMasksWhatComesAfterItAlsoWhenItsRowIsGone() {
        sink.accept(new Erasure(Events.on(1)));
        store.deleteBefore(Instant.MAX);

        sink.accept(new Comment(Events.on(1), "calendula for her rash"));

        assertThat(read(store.events())).hasSize(1).noneMatch(event -> event.toJson()
                .contains("rash"));
    }

    @Test
    void aNoteFromElsewhereMasksWhatComesAfterItInOneBatch() {
        sink.acceptAll(List.of(
                Events.comment(1), new Erasure(Events.on(1)), new Comment(Events.on(1), "calendula for her rash")));

        assertThat(read(store.events())).hasSize(3).noneMatch(event -> event.toJson()
                .contains("rash"));
    }

    /** It leaves a note on the interaction and nothing else, also while this version runs beside it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anErasureByAProcessOfTheVersionBeforeIsKnown(boolean retention) throws Exception {
        insertAsVersionOne(source, List.of(new Erasure(Events.on(1))));
        if (retention) {
            store.deleteBefore(Instant.MAX);
        }

        sink.accept(new Comment(Events.on(1), "calendula for her rash"));

        assertThat(read(store.events())).isNotEmpty().noneMatch(event -> event.toJson()
                .contains("rash"));
    }

    @Test
    void anErasureOfBeforeThereWasATableForItIsKnown() throws Exception {
        DataSource old = ofVersionTwo();
        insertAsVersionOne(old, List.of(new Erasure(Events.on(1))));

        try (JdbcSink now = JdbcSink.in(old)) {
            assertThat(erasedIds(old)).isEqualTo(1);
            FeedbackStore kept = now.store(USERS);
            kept.deleteBefore(Instant.MAX);
            now.accept(new Comment(Events.on(1), "calendula for her rash"));

            assertThat(read(kept.events())).hasSize(1).noneMatch(event -> event.toJson()
                    .contains("rash"));
        }
    }

    /** Before the ids of what was erased had a table. */
    DataSource ofVersionTwo() throws Exception {
        DataSource old = empty();
        migrations(old).target(MigrationVersion.fromVersion("2")).load().migrate();
        return old;
    }

    @ParameterizedTest
    @ValueSource(strings = {"flywheel4j_erased", "flywheel4j_events"})
    void anErasureWaitsForARetentionThatRunsAndNeitherGivesWay(String table) throws Exception {
        sink.accept(hers());
        execute("INSERT INTO flywheel4j_erased VALUES ('" + Events.id(1) + "', 0)");
        waitForRowsNoLongerThan(Duration.ofMillis(100));
        AtomicInteger gaveWay = new AtomicInteger();
        DataSource counted = Interrupted.counting("rollback", gaveWay, source);
        JdbcStore erasing = new JdbcStore(Database.of(counted), USERS);
        List<CompletableFuture<ErasureReport>> erasures = new CopyOnWriteArrayList<>();
        DataSource slow = Interrupted.whenItHasDeletedFrom(table, counted, () -> {
            CompletableFuture<ErasureReport> erasure = CompletableFuture.supplyAsync(() -> erasing.eraseStored("ann"));
            erasures.add(erasure);
            letRun(erasure);
        });

        assertThat(new JdbcStore(Database.of(slow), USERS)
                        .deleteBefore(Instant.MAX)
                        .events())
                .isEqualTo(1);

        assertThat(erasures.get(0)).succeedsWithin(Duration.ofMinutes(1));
        assertThat(gaveWay).hasValue(0);
    }

    /** How long a transaction waits for rows that another one has changed, if it does not wait for ever. */
    abstract void waitForRowsNoLongerThan(Duration time) throws Exception;

    @Test
    void whatWasErasedOnInteractionsOfOthersBeforeThereWasATableForItDoesNotComeBack() throws Exception {
        List<FeedbackEvent> hers = new ArrayList<>();
        for (Function<EventInfo, FeedbackEvent> kind : List.<Function<EventInfo, FeedbackEvent>>of(
                on -> new Comment(on, "calendula for her rash"),
                on -> new Correction(on, "calendula for her rash", Correction.Author.USER),
                on -> new MissingKnowledge(on, "her rash"),
                on -> new Adoption(on, false, "a rash"),
                on -> new Correctness(on, Correctness.Verdict.CORRECT, Correctness.Judge.EXPERT, null, "a rash"),
                on -> Satisfaction.thumb(on, true),
                on -> new Signal(on, SignalType.COPIED, null, null))) {
            EventInfo on = Events.on(7, Events.TIME, USERS.everyForm("ann").get(1));
            hers.add(kind.apply(new EventInfo(
                    on.eventId(), on.time(), on.source(), on.interactionId(), null, on.user(), "her session")));
        }
        List<FeedbackEvent> masked = hers.stream().map(FeedbackEvent::masked).toList();
        DataSource old = ofVersionTwo();
        insertAsVersionOne(old, masked);
        insertAsVersionOne(old, List.of(Events.comment(8), Events.interaction(8).event()));

        try (JdbcSink now = JdbcSink.in(old)) {
            assertThat(erasedIds(old)).isEqualTo(hers.size());
            FeedbackStore kept = now.store(USERS);
            kept.deleteBefore(Instant.MAX);
            now.acceptAll(hers);

            assertThat(read(kept.events())).containsExactlyElementsOf(masked);
        }
    }

    private long erasedIds() throws SQLException {
        return erasedIds(source);
    }

    static long erasedIds(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM flywheel4j_erased")) {
            count.next();
            return count.getLong(1);
        }
    }

    private static FeedbackEvent hers() {
        return Events.interaction(1)
                .by(USERS.everyForm("ann").get(1), "my rash itches")
                .event();
    }

    /** Until it is done, or for a moment if it waits for somebody: who does not wait is done by then. */
    static void letRun(CompletableFuture<?> work) {
        try {
            Object unused = work.get(500, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // As it should.
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where the database has its files, but for its log. */
    abstract Path files() throws Exception;

    /** Where they are after a compaction, in a form in which a text is found. */
    abstract Path compactedFiles() throws Exception;

    @Test
    void aCompactionTakesWhatWasErasedOutOfTheFilesOfTheDatabase() throws Exception {
        String carol = USERS.everyForm("carol@example.org").get(1);
        for (int i = 0; i < 300; i++) {
            String text = i % 3 == 0 ? "her swordfish " + i : "somebody's marlin " + i;
            sink.accept(Events.interaction(i)
                    .by(i % 3 == 0 ? carol : "u:dan", i % 30 == 0 ? text.repeat(1_000) : text)
                    .event());
        }
        execute("ANALYZE");
        ErasureReport report = store.erase("carol@example.org", sink);
        execute("CHECKPOINT");
        assertThat(report.pagesLeft()).isTrue();
        assertThat(found(files(), "her swordfish", carol)).containsExactly("her swordfish", carol);

        ((JdbcStore) store).compact();

        execute("CHECKPOINT");
        assertThat(found(files(), "her swordfish", carol, "carol@example.org")).isEmpty();
        assertThat(found(compactedFiles(), "somebody's marlin", "u:dan", "her swordfish", carol, "carol@example.org"))
                .containsExactly("somebody's marlin", "u:dan");
        sink.accept(Events.comment(1));
        assertThat(read(store.events())).hasSize(401);
        assertThat(store.erase("carol@example.org", sink).pagesLeft()).isFalse();
    }

    /** Which of these are anywhere in the files; those are too large for a message. */
    private static List<String> found(Path files, String... wanted) {
        String everything = contents(files);
        return Arrays.stream(wanted).filter(everything::contains).toList();
    }

    @Test
    void bringsTheTablesOfTheFirstVersionToThisOneAndKeepsTheirRows() throws Exception {
        DataSource old = empty();
        migrations(old).target(MigrationVersion.fromVersion("1")).load().migrate();
        FeedbackEvent interaction = Events.interaction(1).event();
        FeedbackEvent verdict = Events.verdict(1, Correctness.Verdict.INCORRECT, Events.TIME);
        insertAsVersionOne(old, List.of(interaction, verdict, Events.comment(1)));
        assertThatThrownBy(() -> JdbcStore.in(old, USERS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2 migrations behind");
        assertThatThrownBy(() -> JdbcSink.builder(old).withoutMigration().build())
                .hasMessageContaining("open a JdbcSink with the right to create tables");

        try (JdbcSink now = JdbcSink.in(old)) {
            now.accept(Events.comment(2));
            FeedbackStore kept = now.store(USERS);

            assertThat(read(kept.events())).startsWith(interaction, verdict).hasSize(4);
            assertThat(ids(read(kept.interactions(InteractionQuery.all().verdict(Correctness.Verdict.INCORRECT)))))
                    .containsExactly(Events.id(1));
            assertThat(read(kept.interactions(InteractionQuery.all().verdict(Correctness.Verdict.PARTLY))))
                    .isEmpty();
        }
        JdbcSink.builder(old).withoutMigration().build().close();
        JdbcSink.in(old).close();
    }

    @Test
    void refusesTablesOfANewerVersion() throws Exception {
        execute(
                "INSERT INTO \"flywheel4j_schema\" (\"installed_rank\", \"version\", \"description\", \"type\", \"script\","
                        + " \"checksum\", \"installed_by\", \"execution_time\", \"success\") VALUES (99, '99', 'later', 'SQL',"
                        + " 'V99__later.sql', 1, 'somebody', 1, TRUE)");

        assertThatThrownBy(() -> JdbcSink.in(source))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("of a newer version");
    }

    @Test
    void leavesTheTablesOfTheApplicationAlone() throws Exception {
        DataSource theirs = empty();
        execute(theirs, "CREATE TABLE orders (id INT)");
        execute(theirs, "INSERT INTO orders VALUES (1)");

        JdbcSink.in(theirs).close();

        execute(theirs, "INSERT INTO orders VALUES (2)");
        assertThat(read(JdbcStore.in(theirs, USERS).events())).isEmpty();
    }

    @Test
    void refusesAValueThatIsNoneWithoutQuotingIt() {
        FeedbackEvent secret = Events.interaction(1)
                .of("swordfish".repeat(100), "acme", Outcome.ANSWERED, "f1")
                .event();

        assertThatThrownBy(() -> sink.accept(secret))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 512 characters")
                .satisfies(e -> assertThat(trace(e)).doesNotContain("swordfish"));
        sink.accept(Events.comment(1));
        assertThat(read(store.events())).hasSize(1);
    }

    @Test
    void saysThatItCannotWriteWithoutQuotingWhat() throws Exception {
        execute("ALTER TABLE flywheel4j_events ADD CONSTRAINT no_fish CHECK (kind <> 'comment')");

        assertThatThrownBy(() -> sink.accept(new Comment(Events.on(1), "swordfish")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot write events to the database (SQLState 23")
                .satisfies(e -> assertThat(trace(e)).doesNotContain("swordfish"));
        execute("DROP TABLE flywheel4j_events");
        assertThatThrownBy(() -> sink.accept(new Comment(Events.on(1), "swordfish")))
                .isInstanceOf(UncheckedIOException.class)
                .satisfies(e -> assertThat(trace(e)).doesNotContain("swordfish"));
        assertThatThrownBy(() -> store.timeline(Events.id(1))).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void takesAllOfABatchOrNone() throws Exception {
        execute("ALTER TABLE flywheel4j_events ADD CONSTRAINT no_fish CHECK (outcome <> 'FAILED')");
        FeedbackEvent refused = Events.interaction(2)
                .of("support", "acme", Outcome.FAILED, "f1")
                .event();

        assertThatThrownBy(() -> sink.acceptAll(List.of(Events.comment(1), refused, Events.comment(3))))
                .isInstanceOf(UncheckedIOException.class);

        assertThat(read(store.events())).isEmpty();
    }

    @Test
    void leavesOutARowThatHoldsNoEventAndCountsIt() throws Exception {
        sink.acceptAll(List.of(
                Events.interaction(1).by("u:ann", "rash").event(),
                Events.interaction(2).event()));
        execute("UPDATE flywheel4j_events SET body = '{torn' WHERE person = 'u:ann'");

        assertThat(found(InteractionQuery.all())).containsExactly(2);
        assertThat(((JdbcStore) store).unreadableRows()).isEqualTo(1);
        assertThat(store.eraseStored("u:ann").corruptLines()).isEqualTo(1);
    }

    @Test
    void aRowThatCouldNotBeReadDoesNotComeBackAfterAnErasure() throws Exception {
        FeedbackEvent hers = Events.interaction(1).by("u:ann", "rash").event();
        FeedbackEvent onAnother = new Comment(Events.on(2, Events.TIME, "u:ann"), "a rash here too");
        sink.acceptAll(List.of(hers, onAnother));
        execute("UPDATE flywheel4j_events SET body = '{torn' WHERE person = 'u:ann'");
        assertThat(store.eraseStored("u:ann").corruptLines()).isEqualTo(2);

        sink.acceptAll(List.of(hers, onAnother));

        assertThat(read(store.events()))
                .filteredOn(event -> event.toJson().matches(".*(rash|ann).*"))
                .isEmpty();
        assertThat(((JdbcStore) store).unreadableRows()).isZero();
    }

    @Test
    void takesNothingAfterItsEnd() {
        sink.close();
        sink.close();

        assertThatThrownBy(() -> sink.accept(Events.comment(1))).isInstanceOf(IllegalStateException.class);
    }

    private static FluentConfiguration migrations(DataSource source) {
        Database database = Database.of(source);
        return Flyway.configure()
                .dataSource(source)
                .table(Schema.HISTORY)
                .locations("classpath:" + database.product().migrations());
    }

    /** As the first version wrote them: without verdicts. */
    static void insertAsVersionOne(DataSource old, List<FeedbackEvent> events) throws SQLException {
        try (Connection connection = old.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO flywheel4j_events (event_id, kind, time_nanos,"
                                + " interaction_id, workload, outcome, body) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            for (FeedbackEvent event : events) {
                insert.setObject(1, event.eventId());
                insert.setString(2, event.kind().jsonName());
                insert.setLong(3, EventRows.nanos(event.time()));
                insert.setObject(4, event.interactionId());
                insert.setString(5, "support");
                insert.setString(6, "ANSWERED");
                insert.setString(7, event.toJson());
                assertThat(insert.executeUpdate()).isEqualTo(1);
            }
        }
    }

    void execute(String sql) throws SQLException {
        execute(source, sql);
    }

    static void execute(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String trace(Throwable e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    @Test
    void countsTimeInNanosecondsAndEndsWhereALongDoes() {
        assertThat(EventRows.nanos(Instant.EPOCH.plusNanos(5))).isEqualTo(5);
        assertThat(EventRows.nanos(Instant.MIN)).isEqualTo(Long.MIN_VALUE);
        assertThat(EventRows.nanos(Instant.MAX)).isEqualTo(Long.MAX_VALUE);
    }
}
