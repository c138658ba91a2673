package io.github.flywheel4j.feedback.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flywheel4j.feedback.AsyncSink;
import io.github.flywheel4j.feedback.Correctness;
import io.github.flywheel4j.feedback.ErasureReport;
import io.github.flywheel4j.feedback.FeedbackStore;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.InteractionQuery;
import io.github.flywheel4j.feedback.UserIds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the package and of core/docs/guide/feedback.md, as they stand there. */
class GuideTest {

    private final byte[] key = Events.KEY;

    @TempDir
    Path temporary;

    @Test
    void aDatabaseIsASinkAndAStore() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:guide;DB_CLOSE_DELAY=-1");
        DataSource dataSource = h2;
        Path spillFolder = temporary.resolve("spill");

        // snippet
        JdbcSink database = JdbcSink.in(dataSource);
        AsyncSink sink = AsyncSink.builder(database).spillTo(spillFolder).build();
        FeedbackStore store = database.store(UserIds.keyed(key));
        // end snippet

        sink.accept(Events.interaction(1)
                .by(UserIds.keyed(key).everyForm("ann").get(1), "my rash")
                .event());
        sink.accept(Events.verdict(1, Correctness.Verdict.INCORRECT, Events.TIME));
        sink.flush();
        List<InteractionEvent> reviewed = new ArrayList<>();

        // snippet
        try (Stream<InteractionEvent> wrong =
                store.interactions(InteractionQuery.all().workload("support").verdict(Correctness.Verdict.INCORRECT))) {
            wrong.forEach(reviewed::add);
        }
        // end snippet
        // snippet
        FeedbackStore reading = JdbcStore.in(dataSource, UserIds.keyed(key)); // in another process
        // end snippet

        assertThat(reviewed).hasSize(1);
        assertThat(StoreContract.read(reading.events())).hasSize(2);
        ErasureReport report = store.erase("ann", sink);
        assertThat(report.interactions()).isEqualTo(1);
        // snippet
        if (report.pagesLeft()) {
            database.store(UserIds.keyed(key)).compact();
        }
        // end snippet
        sink.close();
    }
}
