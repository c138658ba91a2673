package io.github.flywheel4j.feedback.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flywheel4j.feedback.AsyncSink;
import io.github.flywheel4j.feedback.FeedbackSink;
import io.github.flywheel4j.feedback.JsonLinesSink;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the package and of core/docs/guide/feedback.md, as they stand there. */
class GuideTest {

    @TempDir
    Path temporary;

    @Test
    void aTopicIsASink() {
        Path spillFolder = temporary.resolve("spill");

        // snippet
        KafkaSink topic = KafkaSink.to("localhost:9092", "feedback");
        AsyncSink sink = AsyncSink.builder(topic).spillTo(spillFolder).build();
        // end snippet

        assertThat(sink.flush(Duration.ofSeconds(1))).isTrue();
        sink.close();
    }

    @Test
    void aTopicBesideAStore() {
        Path folder = temporary.resolve("events");
        Path spillFolder = temporary.resolve("spill");
        JsonLinesSink files = JsonLinesSink.in(folder);
        KafkaSink topic = KafkaSink.to("localhost:9092", "feedback");

        // snippet
        FeedbackSink both = FeedbackSink.all(
                AsyncSink.before(files),
                AsyncSink.builder(topic).spillTo(spillFolder).build());
        // end snippet

        assertThat(both.waits()).isFalse();
        both.close();
    }
}
