package io.github.flywheel4j.benchmarks.feedback;

import io.github.flywheel4j.feedback.AsyncSink;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.kafka.KafkaSink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A topic of a broker that is away for ten seconds half way, while a writer that does not wait goes on: what it was given is
 * acknowledged unless it is counted as lost.
 */
final class TopicSubject implements DurabilitySubject {

    /** Of the writer that goes on; the others are numbered from 0. */
    private static final long OWN_RUN = 1_000_000;

    private static final Duration AWAY = Duration.ofSeconds(10);

    /** So that sends fail meanwhile, and the queue before the sink has to offer the events again. */
    private static final Duration LESS_THAN_AWAY = Duration.ofSeconds(5);

    private static final Duration BEFORE_AND_AFTER = Duration.ofSeconds(2);
    private static final int EVENTS_PER_SECOND = 500;
    private static final Duration LONGEST_CATCH_UP = Duration.ofMinutes(2);

    private final KafkaBroker broker;
    private final Path spill;
    private final Random random;
    private long given;

    TopicSubject(Path folder, Path spill, Random random) throws IOException, InterruptedException {
        this.broker = KafkaBroker.start(folder);
        this.spill = spill;
        this.random = random;
    }

    @Override
    public String where() {
        return broker.servers();
    }

    @Override
    public void halfWay(Set<UUID> acknowledged) throws IOException, InterruptedException {
        try (AsyncSink sink = AsyncSink.builder(KafkaSink.builder(where(), DurableStore.TOPIC)
                        .timeout(LESS_THAN_AWAY)
                        .build())
                .capacity(1_000)
                .spillTo(spill)
                .build()) {
            give(sink, BEFORE_AND_AFTER);
            broker.kill();
            give(sink, AWAY);
            broker.startAgain();
            give(sink, BEFORE_AND_AFTER);
            boolean caughtUp = sink.flush(LONGEST_CATCH_UP);
            AsyncSink.Counts counts = sink.counts();
            // Which ones were lost nobody knows, so none may be.
            if (!caughtUp || counts.lost() + counts.refused() > 0) {
                throw new IllegalStateException("the writer that goes on did not catch up: " + counts);
            }
            for (long number = 0; number < given; number++) {
                acknowledged.add(DurabilityWriter.id(OWN_RUN, number));
            }
        }
    }

    private void give(AsyncSink sink, Duration time) {
        long start = System.nanoTime();
        long events = time.toMillis() * EVENTS_PER_SECOND / 1_000;
        for (long i = 0; i < events; i++) {
            long due = start + TimeUnit.SECONDS.toNanos(1) / EVENTS_PER_SECOND * i;
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            sink.accept(DurabilityWriter.event(OWN_RUN, given++, random));
        }
    }

    @Override
    public Found found() {
        Set<UUID> found = new HashSet<>();
        Set<UUID> ids = new HashSet<>();
        long duplicates = 0;
        long torn = 0;
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", where()), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(DurableStore.TOPIC).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    try {
                        FeedbackEvent event = FeedbackEvent.fromJson(record.value());
                        found.add(event.interactionId());
                        duplicates += ids.add(event.eventId()) ? 0 : 1;
                    } catch (IllegalArgumentException e) {
                        torn++;
                    }
                }
            }
        }
        return new Found(found, duplicates, 0, torn);
    }

    @Override
    public void close() {
        broker.kill();
    }
}
