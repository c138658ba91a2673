package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.GZIPOutputStream;

/** The files of a folder that nobody appends to any more: zipping and rewriting them exclude each other. Thread-safe. */
final class ClosedFiles {

    private final Path folder;
    private final FolderLock folderLock;

    /** May be held while the lock of the open file is taken, never the other way round. */
    private final ReentrantLock changing = new ReentrantLock();

    ClosedFiles(Path folder) throws IOException {
        Files.createDirectories(folder);
        this.folder = folder;
        this.folderLock = FolderLock.of(folder);
    }

    /** Work on files. */
    @FunctionalInterface
    interface Work {
        void on(List<EventFile> files) throws IOException;
    }

    /**
     * Runs work on the files up to this one, while nobody else changes them.
     *
     * @throws IllegalStateException if the folder was left to others
     */
    void alone(long last, Work work) throws IOException {
        changing.lock();
        try {
            if (!folderLock.isHeld()) {
                throw new IllegalStateException("the sink of " + folder
                        + " is closed, and another one may write there (expected: the store of an open sink, or"
                        + " JsonLinesStore.in)");
            }
            EventFile.deleteLeftovers(folder);
            work.on(upTo(last));
        } finally {
            changing.unlock();
        }
    }

    List<EventFile> upTo(long last) throws IOException {
        return EventFile.in(folder).stream()
                .filter(each -> each.number() <= last)
                .toList();
    }

    /** Leaves the folder to others, when nobody changes a file any more. */
    void leave() {
        changing.lock();
        try {
            folderLock.close();
        } finally {
            changing.unlock();
        }
    }

    /** Zips those before the first open one. */
    void zipBefore(long open) throws IOException {
        for (EventFile each : EventFile.in(folder)) {
            changing.lock();
            try {
                if (!each.isZipped() && each.number() < open && Files.exists(each.path()) && folderLock.isHeld()) {
                    zip(each);
                }
            } finally {
                changing.unlock();
            }
        }
    }

    private void zip(EventFile plain) throws IOException {
        Path zipped = EventFile.zipped(folder, plain.number());
        Path temporary = zipped.resolveSibling(zipped.getFileName() + EventFile.TEMPORARY);
        try (InputStream in = Files.newInputStream(plain.path());
                OutputStream out = new GZIPOutputStream(Files.newOutputStream(temporary), 1 << 16)) {
            in.transferTo(out);
        } catch (IOException | RuntimeException e) {
            discard(temporary, e);
            throw e;
        }
        replace(temporary, zipped);
        Files.delete(plain.path());
    }

    /** Puts a finished file in the place of another, so that after a crash there is one or the other. */
    static void replace(Path temporary, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            channel.force(true);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            discard(temporary, e);
            throw e;
        }
    }

    /** Deletes what was written of a file when it could not be finished: on a full disk the room is needed. */
    static void discard(Path temporary, Exception why) {
        try {
            boolean unused = Files.deleteIfExists(temporary);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }
}
