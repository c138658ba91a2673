package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that is appended to, and the next one when it is large or old enough. Whoever calls holds the lock {@code writing},
 * except where it says otherwise.
 */
final class AppendedFile {

    private static final Logger LOG = LoggerFactory.getLogger(JsonLinesSink.class);

    /** To look whether the file is still there takes longer than to write an event to it. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Path folder;
    private final long rotateAtBytes;
    private final Duration rotateEvery;
    private final Clock clock;
    private final LineOutput.Opener opener;
    private final ReentrantLock writing;
    private final Runnable whenClosed;

    /**
     * Held while the file is forced in the background. Taken while {@code writing} is held, so that who holds that one knows
     * what is under way.
     */
    private final ReentrantLock forcing = new ReentrantLock();

    /** Why forcing in the background failed; null once somebody was told. */
    private final AtomicReference<@Nullable IOException> forceFailure = new AtomicReference<>();

    private @Nullable LineOutput file;
    private long number;
    private long length;
    private Instant openedAt = Instant.MIN;

    /** When it was last seen in its folder. */
    private Instant lookedAt = Instant.MIN;

    private boolean unforced;

    /** Whether forcing failed, so that forcing again is the least that it takes to say that all is safe. */
    private boolean doubted;

    /**
     * Not opened yet.
     *
     * @param writing guards it
     * @param whenClosed told when a file was closed because the next one begins
     */
    AppendedFile(JsonLinesSink.Builder builder, ReentrantLock writing, Runnable whenClosed) {
        this.folder = builder.folder;
        this.rotateAtBytes = builder.rotateAtBytes;
        this.rotateEvery = builder.rotateEvery;
        this.clock = builder.clock;
        this.opener = builder.opener;
        this.writing = writing;
        this.whenClosed = whenClosed;
    }

    /** The number of the file that was begun last. */
    long number() {
        return number;
    }

    /** The number of the first file that is not closed, and need not be there yet. */
    long firstOpen() {
        return file == null ? number + 1 : number;
    }

    /** Throws what forcing in the background met since somebody was told. */
    void throwForceFailure() throws IOException {
        IOException failure = forceFailure.getAndSet(null);
        if (failure != null) {
            // After a failed fsync nobody knows what the disk has; only what is written to a new file is certain.
            abandonFile();
            throw failure;
        }
    }

    /** Goes on with the last file of the folder, and repairs what a crash left of it. */
    void recover(CorruptLines corrupt) throws IOException {
        List<EventFile> files = EventFile.in(folder);
        if (files.isEmpty()) {
            return;
        }
        EventFile last = files.get(files.size() - 1);
        number = last.number();
        if (last.isZipped()) {
            return;
        }
        LineOutput open = opener.open(last.path());
        try {
            openedAt = TornLine.cutOff(last, open, corrupt, clock);
            length = open.length();
        } catch (IOException | RuntimeException e) {
            open.close();
            throw e;
        }
        file = open;
    }

    void append(Bytes line) throws IOException {
        if (line.length() == 0) {
            return;
        }
        LineOutput to = fileFor(line.length());
        try {
            to.write(line.array(), line.length());
        } catch (IOException e) {
            undo(to, e);
            throw e;
        }
        length += line.length();
        unforced = true;
        line.clear();
    }

    /**
     * Takes a write that failed half way back, so that the next one does not continue its last line. A file that it was to
     * begin goes with it, or on a full disk every try would leave one.
     */
    private void undo(LineOutput to, IOException e) {
        try {
            if (length > 0) {
                to.truncate(length);
            } else {
                abandonFile();
                boolean unused = Files.deleteIfExists(EventFile.plain(folder, number));
                number--;
            }
        } catch (IOException again) {
            e.addSuppressed(again);
            abandonFile();
        }
    }

    private LineOutput fileFor(int bytes) throws IOException {
        LineOutput open = file;
        Instant now = clock.instant();
        if (open != null && wasDeleted(now)) {
            // Many systems let it be written to on and on, and nobody would ever read that.
            LOG.warn(
                    "somebody deleted file {} of the events in {} while it was written; the next one is begun",
                    number,
                    folder);
            abandonFile();
            open = null;
        }
        if (now.isBefore(openedAt)) {
            // The clock was set back, and a file that was begun in the future would never be old.
            openedAt = now;
        }
        if (open != null
                && length > 0
                && (length + bytes > rotateAtBytes
                        || Duration.between(openedAt, now).compareTo(rotateEvery) >= 0)) {
            closeFile();
            whenClosed.run();
            open = null;
        }
        if (open == null) {
            openedAt = now;
            // The number is used up only if the file can be made.
            open = opener.open(EventFile.plain(folder, number + 1));
            number++;
            file = open;
            length = open.length();
            forceFolder();
        }
        return open;
    }

    private boolean wasDeleted(Instant now) {
        if (!now.isBefore(lookedAt) && now.isBefore(lookedAt.plus(LOOK_EVERY))) {
            return false;
        }
        lookedAt = now;
        return !Files.exists(EventFile.plain(folder, number));
    }

    void closeFile() throws IOException {
        LineOutput open = file;
        if (open != null) {
            try {
                force();
            } finally {
                file = null;
                open.close();
            }
        }
    }

    void abandonFile() {
        LineOutput open = file;
        file = null;
        unforced = false;
        doubted = false;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.warn("cannot close a file of events in {}", folder, e);
            }
        }
    }

    /** Forces what was written, and waits for what is being forced. */
    void force() throws IOException {
        LineOutput open = file;
        if (open == null) {
            return;
        }
        forcing.lock();
        try {
            if (unforced || doubted) {
                unforced = false;
                doubted = true;
                open.force();
                doubted = false;
            }
        } finally {
            forcing.unlock();
        }
        IOException failure = forceFailure.getAndSet(null);
        if (failure != null) {
            doubted = true;
            throw failure;
        }
    }

    void forceInBackground() {
        LineOutput open;
        writing.lock();
        try {
            open = unforced ? file : null;
            if (open == null) {
                return;
            }
            unforced = false;
            forcing.lock();
        } finally {
            writing.unlock();
        }
        try {
            // Without the lock of the open file: forcing takes milliseconds, and writing need not wait for it.
            open.force();
        } catch (IOException e) {
            forceFailure.set(e);
            LOG.warn("cannot force events in {} onto the disk", folder, e);
        } finally {
            forcing.unlock();
        }
    }

    /** Makes the names of new files as safe as their contents; not every system can, or needs it. */
    private void forceFolder() {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("cannot force the folder {}", folder, e);
        }
    }
}
