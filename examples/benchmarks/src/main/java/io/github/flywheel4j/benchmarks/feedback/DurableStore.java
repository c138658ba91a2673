package io.github.flywheel4j.benchmarks.feedback;

import io.github.flywheel4j.feedback.FeedbackSink;
import io.github.flywheel4j.feedback.JsonLinesSink;
import io.github.flywheel4j.feedback.jdbc.JdbcSink;
import io.github.flywheel4j.feedback.kafka.KafkaSink;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What the bench knows to write to; the names are those of its option. */
enum DurableStore {
    /** Files. */
    JSONL {
        @Override
        FeedbackSink open(String where) {
            // Small files, so that kills also meet rotation and zipping.
            return JsonLinesSink.builder(Path.of(where)).rotateAtBytes(2L << 20).build();
        }
    },
    /** A database inside the writing process. */
    H2 {
        @Override
        FeedbackSink open(String where) {
            // Open as behind a pool: H2 closes a database, and so writes all of it, with its last connection.
            return JdbcSink.in(h2(where + ";REUSE_SPACE=FALSE;DB_CLOSE_DELAY=-1"));
        }
    },
    /** A server that outlives the writing process. */
    POSTGRES {
        @Override
        FeedbackSink open(String where) {
            return JdbcSink.in(postgres(where));
        }
    },
    /** A broker that outlives the writing process. */
    KAFKA {
        @Override
        FeedbackSink open(String where) {
            return KafkaSink.builder(where, TOPIC)
                    // A broker that has just started on a busy machine takes its time to make the topic.
                    .timeout(Duration.ofSeconds(30))
                    .build();
        }
    };

    static final String TOPIC = "feedback";

    /**
     * Opens the sink.
     *
     * @param where a folder, a JDBC URL, or where the broker is
     */
    abstract FeedbackSink open(String where);

    static DataSource h2(String url) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url);
        source.setUser("sa");
        source.setPassword("");
        return source;
    }

    static DataSource postgres(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url);
        return source;
    }
}
