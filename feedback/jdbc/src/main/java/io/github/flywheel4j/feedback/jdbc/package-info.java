/**
 * Feedback events in a database: H2 inside the process, or PostgreSQL.
 *
 * <pre>{@code
 * JdbcSink database = JdbcSink.in(dataSource);
 * AsyncSink sink = AsyncSink.builder(database).spillTo(spillFolder).build();
 * FeedbackStore store = database.store(UserIds.keyed(key));
 * }</pre>
 *
 * <p>{@link io.github.flywheel4j.feedback.jdbc.JdbcSink} writes, {@link io.github.flywheel4j.feedback.jdbc.JdbcStore} reads.
 * The tables are brought to the library's version by migrations. The driver and the pool are yours.
 *
 * <p>Cost: a transaction for each batch, on the thread of the {@code AsyncSink}; no call waits for it. Not for: a single
 * process that only wants its events kept, which files do without a server.
 */
@NullMarked
package io.github.flywheel4j.feedback.jdbc;

import org.jspecify.annotations.NullMarked;
