package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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
 * When the disk is full or the folder gone, it throws {@link UncheckedIOException} and tries again with the next event; that
 * somebody deleted the folder, or the file, it notices within a tenth of a second.
 *
 * <p>Put an {@link AsyncSink} before it, so that no call waits for the disk. Read with {@link #store}. One sink writes to
 * a folder at a time, in all processes. Thread-safe. Stateful: it owns the folder's lock and a thread until it is closed.
 */
public final class JsonLinesSink implements FeedbackSink {

    private static final Logger LOG = LoggerFactory.getLogger(JsonLinesSink.class);

    /** So much is written at once: large enough for few system calls, small enough for a processor's cache. */
    private static final int CHUNK = 1 << 17;

    private final Path folder;
    private final FlushPolicy flush;
    private final boolean zip;
    private final CorruptLines corrupt;
    private final ScheduledThreadPoolExecutor background;

    /** Guards the open file and what is said of it. */
    private final ReentrantLock writing = new ReentrantLock();

    private final AppendedFile open;
    private final ClosedFiles closedFiles;
    private final ForgottenIds forgotten;
    private final Bytes line = new Bytes();
    private boolean closed;

    private JsonLinesSink(Builder builder) {
        this.folder = builder.folder;
        this.flush = builder.flush;
        this.zip = builder.zip;
        this.corrupt = builder.corrupt == null ? new CorruptLines(folder) : builder.corrupt;
        this.open = new AppendedFile(builder, writing, this::zipInBackground);
        try {
            this.closedFiles = new ClosedFiles(folder);
        } catch (IOException e) {
            throw unusable(e);
        }
        try {
            EventFile.deleteLeftovers(folder);
            this.forgotten = ForgottenIds.in(folder);
            open.recover(corrupt);
        } catch (IOException e) {
            closedFiles.leave();
            throw unusable(e);
        } catch (RuntimeException e) {
            closedFiles.leave();
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
                    background.scheduleWithFixedDelay(open::forceInBackground, nanos, nanos, TimeUnit.NANOSECONDS);
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
            open.force();
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
            open.closeFile();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the events in " + folder, e);
        } finally {
            writing.unlock();
            closedFiles.leave();
        }
    }

    /**
     * Runs work on all files that there are, while nobody else touches them. What is written meanwhile goes into a new file:
     * the work may take minutes, and events are not to wait for it.
     */
    void alone(FileWork work) throws IOException {
        closedFiles.alone(closeFile(), files -> work.on(files, this));
    }

    /** Closes the open file, and tells its number. */
    private long closeFile() throws IOException {
        writing.lock();
        try {
            open.closeFile();
            return open.number();
        } finally {
            writing.unlock();
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
        writing.lock();
        try {
            forgotten.add(ids);
        } finally {
            writing.unlock();
        }
        return closedFiles.upTo(closeFile());
    }

    /** Work on closed files. */
    @FunctionalInterface
    interface FileWork {
        void on(List<EventFile> files, JsonLinesSink sink) throws IOException;
    }

    private void write(List<FeedbackEvent> events) throws IOException {
        open.throwForceFailure();
        line.clear();
        for (FeedbackEvent event : events) {
            int before = line.length();
            EventWriter.write(forgotten.asKept(event), line);
            line.write('\n');
            if (line.length() - before > corrupt.longestLine()) {
                throw new IllegalArgumentException("event " + event.eventId() + ": " + (line.length() - before)
                        + " bytes (expected: at most " + corrupt.longestLine() + ")");
            }
            if (line.length() >= CHUNK) {
                open.append(line);
            }
        }
        open.append(line);
        if (flush.isEveryEvent()) {
            try {
                open.force();
            } catch (IOException e) {
                open.abandonFile();
                throw e;
            }
        }
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
        long firstOpen;
        writing.lock();
        try {
            if (closed) {
                // The last file stays as it is: the next sink goes on with it.
                return;
            }
            // The next file may be begun, and written to, while the closed ones are zipped.
            firstOpen = open.firstOpen();
        } finally {
            writing.unlock();
        }
        closedFiles.zipBefore(firstOpen);
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

        final Path folder;
        long rotateAtBytes = DEFAULT_ROTATE_BYTES;
        Duration rotateEvery = DEFAULT_ROTATE_EVERY;
        private FlushPolicy flush = FlushPolicy.every(DEFAULT_FLUSH);
        private boolean zip = true;
        Clock clock = Clock.systemUTC();
        LineOutput.Opener opener = LineOutput::open;
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
