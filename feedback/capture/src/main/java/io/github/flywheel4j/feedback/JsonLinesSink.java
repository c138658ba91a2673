package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events as JSON Lines in the files of a folder: the store that needs no server.
 *
 * <p>It appends to {@code events-00000001.jsonl} and begins a new file when that one is large or old enough; closed files
 * are zipped in the background. On start it goes on with the last file. If the process died while a line was written, the
 * torn line is set aside in a side file and cut off; a write that fails half way is undone.
 *
 * <p>When {@link #accept} returns, the event survives the death of the process; see {@link FlushPolicy} for a power cut.
 * When the disk is full or the folder gone, it throws {@link UncheckedIOException} and tries again with the next event.
 *
 * <p>Put an {@link AsyncSink} before it, so that no call waits for the disk. Read with {@link #store}. One sink writes to
 * a folder at a time, in all processes. Thread-safe. Stateful: it owns the folder's lock and a thread until it is closed.
 */
public final class JsonLinesSink implements FeedbackSink {

    private static final Logger LOG = LoggerFactory.getLogger(JsonLinesSink.class);

    /** So much is written at once: large enough for few system calls, small enough for a processor's cache. */
    private static final int CHUNK = 1 << 17;

    private final Path folder;
    private final long rotateAtBytes;
    private final Duration rotateEvery;
    private final FlushPolicy flush;
    private final boolean zip;
    private final Clock clock;
    private final LineOutput.Opener opener;
    private final FolderLock folderLock;
    private final CorruptLines corrupt;
    private final ScheduledThreadPoolExecutor background;

    /** Guards the open file and what is said of it. May be taken while the lock of the closed files is held, never before. */
    private final ReentrantLock writing = new ReentrantLock();
    /** Guards the closed files: zipping and rewriting exclude each other. */
    private final ReentrantLock closedFiles = new ReentrantLock();

    /**
     * Held while the open file is forced in the background. Taken while the lock of the open file is held, so that who holds
     * that one knows what is under way.
     */
    private final ReentrantLock forcing = new ReentrantLock();

    /** Why forcing in the background failed; null once somebody was told. */
    private final AtomicReference<@Nullable IOException> forceFailure = new AtomicReference<>();

    private final ForgottenIds forgotten;
    private final Bytes line = new Bytes();
    private @Nullable LineOutput file;
    private long number;
    private long length;
    private Instant openedAt = Instant.MIN;
    private boolean unforced;
    private boolean closed;

    private JsonLinesSink(Builder builder) {
        this.folder = builder.folder;
        this.rotateAtBytes = builder.rotateAtBytes;
        this.rotateEvery = builder.rotateEvery;
        this.flush = builder.flush;
        this.zip = builder.zip;
        this.clock = builder.clock;
        this.opener = builder.opener;
        this.corrupt = builder.corrupt == null ? new CorruptLines(folder) : builder.corrupt;
        try {
            Files.createDirectories(folder);
            this.folderLock = FolderLock.of(folder);
        } catch (IOException e) {
            throw unusable(e);
        }
        try {
            this.forgotten = ForgottenIds.in(folder);
            recover();
        } catch (IOException e) {
            folderLock.close();
            throw unusable(e);
        } catch (RuntimeException e) {
            folderLock.close();
            throw e;
        }
        this.background = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "flywheel4j-feedback-files");
            thread.setDaemon(true);
            return thread;
        });
        background.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        background.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        Duration interval = flush.interval();
        if (interval != null) {
            long nanos = TimeUnit.NANOSECONDS.convert(interval);
            Future<?> unused =
                    background.scheduleWithFixedDelay(this::forceInBackground, nanos, nanos, TimeUnit.NANOSECONDS);
        }
        zipInBackground();
    }

    /** A sink that writes to a folder, which is made if need be, with the defaults of {@link Builder}. */
    public static JsonLinesSink in(Path folder) {
        return builder(folder).build();
    }

    /** A builder. */
    public static Builder builder(Path folder) {
        return new Builder(folder);
    }

    /** What was written, to be read while this sink goes on writing. */
    public JsonLinesStore store(UserIds users) {
        return new JsonLinesStore(folder, users, this, corrupt);
    }

    @Override
    public void accept(FeedbackEvent event) {
        acceptAll(List.of(event));
    }

    @Override
    public void acceptAll(List<FeedbackEvent> events) {
        writing.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the sink of " + folder + " is closed (expected: an open one)");
            }
            try {
                write(events);
            } finally {
                line.clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write events to " + folder, e);
        } finally {
            writing.unlock();
        }
    }

    /** Forces what was written onto the disk. */
    @Override
    public void flush() {
        writing.lock();
        try {
            force();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot force events in " + folder + " onto the disk", e);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            background.shutdown();
            closeFile();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the events in " + folder, e);
        } finally {
            writing.unlock();
            leaveFolder();
        }
    }

    private void leaveFolder() {
        closedFiles.lock();
        try {
            folderLock.close();
        } finally {
            closedFiles.unlock();
        }
    }

    /**
     * Runs work on all files that there are, while nobody else touches them. What is written meanwhile goes into a new file:
     * the work may take minutes, and events are not to wait for it.
     */
    void alone(FileWork work) throws IOException {
        long last;
        writing.lock();
        try {
            closeFile();
            last = number;
        } finally {
            writing.unlock();
        }
        closedFiles.lock();
        try {
            EventFile.deleteLeftovers(folder);
            work.on(upTo(last), this);
        } finally {
            closedFiles.unlock();
        }
    }

    /**
     * Masks from now on what is written with one of these ids. What was written with one since the files were listed is in
     * the files that this returns, with those that were listed.
     */
    List<EventFile> forget(Set<UUID> ids, List<EventFile> listed) throws IOException {
        if (ids.isEmpty()) {
            return listed;
        }
        long last;
        writing.lock();
        try {
            forgotten.add(ids);
            closeFile();
            last = number;
        } finally {
            writing.unlock();
        }
        return upTo(last);
    }

    private List<EventFile> upTo(long last) throws IOException {
        return EventFile.in(folder).stream()
                .filter(each -> each.number() <= last)
                .toList();
    }

    /** Work on closed files. */
    @FunctionalInterface
    interface FileWork {
        void on(List<EventFile> files, JsonLinesSink sink) throws IOException;
    }

    private void write(List<FeedbackEvent> events) throws IOException {
        IOException failure = forceFailure.getAndSet(null);
        if (failure != null) {
            // After a failed fsync nobody knows what the disk has; only what is written to a new file is certain.
            abandonFile();
            throw failure;
        }
        line.clear();
        for (FeedbackEvent event : events) {
            int before = line.length();
            EventWriter.write(forgotten.asKept(event), line);
            line.write('\n');
            if (line.length() - before > Builder.LONGEST_EVENT) {
                throw new IllegalArgumentException("event " + event.eventId() + ": " + (line.length() - before)
                        + " bytes (expected: at most " + Builder.LONGEST_EVENT + ")");
            }
            if (line.length() >= CHUNK) {
                append();
            }
        }
        append();
        if (flush.isEveryEvent()) {
            try {
                force();
            } catch (IOException e) {
                abandonFile();
                throw e;
            }
        }
    }

    private void append() throws IOException {
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

    /** Takes a write that failed half way back, so that the next one does not continue its last line. */
    private void undo(LineOutput to, IOException e) {
        try {
            to.truncate(length);
        } catch (IOException again) {
            e.addSuppressed(again);
            abandonFile();
        }
    }

    private LineOutput fileFor(int bytes) throws IOException {
        LineOutput open = file;
        if (open != null
                && length > 0
                && (length + bytes > rotateAtBytes
                        || Duration.between(openedAt, clock.instant()).compareTo(rotateEvery) >= 0)) {
            closeFile();
            zipInBackground();
            open = null;
        }
        if (open == null) {
            openedAt = clock.instant();
            // The number is used up only if the file can be made.
            open = opener.open(EventFile.plain(folder, number + 1));
            number++;
            file = open;
            length = open.length();
            forceFolder();
        }
        return open;
    }

    private void closeFile() throws IOException {
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

    private void abandonFile() {
        LineOutput open = file;
        file = null;
        unforced = false;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.warn("cannot close a file of events in {}", folder, e);
            }
        }
    }

    /** Forces what was written, and waits for what is being forced. */
    private void force() throws IOException {
        LineOutput open = file;
        if (open == null) {
            return;
        }
        forcing.lock();
        try {
            if (unforced) {
                unforced = false;
                open.force();
            }
        } finally {
            forcing.unlock();
        }
        IOException failure = forceFailure.getAndSet(null);
        if (failure != null) {
            throw failure;
        }
    }

    private void forceInBackground() {
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

    private void recover() throws IOException {
        EventFile.deleteLeftovers(folder);
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
            openedAt = cutTornLine(last, open);
            length = open.length();
        } catch (IOException | RuntimeException e) {
            open.close();
            throw e;
        }
        file = open;
    }

    /** Cuts off a line that was not finished, and tells when the file was begun. */
    private Instant cutTornLine(EventFile last, LineOutput open) throws IOException {
        Instant begun = clock.instant();
        long end = 0;
        try (Lines lines = Lines.of(last.path())) {
            while (lines.next()) {
                FeedbackEvent event = lines.number() == 1 || !lines.terminated() ? lines.eventOrNull() : null;
                if (event != null && lines.number() == 1) {
                    begun = EventIds.time(event);
                }
                if (lines.terminated()) {
                    end = lines.offset() + lines.length() + 1;
                } else if (event != null) {
                    open.write(new byte[] {'\n'}, 1);
                    return begun;
                } else {
                    corrupt.setAside(
                            last.number(),
                            lines.number(),
                            "not finished: the process ended while it was written",
                            lines.bytes(),
                            lines.start(),
                            lines.length());
                    open.truncate(end);
                    open.force();
                }
            }
        }
        return begun;
    }

    private void zipInBackground() {
        if (zip) {
            background.execute(() -> {
                try {
                    zipClosedFiles();
                } catch (IOException | RuntimeException e) {
                    LOG.warn("cannot zip closed files in {}; they stay as they are", folder, e);
                }
            });
        }
    }

    private void zipClosedFiles() throws IOException {
        long open;
        writing.lock();
        try {
            if (closed) {
                // The last file stays as it is: the next sink goes on with it.
                return;
            }
            // The next file may be begun, and written to, while the closed ones are zipped.
            open = file == null ? number + 1 : number;
        } finally {
            writing.unlock();
        }
        for (EventFile each : EventFile.in(folder)) {
            closedFiles.lock();
            try {
                if (!each.isZipped() && each.number() < open && Files.exists(each.path()) && folderLock.isHeld()) {
                    zip(each);
                }
            } finally {
                closedFiles.unlock();
            }
        }
    }

    private void zip(EventFile plain) throws IOException {
        Path zipped = EventFile.zipped(folder, plain.number());
        Path temporary = zipped.resolveSibling(zipped.getFileName() + EventFile.TEMPORARY);
        try (InputStream in = Files.newInputStream(plain.path());
                OutputStream out = new GZIPOutputStream(Files.newOutputStream(temporary), 1 << 16)) {
            in.transferTo(out);
        }
        replace(temporary, zipped);
        Files.delete(plain.path());
    }

    /** Puts a finished file in the place of another, so that after a crash there is one or the other. */
    static void replace(Path temporary, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private UncheckedIOException unusable(IOException e) {
        return new UncheckedIOException(
                "cannot use " + folder + " for events (expected: a folder that can be written)", e);
    }

    /** Builds sinks. Not thread-safe. */
    public static final class Builder {

        /** Longer lines would not fit into the memory of a reader. */
        static final int LONGEST_EVENT = 64 << 20;

        private static final long DEFAULT_ROTATE_BYTES = 64L << 20;
        private static final Duration DEFAULT_ROTATE_EVERY = Duration.ofDays(1);
        private static final Duration DEFAULT_FLUSH = Duration.ofSeconds(1);

        private final Path folder;
        private long rotateAtBytes = DEFAULT_ROTATE_BYTES;
        private Duration rotateEvery = DEFAULT_ROTATE_EVERY;
        private FlushPolicy flush = FlushPolicy.every(DEFAULT_FLUSH);
        private boolean zip = true;
        private Clock clock = Clock.systemUTC();
        private LineOutput.Opener opener = LineOutput::open;
        private @Nullable CorruptLines corrupt;

        private Builder(Path folder) {
            this.folder = Objects.requireNonNull(folder, "folder");
        }

        /** The size at which a new file is begun; 64 MiB unless told, which zips within a second or two. */
        public Builder rotateAtBytes(long bytes) {
            this.rotateAtBytes = bytes;
            return this;
        }

        /** The age at which a new file is begun, with the next event; a day unless told, so that retention is by days. */
        public Builder rotateEvery(Duration age) {
            this.rotateEvery = Objects.requireNonNull(age, "age");
            return this;
        }

        /** When events are forced onto the disk; every second unless told. */
        public Builder flush(FlushPolicy policy) {
            this.flush = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** Leaves closed files as they are; otherwise they are zipped, to about a tenth of their size. */
        public Builder withoutZip() {
            this.zip = false;
            return this;
        }

        /** The clock that tells the age of files; the system's unless told. */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** For the store of a folder that nobody writes to, which counts these lines itself. */
        Builder corrupt(CorruptLines corrupt) {
            this.corrupt = corrupt;
            return this;
        }

        Builder opener(LineOutput.Opener opener) {
            this.opener = opener;
            return this;
        }

        /**
         * Opens the folder, and repairs what a crash left.
         *
         * @throws IllegalArgumentException if a setting is out of its range
         * @throws IllegalStateException if another sink writes to the folder
         * @throws UncheckedIOException if the folder cannot be made or written
         */
        public JsonLinesSink build() {
            if (rotateAtBytes <= 0) {
                throw new IllegalArgumentException("rotateAtBytes: " + rotateAtBytes + " (expected: > 0)");
            }
            if (rotateEvery.isZero() || rotateEvery.isNegative()) {
                throw new IllegalArgumentException("rotateEvery: " + rotateEvery + " (expected: > 0)");
            }
            return new JsonLinesSink(this);
        }
    }
}
