package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flywheel4j.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that are longer than any event: what a bad disk or a full one leaves may have no line break for gigabytes. */
class LongLinesTest {

    private static final int LONGEST = 2_000;
    private static final UserIds USERS = UserIds.keyed(Events.KEY);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsEveryLineBehindOnesThatItDoesNotHold(boolean zipped) throws IOException {
        Random random = Seeds.random("long lines");
        for (int file = 0; file < 40; file++) {
            int longest = 1 + random.nextInt(random.nextBoolean() ? 50 : 150_000);
            List<byte[]> expected = new ArrayList<>();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int i = random.nextInt(20); i > 0; i--) {
                byte[] line = new byte[Math.max(0, length(random, longest))];
                Arrays.fill(line, (byte) ('a' + random.nextInt(26)));
                expected.add(line);
                text.write(line);
                text.write('\n');
            }
            byte[] last = new byte[Math.max(0, length(random, longest))];
            Arrays.fill(last, (byte) '.');
            expected.add(last);
            text.write(last);

            check(expected, write(text.toByteArray(), zipped), longest);
        }
    }

    private static int length(Random random, int longest) {
        return switch (random.nextInt(4)) {
            case 0 -> longest - 2 + random.nextInt(4);
            case 1 -> (1 << 16) - 2 + random.nextInt(4);
            case 2 -> random.nextInt(300_000);
            default -> random.nextInt(50);
        };
    }

    private Path write(byte[] text, boolean zipped) throws IOException {
        Path path = folder.resolve(zipped ? "lines.jsonl.gz" : "lines.jsonl");
        try (OutputStream raw = Files.newOutputStream(path);
                OutputStream out = zipped ? new GZIPOutputStream(raw) : raw) {
            out.write(text);
        }
        return path;
    }

    private static void check(List<byte[]> expected, Path file, int longest) throws IOException {
        try (Lines lines = Lines.of(file, longest)) {
            long end = 0;
            for (int i = 0; i < expected.size(); i++) {
                byte[] line = expected.get(i);
                boolean isLast = i == expected.size() - 1;
                end += line.length + (isLast ? 0 : 1);
                if (line.length == 0) {
                    continue;
                }
                assertThat(lines.next()).isTrue();
                byte[] got = Arrays.copyOfRange(lines.bytes(), lines.start(), lines.start() + lines.length());
                boolean isLong = line.length >= longest;
                assertThat(lines.number()).isEqualTo(i + 1);
                assertThat(lines.terminated()).isEqualTo(!isLast);
                assertThat(lines.endOffset()).isEqualTo(end);
                assertThat(lines.tooLong()).isEqualTo(isLong);
                assertThat(got)
                        .isEqualTo(
                                isLong ? Arrays.copyOf(line, Math.min(longest, Math.min(4_096, line.length))) : line);
            }
            assertThat(lines.next()).isFalse();
        }
    }

    @Test
    void holdsNothingOfALongLineButItsBegin() throws IOException {
        Path file = write("x".repeat(3_000_000).getBytes(StandardCharsets.UTF_8), false);

        try (Lines lines = Lines.of(file, LONGEST)) {
            assertThat(lines.next()).isTrue();
            assertThat(lines.length()).isEqualTo(LONGEST);
            assertThat(lines.bytes()).hasSizeLessThanOrEqualTo(1 << 16);
        }
    }

    @Test
    void setsALineAsideThatIsLongerThanAnyEventAndReadsTheRest() throws IOException {
        write(1);
        append("rash ".repeat(100_000) + "\n");
        append(Events.comment(2).toJson() + "\n" + "\0".repeat(70_000) + "\n");
        write(3);

        for (int time = 0; time < 3; time++) {
            JsonLinesStore store = store();
            assertThat(read(store)).containsExactly(Events.id(1), Events.id(2), Events.id(3));
            assertThat(store.corruptLines()).isEqualTo(2);
        }
        assertThat(sideLines()).hasSize(2);
        assertThat(sideLines().get(0))
                .contains("\"line\":2", "a line of more than 2000 bytes, of which this is the begin", "rash rash")
                .hasSizeLessThan(3_000);
    }

    @Test
    void anErasureTakesLongLinesAwayAndCountsThem() throws IOException {
        write(1);
        append("rash ".repeat(100_000) + "\n");
        write(2);

        ErasureReport report = store().eraseStored("ann");

        assertThat(report.corruptLines()).isEqualTo(1);
        assertThat(Folders.everything(folder)).doesNotContain("rash");
        assertThat(read(store())).containsExactly(Events.id(1), Events.id(2));
        assertThat(store().corruptLines()).isZero();
    }

    @Test
    void cutsOffALongLineAtTheEndAndGoesOn() throws IOException {
        write(1);
        long length = Files.size(EventFile.plain(folder, 1));
        append("\0".repeat(1_000_000));

        write(2);

        assertThat(read(store())).containsExactly(Events.id(1), Events.id(2));
        assertThat(store().corruptLines()).isEqualTo(1);
        assertThat(Files.size(EventFile.plain(folder, 1))).isLessThan(2 * length + 50);
    }

    @Test
    void refusesAnEventOfWhichNobodyWouldReadTheLine() {
        try (JsonLinesSink sink = sink()) {
            Comment longest = fitting(0);
            sink.accept(longest);

            assertThatThrownBy(() -> sink.accept(fitting(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("2001 bytes (expected: at most 2000)");
            assertThat(read(store())).containsExactly(longest.interactionId());
        }
    }

    /** A comment whose line has this much more than the longest one. */
    private static Comment fitting(int more) {
        EventInfo info = Events.comment(7).info();
        int without = new Comment(info, "").toJson().length() + 1;
        return new Comment(info, "x".repeat(LONGEST - without + more));
    }

    private void write(int comment) {
        try (JsonLinesSink sink = sink()) {
            sink.accept(Events.comment(comment));
        }
    }

    private JsonLinesSink sink() {
        return JsonLinesSink.builder(folder)
                .withoutZip()
                .corrupt(new CorruptLines(folder, LONGEST))
                .build();
    }

    private JsonLinesStore store() {
        return new JsonLinesStore(folder, USERS, null, new CorruptLines(folder, LONGEST));
    }

    private void append(String text) throws IOException {
        Files.writeString(EventFile.plain(folder, 1), text, StandardOpenOption.APPEND);
    }

    private List<String> sideLines() throws IOException {
        return Files.readAllLines(CorruptLines.sideFile(folder, 1));
    }

    private static List<UUID> read(JsonLinesStore store) {
        try (Stream<FeedbackEvent> events = store.events()) {
            return events.map(FeedbackEvent::interactionId).toList();
        }
    }
}
