package io.github.flywheel4j.feedback.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.UuidV7;
import io.github.flywheel4j.feedback.AsyncSink;
import io.github.flywheel4j.feedback.Comment;
import io.github.flywheel4j.feedback.Consent;
import io.github.flywheel4j.feedback.EventInfo;
import io.github.flywheel4j.feedback.Feedback;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.FeedbackSink;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.Satisfaction;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSinkTest {

    private static final Instant TIME = Instant.parse("2026-03-01T12:00:00.123456789Z");

    @TempDir
    static Path data;

    private static Broker broker;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        broker = new Broker(data);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void sendsEachEventAsItsJsonWithTheSchemaVersionAndTheSessionAsKey() {
        FeedbackEvent interaction = interaction(1, "session-7");
        FeedbackEvent alone = interaction(2, null);
        FeedbackEvent thumb = Satisfaction.thumb(on(1), true);
        List<FeedbackEvent> known = new ArrayList<>(List.of(interaction));
        try (KafkaSink sink = KafkaSink.to(broker.servers(), "kinds")) {
            sink.acceptAll(List.of(interaction, alone));
            sink.accept(thumb);
            FeedbackSink both = event -> {
                known.add(event);
                sink.accept(event);
            };
            Feedback.to(both).on(id(1)).inSession("session-7").thumbsUp();
        }

        List<ConsumerRecord<String, String>> records = read("kinds", 4);

        assertThat(records.stream().map(record -> FeedbackEvent.fromJson(record.value())))
                .containsExactlyInAnyOrder(interaction, alone, thumb, known.get(1));
        assertThat(records).allSatisfy(record -> {
            FeedbackEvent event = FeedbackEvent.fromJson(record.value());
            assertThat(header(record, KafkaSink.SCHEMA_HEADER)).isEqualTo("1");
            assertThat(header(record, KafkaSink.KIND_HEADER))
                    .isEqualTo(event.kind().jsonName());
            assertThat(header(record, KafkaSink.EVENT_HEADER))
                    .isEqualTo(event.eventId().toString());
            assertThat(record.key())
                    .isEqualTo(
                            known.contains(event)
                                    ? "session-7"
                                    : event.interactionId().toString());
            // The time of sending, for the broker deletes by it.
            assertThat(record.timestamp()).isGreaterThan(TIME.toEpochMilli());
        });
    }

    @Test
    void throwsInBoundedTimeWhileNoBrokerAnswersAndTheQueueBeforeItLosesNothing() throws Exception {
        try (Broker coming = new Broker(folder.resolve("broker"));
                KafkaSink topic = KafkaSink.builder(coming.servers(), "away")
                        .timeout(Duration.ofSeconds(2))
                        .build();
                AsyncSink sink = AsyncSink.builder(topic)
                        .capacity(100)
                        .spillTo(folder.resolve("spill"))
                        .build()) {
            give(sink, 0, 100);
            assertThat(sink.flush(Duration.ofSeconds(60))).isTrue();
            coming.stop();

            long start = System.nanoTime();
            assertThatThrownBy(() -> topic.accept(comment(1_000)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("cannot send events to topic away");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
            give(sink, 100, 400);
            await().until(() -> sink.counts().spilled() > 0);

            coming.start();
            assertThat(sink.flush(Duration.ofSeconds(60))).isTrue();

            assertThat(sink.counts().lost() + sink.counts().refused()).isZero();
            List<UUID> found = readFrom(coming.servers(), "away", 400).stream()
                    .map(record -> FeedbackEvent.fromJson(record.value()).interactionId())
                    .filter(id -> id.getLeastSignificantBits() < 1_000)
                    .distinct()
                    .toList();
            assertThat(found).hasSize(400);
        }
    }

    @Test
    void refusesAnEventThatIsTooLargeAndNoOther() {
        FeedbackEvent large = new Comment(on(2), "x".repeat(3_000_000));
        try (KafkaSink topic = KafkaSink.to(broker.servers(), "large");
                AsyncSink sink = AsyncSink.before(topic)) {
            assertThatThrownBy(() -> topic.accept(large))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("too large for the topic")
                    .message()
                    .doesNotContain("xxx");
            sink.accept(comment(1));
            sink.accept(large);
            sink.accept(comment(3));
            sink.flush();

            assertThat(sink.counts().refused()).isEqualTo(1);
            assertThat(sink.counts().delivered()).isEqualTo(2);
        }
    }

    @Test
    void makesANewProducerWhenOneFailedForGood() {
        List<MockProducer<byte[], byte[]>> made = new ArrayList<>();
        KafkaSink sink = new KafkaSink("topic", Duration.ofSeconds(1), () -> {
            MockProducer<byte[], byte[]> producer =
                    new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            made.add(producer);
            return producer;
        });
        made.get(0).sendException = new KafkaException("fenced");

        assertThatThrownBy(() -> sink.accept(comment(1))).isInstanceOf(UncheckedIOException.class);
        sink.accept(comment(1));

        assertThat(made).hasSize(2);
        assertThat(made.get(0).closed()).isTrue();
        assertThat(made.get(1).history()).hasSize(1);
        sink.close();
        sink.close();
        assertThat(made.get(1).closed()).isTrue();
        assertThatThrownBy(() -> sink.accept(comment(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void doesNotAcceptWhatWasNotAcknowledged() {
        Producer<byte[], byte[]> silent =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
                        return new CompletableFuture<>();
                    }
                };
        KafkaSink sink = new KafkaSink("topic", Duration.ofMillis(100), () -> silent);

        assertThatThrownBy(() -> sink.acceptAll(List.of(comment(1), comment(2))))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage(null)
                .cause()
                .hasMessage("no broker acknowledged within PT0.1S");
    }

    @Test
    void keepsTheSettingsThatItsPromiseRestsOn() {
        assertThatThrownBy(() -> KafkaSink.builder(broker.servers(), "t")
                        .setting("acks", "1")
                        .build())
                .hasMessageContaining("setting: acks (expected: another one");
        assertThatThrownBy(() -> KafkaSink.to(broker.servers(), " ")).hasMessageContaining("topic: blank");
        assertThatThrownBy(() -> KafkaSink.builder(broker.servers(), "t")
                        .timeout(Duration.ofMillis(1))
                        .build())
                .hasMessage("timeout: PT0.001S (expected: at least PT0.1S)");
        KafkaSink.builder(broker.servers(), "t")
                .setting("compression.type", "lz4")
                .build()
                .close();
    }

    private static void give(AsyncSink sink, int from, int until) {
        for (int i = from; i < until; i++) {
            sink.accept(comment(i));
            while (sink.counts().queued() > 90) {
                Thread.onSpinWait();
            }
        }
    }

    private static List<ConsumerRecord<String, String>> read(String topic, int atLeast) {
        return readFrom(broker.servers(), topic, atLeast);
    }

    private static List<ConsumerRecord<String, String>> readFrom(String servers, String topic, int atLeast) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return records.size() >= atLeast;
            });
        }
        return records;
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static UUID id(int number) {
        return new UUID(0x0190_0000_0000_7000L, number);
    }

    private static EventInfo on(int number) {
        return new EventInfo(UuidV7.at(TIME.toEpochMilli()), TIME, "test", id(number), null, null);
    }

    private static Comment comment(int number) {
        return new Comment(on(number), "comment " + number);
    }

    private static InteractionEvent interaction(int number, @Nullable String session) {
        return new InteractionEvent(
                on(number),
                CallContext.builder().workload("support").session(session).build(),
                Consent.RECORD,
                Outcome.ANSWERED,
                false,
                "model",
                "f1",
                Duration.ofMillis(20),
                null,
                null,
                null,
                null,
                List.of(),
                InteractionEvent.Texts.NONE,
                List.of(),
                null,
                null);
    }
}
