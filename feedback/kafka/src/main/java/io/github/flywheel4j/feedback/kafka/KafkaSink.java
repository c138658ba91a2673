package io.github.flywheel4j.feedback.kafka;

import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.FeedbackSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Events to a Kafka topic, one record each: as value the event's JSON ({@link FeedbackEvent#toJson()}), as key the session, so
 * that a session stays in order, or the interaction's id where no session is known. Feedback knows its session if whoever
 * gives it says so ({@link io.github.flywheel4j.feedback.AnswerFeedback#inSession}); derived signals do.
 * Headers name the JSON's schema version, the kind and the event's id: {@value #SCHEMA_HEADER}, {@value #KIND_HEADER},
 * {@value #EVENT_HEADER}.
 *
 * <p>When {@link #accept} returns, all in-sync replicas have acknowledged the event; the producer is idempotent, so its own
 * retries write no event twice. What is offered again after a failure may be: readers tell by the event's id. When no broker
 * answers, it throws {@link UncheckedIOException} within about the timeout; put an
 * {@link io.github.flywheel4j.feedback.AsyncSink} with a spill folder before it, which keeps the events until one does.
 *
 * <p>Nothing is erased from a topic. An erasure in a store is followed by nothing here: send its notes on
 * ({@link io.github.flywheel4j.feedback.Erasure}), keep the topic's retention short, and users under a pseudonym.
 *
 * <p>Records carry the time of sending, not the event's: brokers delete by a record's time, and feedback on something long
 * past would be gone at once. Thread-safe. Stateful: it owns a producer until it is closed.
 */
public final class KafkaSink implements FeedbackSink {

    /** The header with the schema version of the JSON, in decimal. */
    public static final String SCHEMA_HEADER = "flywheel4j-schema";

    /** The header with the kind of event, as in the JSON. */
    public static final String KIND_HEADER = "flywheel4j-kind";

    /** The header with the event's id. */
    public static final String EVENT_HEADER = "flywheel4j-event";

    private static final byte[] SCHEMA = bytes(String.valueOf(FeedbackEvent.SCHEMA));

    private final String topic;
    private final Duration timeout;
    private final Supplier<Producer<byte[], byte[]>> producers;

    /** Guards the producer and its replacement; never held while something is sent. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Producer<byte[], byte[]> producer;
    private boolean closed;

    private KafkaSink(Builder builder, Map<String, Object> settings) {
        this(builder.topic, builder.timeout, () -> new KafkaProducer<>(settings));
    }

    KafkaSink(String topic, Duration timeout, Supplier<Producer<byte[], byte[]>> producers) {
        this.topic = topic;
        this.timeout = timeout;
        this.producers = producers;
        this.producer = producers.get();
    }

    /**
     * A sink to a topic, with the defaults of {@link Builder}.
     *
     * @param servers where brokers are to be found: {@code host:port}, several with commas between
     * @param topic the topic; how many partitions and replicas it has, and how long it keeps records, is the cluster's matter
     */
    public static KafkaSink to(String servers, String topic) {
        return builder(servers, topic).build();
    }

    /** A builder. */
    public static Builder builder(String servers, String topic) {
        return new Builder(servers, topic);
    }

    @Override
    public void accept(FeedbackEvent event) {
        acceptAll(List.of(event));
    }

    /** Sends all and waits for all acknowledgements. */
    @Override
    public void acceptAll(List<FeedbackEvent> events) {
        Producer<byte[], byte[]> open = producer();
        try {
            send(open, events);
        } catch (TimeoutException | RetriableException e) {
            throw failure("no broker acknowledged within " + timeout, e);
        } catch (InterruptException e) {
            // Kafka's own: it has restored the flag.
            throw failure("interrupted", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("interrupted", e);
        } catch (RecordTooLargeException e) {
            if (events.size() > 1) {
                throw failure("an event is too large", e);
            }
            throw new IllegalArgumentException("event " + events.get(0).eventId()
                    + ": too large for the topic (expected: at most max.request.size of the producer and"
                    + " max.message.bytes of the topic)");
        } catch (KafkaException e) {
            replace(open);
            throw failure("the producer failed", e);
        }
    }

    private void send(Producer<byte[], byte[]> open, List<FeedbackEvent> events)
            throws InterruptedException, TimeoutException {
        long until = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        List<Future<RecordMetadata>> sent = new ArrayList<>(events.size());
        for (FeedbackEvent event : events) {
            Future<RecordMetadata> one = open.send(record(event));
            sent.add(one);
            if (one.isDone()) {
                // So early it has failed, and the next one would wait as long for the same.
                await(one, 0);
            }
        }
        for (Future<RecordMetadata> one : sent) {
            await(one, until - System.nanoTime());
        }
    }

    private static void await(Future<RecordMetadata> sent, long nanos) throws InterruptedException, TimeoutException {
        try {
            RecordMetadata unused = sent.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException cause) {
                throw cause;
            }
            throw new KafkaException(e.getCause());
        }
    }

    private ProducerRecord<byte[], byte[]> record(FeedbackEvent event) {
        String session = event.session();
        ProducerRecord<byte[], byte[]> made = new ProducerRecord<>(
                topic, bytes(session == null ? event.interactionId().toString() : session), bytes(event.toJson()));
        made.headers()
                .add(SCHEMA_HEADER, SCHEMA)
                .add(KIND_HEADER, bytes(event.kind().jsonName()))
                .add(EVENT_HEADER, bytes(event.eventId().toString()));
        return made;
    }

    private Producer<byte[], byte[]> producer() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the sink to topic " + topic + " is closed (expected: an open one)");
            }
            if (producer == null) {
                producer = producers.get();
            }
            return producer;
        } finally {
            lock.unlock();
        }
    }

    /** A producer that failed for another reason than time may never work again. */
    private void replace(Producer<byte[], byte[]> failed) {
        lock.lock();
        try {
            if (producer == failed) {
                producer = null;
            }
        } finally {
            lock.unlock();
        }
        failed.close(Duration.ZERO);
    }

    private UncheckedIOException failure(String why, Exception e) {
        return new UncheckedIOException("cannot send events to topic " + topic, new IOException(why, e));
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> open;
        lock.lock();
        try {
            closed = true;
            open = producer;
            producer = null;
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.close(timeout);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Builds sinks. Not thread-safe. */
    public static final class Builder {

        private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
        private static final Duration LEAST_TIMEOUT = Duration.ofMillis(100);

        /** A batch that waits this long fills better; nobody waits for it but the queue's thread. */
        private static final int LINGER_MILLIS = 5;

        /** What the promise of this sink rests on. */
        private static final Set<String> OURS = Set.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                ProducerConfig.ACKS_CONFIG,
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                ProducerConfig.TRANSACTIONAL_ID_CONFIG);

        private final String servers;
        private final String topic;
        private final Map<String, Object> more = new HashMap<>();
        private Duration timeout = DEFAULT_TIMEOUT;

        private Builder(String servers, String topic) {
            this.servers = Objects.requireNonNull(servers, "servers");
            this.topic = Objects.requireNonNull(topic, "topic");
        }

        /**
         * How long an acknowledgement may take; 10 seconds unless told, long enough for a partition to find a new leader. It
         * bounds how long {@link KafkaSink#accept} waits, once for the topic to be found and once for the acknowledgement.
         */
        public Builder timeout(Duration timeout) {
            this.timeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /** A further setting of the producer, such as {@code security.protocol} or {@code compression.type}. */
        public Builder setting(String name, Object value) {
            more.put(name, Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Builds the sink. No broker need be there yet.
         *
         * @throws IllegalArgumentException if a setting is out of its range, or one on which the sink's promise rests
         * @throws KafkaException if the producer does not take a setting
         */
        public KafkaSink build() {
            if (topic.isBlank()) {
                throw new IllegalArgumentException("topic: blank (expected: the name of a topic)");
            }
            if (timeout.compareTo(LEAST_TIMEOUT) < 0 || timeout.toSeconds() > Integer.MAX_VALUE / 1000) {
                throw new IllegalArgumentException(
                        "timeout: " + timeout + " (expected: at least " + LEAST_TIMEOUT + ")");
            }
            for (String name : more.keySet()) {
                if (OURS.contains(name)) {
                    throw new IllegalArgumentException("setting: " + name
                            + " (expected: another one; this sink sets it, so that what it accepted is not lost)");
                }
            }
            int millis = (int) timeout.toMillis();
            Map<String, Object> settings = new HashMap<>(Map.of(
                    ProducerConfig.LINGER_MS_CONFIG,
                    LINGER_MILLIS,
                    ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                    1_000));
            settings.putAll(more);
            settings.putAll(Map.of(
                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    servers,
                    ProducerConfig.ACKS_CONFIG,
                    "all",
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    true,
                    ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                    ByteArraySerializer.class,
                    ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                    ByteArraySerializer.class,
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    millis,
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    millis,
                    // Two tries within the time, the pause between and the linger of the batch included.
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    Math.max(1, millis * 2 / 5)));
            return new KafkaSink(this, settings);
        }
    }
}
