/** Feedback events in a database: H2 inside the process, or PostgreSQL. */
@NullMarked
package io.github.flywheel4j.feedback.jdbc;

import org.jspecify.annotations.NullMarked;
