package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flywheel4j.CallContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files outlive programs: what schema 1 looks like is written down, byte for byte. */
class EventFormsTest {

    private static final String ID = "019ca9f1-6a00-7000-8000-0000000000ff";

    record Pinned(FeedbackEvent event, String line) {}

    static List<Pinned> everyKind() {
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

    @Test
    void everyNumberThatAnAttributeMayBeIsWrittenAndRead() {
        LongAdder counter = new LongAdder();
        counter.add(7);
        Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("int", 1);
        numbers.put("long", Long.MIN_VALUE);
        numbers.put("double", 0.5);
        numbers.put("decimal", new BigDecimal("0.10"));
        numbers.put("atomic", new AtomicInteger(3));
        numbers.put("adder", counter);
        numbers.put("share", new Share(1, 4));
        numbers.put("huge", BigInteger.TEN.pow(2_000));
        numbers.put("exact", new BigDecimal(BigInteger.ONE.shiftLeft(8_000)));
        numbers.put("none", Double.NaN);

        FeedbackEvent read = FeedbackEvent.fromJson(with(numbers).toJson());

        Map<String, Object> attributes = ((InteractionEvent) read).context().attributes();
        assertThat(attributes).containsOnlyKeys(numbers.keySet());
        assertThat(attributes)
                .containsEntry("int", 1)
                .containsEntry("long", Long.MIN_VALUE)
                .containsEntry("atomic", 3)
                .containsEntry("adder", 7.0)
                .containsEntry("share", 0.25);
    }

    private static FeedbackEvent with(Map<String, Object> attributes) {
        InteractionEvent event = Events.interaction(1);
        CallContext.Builder context = CallContext.builder().workload("support");
        attributes.forEach(context::attribute);
        return Events.with(event, context.build(), event.info());
    }

    /** A number that no library knows. */
    private static final class Share extends Number {

        private static final long serialVersionUID = 1;
        private final int of;
        private final int all;

        Share(int of, int all) {
            this.of = of;
            this.all = all;
        }

        @Override
        public int intValue() {
            return (int) doubleValue();
        }

        @Override
        public long longValue() {
            return (long) doubleValue();
        }

        @Override
        public float floatValue() {
            return (float) doubleValue();
        }

        @Override
        public double doubleValue() {
            return (double) of / all;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'\"value\":4', '\"value\":4.5'",
        "'\"value\":4', '\"value\":4000000000'",
        "'\"value\":4', '\"value\":\"4.5\"'",
        "'\"value\":4', '\"value\":true'",
        "'\"measure\":0.25', '\"measure\":\"NaN\"'",
        "'\"measure\":0.25', '\"measure\":\"much\"'",
        "'\"v\":1', '\"v\":4294967297'"
    })
    void takesNoNumberForAnother(String was, String is) {
        String line = lineWith(was);

        assertThatThrownBy(() -> FeedbackEvent.fromJson(line.replace(was, is)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Also what this library does not write: a program in front of it may, and an erasure deletes what cannot be read. */
    @ParameterizedTest
    @CsvSource({
        "'\"value\":4', '\"value\":4.0'",
        "'\"value\":4', '\"value\":4e0'",
        "'\"value\":4', '\"value\":\"4\"'",
        "'\"measure\":0.25', '\"measure\":\"0.25\"'",
        "'\"v\":1', '\"v\":\"1\"'",
        "'\"v\":1', '\"v\":1.0'"
    })
    void takesANumberInEveryFormThatItMayHave(String was, String is) {
        String line = lineWith(was);

        assertThat(FeedbackEvent.fromJson(line.replace(was, is)).toJson()).isEqualTo(line);
    }

    private static String lineWith(String part) {
        return lines().stream()
                .filter(each -> each.contains(part) && !each.contains("interaction\",\"event"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aFieldThatIsNullIsOneThatIsNotThere() {
        String line = Events.interaction(1)
                .toJson()
                .replace("\"servedBy\":\"model\"", "\"servedBy\":null,\"cost\":null,\"released\":null")
                .replace("{\"input\":10,\"output\":5,\"total\":15}", "null");

        InteractionEvent read = (InteractionEvent) FeedbackEvent.fromJson(line);

        assertThat(read.servedBy()).isEmpty();
        assertThat(read.usage()).isNull();
        assertThat(read.cost()).isNull();
        assertThat(read.released()).isNull();
    }

    /** It is random. */
    private static String withoutItsOwnId(FeedbackEvent event) {
        return event.toJson().replace(event.eventId().toString(), ID);
    }

    private static List<String> lines() {
        try (InputStream in = EventFormsTest.class.getResourceAsStream("schema-1.jsonl")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
