/**
 * Feedback events to Kafka.
 *
 * <pre>{@code
 * KafkaSink topic = KafkaSink.to("localhost:9092", "feedback");
 * AsyncSink sink = AsyncSink.builder(topic).spillTo(spillFolder).build();
 * }</pre>
 *
 * <p>{@link io.github.flywheel4j.feedback.kafka.KafkaSink} sends each event's JSON, keyed by session, and waits for the
 * acknowledgement of all in-sync replicas. It is read with any Kafka consumer and
 * {@link io.github.flywheel4j.feedback.FeedbackEvent#fromJson}.
 *
 * <p>Cost: a round trip for each batch, on the thread of the {@code AsyncSink}; no call waits for it. Not for: the only copy
 * of what has to be erased or asked for. A topic is neither a {@link io.github.flywheel4j.feedback.FeedbackStore} nor can a
 * person be taken out of it; write to a store beside it with {@code FeedbackSink.all}.
 */
@NullMarked
package io.github.flywheel4j.feedback.kafka;

import org.jspecify.annotations.NullMarked;
