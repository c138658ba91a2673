package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events on a local disk that wait for their sink: files in the order of writing, each deleted as a whole when its events
 * were taken. Not thread-safe; {@link AsyncSink} guards it.
 */
final class SpillFiles {

    private static final String PREFIX = "spill-";
    private static final String SUFFIX = ".jsonl";
    private static final long FILE_BYTES = 8L << 20;
    private static final int CHUNK = 1 << 20;

    /** What is spilled was in memory in one piece, and how much the sink takes is for the sink to say. */
    static final int LONGEST_EVENT = Integer.MAX_VALUE;

    private final Path folder;
    private final long limit;
    private final FolderLock lock;

    /** By number, with the bytes in each. */
    private final TreeMap<Path, Long> files = new TreeMap<>();

    private final LineOutput.Opener opener;
    private @Nullable LineOutput writing;
    private @Nullable Path written;
    private long number;

    SpillFiles(Path folder, long limit) {
        this(folder, limit, LineOutput::open);
    }

    SpillFiles(Path folder, long limit, LineOutput.Opener opener) {
        this.opener = opener;
        this.folder = folder;
        this.limit = limit;
        FolderLock held = null;
        try {
            Files.createDirectories(folder);
            held = FolderLock.of(folder);
            try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
                for (Path file : paths) {
                    files.put(file, Files.size(file));
                    number = Math.max(number, number(file));
                }
            }
            this.lock = held;
        } catch (IOException e) {
            if (held != null) {
                held.close();
            }
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
        return files.values().stream().mapToLong(Long::longValue).sum() < limit;
    }

    /**
     * Writes events.
     *
     * @param unwritable told of each event that has no form as JSON
     * @return those for which there was no room any more
     */
    List<FeedbackEvent> append(List<FeedbackEvent> events, Consumer<FeedbackEvent> unwritable) throws IOException {
        Bytes bytes = new Bytes();
        for (int i = 0; i < events.size(); i++) {
            int before = bytes.length();
            try {
                EventWriter.write(events.get(i), bytes);
                bytes.write('\n');
            } catch (IllegalArgumentException e) {
                bytes.truncate(before);
                unwritable.accept(events.get(i));
            }
            if (bytes.length() >= CHUNK) {
                append(bytes);
                if (!hasRoom()) {
                    return events.subList(i + 1, events.size());
                }
            }
        }
        append(bytes);
        return List.of();
    }

    private void append(Bytes bytes) throws IOException {
        if (bytes.length() == 0) {
            return;
        }
        Path file = written;
        LineOutput to = writing;
        if (to == null || file == null || files.getOrDefault(file, 0L) > FILE_BYTES) {
            seal();
            file = folder.resolve(String.format(Locale.ROOT, "%s%016d%s", PREFIX, ++number, SUFFIX));
            to = opener.open(file);
            writing = to;
            written = file;
            files.put(file, 0L);
        }
        try {
            to.write(bytes.array(), bytes.length());
        } catch (IOException e) {
            undo(to, file, e);
            throw e;
        }
        files.merge(file, (long) bytes.length(), Long::sum);
        bytes.clear();
    }

    /** Takes a write that failed half way back: the room that it took is room that somebody needs. */
    private void undo(LineOutput to, Path file, IOException e) {
        long kept = files.getOrDefault(file, 0L);
        try {
            to.truncate(kept);
            if (kept == 0) {
                seal();
                delete(file);
            }
        } catch (IOException | UncheckedIOException again) {
            // It stays: events that come twice are one, and the torn line is found when it is read.
            e.addSuppressed(again);
            seal();
        }
    }

    /** The oldest file, to which nothing more will be written; null if there is none. */
    @Nullable
    Path oldest() {
        if (files.isEmpty()) {
            return null;
        }
        if (files.size() == 1) {
            seal();
        }
        return files.firstKey();
    }

    /** The oldest event of a file other than this one; null if there is none, or none that can be read. */
    @Nullable
    FeedbackEvent oldestNotIn(@Nullable Path file) {
        for (Path other : files.keySet()) {
            if (!other.equals(file)) {
                try (Lines lines = Lines.of(other, LONGEST_EVENT)) {
                    return lines.next() ? lines.eventOrNull() : null;
                } catch (IOException | SchemaTooNew e) {
                    // Whoever delivers the file will find out.
                    return null;
                }
            }
        }
        return null;
    }

    boolean hasOtherThan(@Nullable Path file) {
        return files.size() > (file != null && files.containsKey(file) ? 1 : 0);
    }

    void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
        files.remove(file);
    }

    /** Leaves a file on the disk for another run. */
    void leave(Path file) {
        files.remove(file);
    }

    void close() {
        try {
            seal();
        } finally {
            lock.close();
        }
    }

    private void seal() {
        LineOutput file = writing;
        writing = null;
        written = null;
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
