package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.EvalRun.Ending;
import io.github.flywheel4j.evals.EvalRun.Info;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run has so far, in a file that it only appends to, or nowhere. Each line is with the operating system before the
 * next case counts as finished, so that the death of the process loses none. Not thread-safe: the run's lock guards it.
 */
final class Journal implements AutoCloseable {

    private final Info info;
    private final List<CaseResult> found;
    private final Duration took;
    private final Spent apart;
    private final @Nullable FileChannel file;
    private final @Nullable FileChannel lock;

    private Journal(
            Info info,
            List<CaseResult> found,
            Duration took,
            Spent apart,
            @Nullable FileChannel file,
            @Nullable FileChannel lock) {
        this.apart = apart;
        this.info = info;
        this.found = List.copyOf(found);
        this.took = took;
        this.file = file;
        this.lock = lock;
    }

    static Journal none(Info info) {
        return new Journal(info, List.of(), Duration.ZERO, Spent.NOTHING, null, null);
    }

    /**
     * Opens a file for a run, new or to go on.
     *
     * @param cases the ids of all cases of the run
     * @throws IllegalStateException if it holds another run or another shard, a judge has moved since, or a running one writes
     *     to it
     */
    static Journal open(Path path, Info info, Set<String> cases, boolean retryErrors) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        FileChannel lock = lock(path);
        FileChannel file = null;
        try {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return file.size() == 0 ? begin(file, lock, info) : goOn(path, file, lock, info, cases, retryErrors);
        } catch (IOException | RuntimeException e) {
            if (file != null) {
                file.close();
            }
            lock.close();
            throw e;
        }
    }

    /** A file of its own: on some systems whoever reads the journal in this process would take its lock away. */
    private static FileChannel lock(Path path) throws IOException {
        FileChannel file = FileChannel.open(
                path.resolveSibling(path.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            // By this very process.
        }
        if (lock == null) {
            file.close();
            throw new IllegalStateException(
                    path + ": another run writes this journal (expected: one at a time; name another file)");
        }
        return file;
    }

    private static Journal begin(FileChannel file, FileChannel lock, Info info) throws IOException {
        Journal journal = new Journal(info, List.of(), Duration.ZERO, Spent.NOTHING, file, lock);
        journal.append(RunFile.header(info));
        return journal;
    }

    private static Journal goOn(
            Path path, FileChannel file, FileChannel lock, Info info, Set<String> cases, boolean retryErrors)
            throws IOException {
        RunFile.Content content;
        try {
            content = RunFile.read(path);
        } catch (IllegalArgumentException e) {
            if (isTornHeader(path)) {
                file.truncate(0);
                return begin(file, lock, info);
            }
            throw e;
        }
        Info before = content.run().info();
        if (!before.isOfOneRunWith(info) || before.planned() != info.planned()) {
            throw new IllegalStateException(path + ": the journal of another run, " + difference(before, info)
                    + " (expected: one of this run; delete it or name another file)");
        }
        List<String> moved = SameJudges.differences(before, info, 1);
        if (!moved.isEmpty()) {
            throw new IllegalStateException(path + ": scored by another judge, " + String.join("; ", moved)
                    + " (expected: the one that scored what there is; calibrate it anew and begin another journal)");
        }
        for (CaseResult result : content.run().results()) {
            if (!cases.contains(result.caseId())) {
                throw new IllegalStateException(path + ": the journal of another shard, it has case '" + result.caseId()
                        + "' (expected: one of this shard; delete it or name another file)");
            }
        }
        // A retried error is appended again; the later line counts. Whoever was killed while writing leaves half a
        // line.
        file.truncate(content.intactBytes());
        file.position(content.intactBytes());
        List<CaseResult> found = new ArrayList<>();
        Spent apart = content.run().apart();
        for (CaseResult result : content.run().results()) {
            if (!retryErrors || (result.error() == null && result.scorerErrors().isEmpty())) {
                found.add(result);
            } else {
                apart = apart.plus(result.spent());
            }
        }
        Info resumed = before.part(before.planned(), info.whole(), before.started(), before.took(), before.ending());
        Journal journal = new Journal(resumed, found, before.took(), apart, file, lock);
        journal.append(RunFile.part());
        return journal;
    }

    private static boolean isTornHeader(Path path) throws IOException {
        String start = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        return !start.contains("\n")
                && (start.startsWith(RunFile.HEADER_START) || RunFile.HEADER_START.startsWith(start));
    }

    private static String difference(Info before, Info now) {
        if (!before.datasetHash().equals(now.datasetHash())) {
            return "of dataset " + before.datasetHash() + " instead of " + now.datasetHash();
        }
        if (!before.candidateFingerprint().equals(now.candidateFingerprint())) {
            return "of candidate '" + before.candidate() + "' with the fingerprint " + before.candidateFingerprint()
                    + " instead of " + now.candidateFingerprint();
        }
        if (!before.isOfOneRunWith(now) && before.repeats() == now.repeats()) {
            return "with other scorers, or other settings of them: "
                    + before.scorers().keySet() + before.otherScorers(now);
        }
        return "with " + before.planned() + " answers of " + before.repeats() + " repeats instead of " + now.planned()
                + " of " + now.repeats();
    }

    /** What was run; the date is that of the first part. */
    Info info() {
        return info;
    }

    /** What earlier parts of the run had. */
    List<CaseResult> found() {
        return found;
    }

    /** How long earlier parts ran. */
    Duration took() {
        return took;
    }

    /** What earlier parts used for no result that was found. */
    Spent apart() {
        return apart;
    }

    /** Takes down what was used for no result. */
    void add(Spent late) throws IOException {
        if (file != null && !late.equals(Spent.NOTHING)) {
            append(RunFile.spent(late));
        }
    }

    void add(CaseResult result, Duration at) throws IOException {
        if (file != null) {
            append(RunFile.result(result, at));
        }
    }

    void end(Duration took, Ending ending) throws IOException {
        if (file != null) {
            append(RunFile.end(took, ending));
            file.force(true);
        }
    }

    private void append(String line) throws IOException {
        if (file == null) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
        if (lock != null) {
            lock.close();
        }
    }
}
