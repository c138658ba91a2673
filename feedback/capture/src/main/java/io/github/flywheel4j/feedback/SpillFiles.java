package io.github.flywheel4j.feedback;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events on a local disk that wait for their sink: files in the order of writing, each deleted as a whole when its events
 * were taken. Not thread-safe; {@link AsyncSink} guards it.
 */
final class SpillFiles {

    private static final String PREFIX = "spill-";
    private static final String SUFFIX = ".jsonl";
    private static final long FILE_BYTES = 8L << 20;

    private final Path folder;
    private final long limit;
    private final FolderLock lock;
    private final Deque<Path> files = new ArrayDeque<>();
    private @Nullable OutputStream writing;
    private long written;
    private long total;
    private long number;

    SpillFiles(Path folder, long limit) {
        this.folder = folder;
        this.limit = limit;
        try {
            Files.createDirectories(folder);
            this.lock = FolderLock.of(folder);
            List<Path> found = new ArrayList<>();
            try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
                paths.forEach(found::add);
            }
            found.sort(null);
            for (Path file : found) {
                files.add(file);
                total += Files.size(file);
                number = Math.max(number, number(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot use " + folder + " for spilled events (expected: a folder that can be written)", e);
        }
    }

    Path folder() {
        return folder;
    }

    boolean isEmpty() {
        return files.isEmpty();
    }

    boolean hasRoom() {
        return total < limit;
    }

    void append(List<FeedbackEvent> events) throws IOException {
        if (writing == null || written > FILE_BYTES) {
            seal();
            Path file = folder.resolve(String.format("%s%016d%s", PREFIX, ++number, SUFFIX));
            writing = new BufferedOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), 1 << 16);
            files.add(file);
        }
        Bytes bytes = new Bytes();
        for (FeedbackEvent event : events) {
            EventWriter.write(event, bytes);
            bytes.write('\n');
        }
        try {
            bytes.writeTo(writing);
            writing.flush();
        } catch (IOException e) {
            // What was written of it stays: events that come twice are one, and the torn line is found when it is read.
            seal();
            throw e;
        }
        written += bytes.length();
        total += bytes.length();
    }

    /** The oldest file, to which nothing more will be written; null if there is none. */
    @Nullable
    Path oldest() {
        Path oldest = files.peek();
        if (oldest != null && files.size() == 1) {
            seal();
        }
        return oldest;
    }

    void delete(Path file) throws IOException {
        long size = Files.size(file);
        Files.delete(file);
        files.remove(file);
        total -= size;
    }

    void close() {
        seal();
        lock.close();
    }

    private void seal() {
        OutputStream file = writing;
        writing = null;
        written = 0;
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close a file of spilled events", e);
            }
        }
    }

    private static long number(Path file) {
        String name = file.getFileName().toString();
        try {
            return Long.parseLong(name.substring(PREFIX.length(), name.length() - SUFFIX.length()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
