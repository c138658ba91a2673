package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In Cairo numbers have other digits, and files the same names. */
class FileNamesTest {

    @TempDir
    Path folder;

    private Locale before;

    @BeforeEach
    void goToCairo() {
        before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        assertThat(String.format("%d", 1)).isNotEqualTo("1");
    }

    @AfterEach
    void comeBack() {
        Locale.setDefault(before);
    }

    @Test
    void whatIsWrittenIsFoundAgain() throws Exception {
        try (JsonLinesSink sink =
                JsonLinesSink.builder(folder).rotateAtBytes(100).withoutZip().build()) {
            sink.accept(Events.comment(1));
            sink.accept(Events.comment(2));
        }
        Files.writeString(folder.resolve("events-00000002.jsonl"), "garbage\n", StandardOpenOption.APPEND);
        JsonLinesStore store = JsonLinesStore.in(folder, UserIds.none());

        try (Stream<FeedbackEvent> events = store.events()) {
            assertThat(events.count()).isEqualTo(2);
        }
        assertThat(Folders.names(folder))
                .containsExactly("corrupt-00000002.jsonl", "events-00000001.jsonl", "events-00000002.jsonl");
    }

    @Test
    void whatIsSpilledIsFoundAgain() {
        FeedbackSink away = event -> {
            throw new IllegalStateException("away");
        };
        try (AsyncSink sink = AsyncSink.builder(away)
                .spillTo(folder)
                .closeTimeout(Duration.ZERO)
                .build()) {
            sink.accept(Events.comment(1));
        }

        assertThat(Folders.names(folder)).isEqualTo(List.of("spill-0000000000000001.jsonl"));
    }
}
