package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files outlive programs: what schema 1 looks like is written down, byte for byte. */
class EventFormsTest {

    private static final String ID = "019ca9f1-6a00-7000-8000-0000000000ff";

    record Pinned(FeedbackEvent event, String line) {}

    static List<Pinned> everyKind() throws IOException {
        List<FeedbackEvent> events = Events.ofEveryKind();
        List<String> lines = lines();
        assertThat(lines).hasSameSizeAs(events);
        return IntStream.range(0, events.size())
                .mapToObj(i -> new Pinned(events.get(i), lines.get(i)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void anEventIsWrittenAsEveryProgramOfThisSchemaWritesIt(Pinned pinned) {
        assertThat(withoutItsOwnId(pinned.event())).isEqualTo(pinned.line());
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void aLineOfThisSchemaIsRead(Pinned pinned) {
        FeedbackEvent read = FeedbackEvent.fromJson(pinned.line());

        assertThat(read).hasSameClassAs(pinned.event());
        assertThat(read.toJson()).isEqualTo(pinned.line());
    }

    /** It is random. */
    private static String withoutItsOwnId(FeedbackEvent event) {
        return event.toJson().replace(event.eventId().toString(), ID);
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = EventFormsTest.class.getResourceAsStream("schema-1.jsonl")) {
            return List.of(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).split("\n"));
        }
    }
}
