package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
