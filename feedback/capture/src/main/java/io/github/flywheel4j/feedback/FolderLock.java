package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A folder that one writer has for itself. The system frees it when the process dies. */
final class FolderLock implements AutoCloseable {

    private static final String NAME = ".lock";

    /**
     * The folders of this process. Where locks are POSIX's, closing any channel of a file frees the lock that the process has
     * on it, so whoever comes second must not open the file at all.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    static FolderLock of(Path folder) throws IOException {
        Path real = folder.toRealPath();
        if (!HELD.add(real)) {
            throw inUse(folder);
        }
        FolderLock lock = null;
        try {
            lock = locked(real);
        } finally {
            if (lock == null) {
                HELD.remove(real);
            }
        }
        if (lock == null) {
            throw inUse(folder);
        }
        return lock;
    }

    /** Null if another process has it. */
    private static @Nullable FolderLock locked(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another class loader of this process.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? null : new FolderLock(folder, channel);
    }

    private static IllegalStateException inUse(Path folder) {
        return new IllegalStateException("folder " + folder
                + " is in use by another sink (expected: a folder of its own for each; close the other one first, or"
                + " ask the running sink for its store)");
    }

    boolean isHeld() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // The lock is gone with the process at the latest.
        } finally {
            HELD.remove(folder);
        }
    }
}
