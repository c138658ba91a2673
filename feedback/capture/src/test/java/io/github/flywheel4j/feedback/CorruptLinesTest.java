package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorruptLinesTest {

    private static final byte[] GARBAGE = "garbage".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void aLineThatACrashToreInASideFileMakesItForgetNoOther() throws IOException {
        setAside(new CorruptLines(folder), 1, 7);
        Path sideFile = CorruptLines.sideFile(folder, 1);
        Files.writeString(sideFile, "{\"line\":8,\"rea", StandardOpenOption.APPEND);
        setAside(new CorruptLines(folder), 1, 9);
        setAside(new CorruptLines(folder), 2, 1);
        long length = Files.size(sideFile);

        CorruptLines again = new CorruptLines(folder);
        assertThat(again.count()).isEqualTo(3);
        setAside(again, 1, 7);
        setAside(again, 1, 9);
        setAside(again, 2, 1);

        assertThat(again.count()).isEqualTo(3);
        assertThat(Files.size(sideFile)).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLineThatCouldNotBeWrittenCostsNoOther(boolean tornBefore) throws IOException {
        CorruptLines lines = new CorruptLines(folder);
        setAside(lines, 1, 7);
        Path sideFile = CorruptLines.sideFile(folder, 1);
        if (tornBefore) {
            tear(sideFile);
            lines = new CorruptLines(folder);
            assertThat(lines.count()).isEqualTo(1);
        }
        Path away = Files.move(sideFile, folder.resolve("away"));
        Files.createDirectory(sideFile);
        setAside(lines, 1, 8);
        Files.delete(sideFile);
        Files.move(away, sideFile);
        if (!tornBefore) {
            // The disk was full in the middle of it.
            tear(sideFile);
        }

        setAside(lines, 1, 9);
        setAside(lines, 1, 10);

        assertThat(Files.readAllLines(sideFile))
                .filteredOn(line -> line.endsWith("}"))
                .hasSize(3)
                .allMatch(line -> line.startsWith("{\"line\":") && line.indexOf('{', 1) < 0);
        assertThat(new CorruptLines(folder).count()).isEqualTo(3);
    }

    private static void tear(Path sideFile) throws IOException {
        Files.writeString(sideFile, "{\"line\":8,\"rea", StandardOpenOption.APPEND);
    }

    /** Such as a bad disk may leave; the reader of JSON takes them for a text in UTF-32, and one of them for none at all. */
    @ParameterizedTest
    @ValueSource(strings = {"\0\0\0\0\0\0\0\0", "\0\0\u00ff\u00fe"})
    void bytesThatAreNoTextInASideFileMakeItForgetNoOther(String bytes) throws IOException {
        setAside(new CorruptLines(folder), 1, 7);
        Files.write(
                CorruptLines.sideFile(folder, 1),
                (bytes + "\n").getBytes(StandardCharsets.ISO_8859_1),
                StandardOpenOption.APPEND);
        setAside(new CorruptLines(folder), 1, 9);
        setAside(new CorruptLines(folder), 2, 1);

        assertThat(new CorruptLines(folder).count()).isEqualTo(3);
    }

    @Test
    void aFileOfSomebodyElseWithSuchANameIsNoHindrance() throws IOException {
        setAside(new CorruptLines(folder), 1, 7);
        Files.writeString(folder.resolve("corrupt-copy.jsonl"), "{}");

        assertThat(new CorruptLines(folder).count()).isEqualTo(1);
    }

    private static void setAside(CorruptLines lines, long file, long line) {
        lines.setAside(file, line, "no JSON", GARBAGE, 0, GARBAGE.length);
    }
}
