package io.github.flywheel4j.evals;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of lines that is appended to. A line that cannot be written whole is taken back, or the next one would continue it.
 * Not thread-safe.
 */
final class GrowingFile {

    private final Path file;
    private final Opener opener;

    GrowingFile(Path file) {
        this(file, GrowingFile::append);
    }

    GrowingFile(Path file, Opener opener) {
        this.file = file;
        this.opener = opener;
    }

    /** Opens a file at its end; a collaborator of its own, so that tests can let a disk be full. */
    @FunctionalInterface
    interface Opener {
        OutputStream open(Path file) throws IOException;
    }

    /** No channel: those may be closed when a thread is interrupted, and what a case was answered in time is paid for. */
    private static OutputStream append(Path file) throws IOException {
        return new FileOutputStream(file.toFile(), true);
    }

    void add(String line) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        long before = Files.exists(file) ? Files.size(file) : 0;
        try (OutputStream out = opener.open(file)) {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            takeBack(before, e);
            throw e;
        }
    }

    private void takeBack(long length, IOException why) {
        try {
            truncate(length);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** Leaves so many bytes of it. */
    void truncate(long length) throws IOException {
        if (Files.exists(file)) {
            try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
                whole.setLength(length);
            }
        }
    }
}
