/** Feedback events to a Kafka topic. */
@NullMarked
package io.github.flywheel4j.feedback.kafka;

import org.jspecify.annotations.NullMarked;
