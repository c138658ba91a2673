package io.github.flywheel4j.feedback;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes closed files anew, without the lines that are no events. Nobody else may change the files meanwhile. */
final class FileRewriter {

    private final CorruptLines corrupt;
    private final Placement placement;

    FileRewriter(CorruptLines corrupt) {
        this(corrupt, ClosedFiles::replace);
    }

    FileRewriter(CorruptLines corrupt, Placement placement) {
        this.corrupt = corrupt;
        this.placement = placement;
    }

    /** Puts a finished file in the place of another; a collaborator of its own, so that tests can end it half way. */
    @FunctionalInterface
    interface Placement {
        void replace(Path temporary, Path target) throws IOException;
    }

    /** What becomes of an event. */
    @FunctionalInterface
    interface Change {
        /** The same event to keep its line as it is, another one to replace it, null to leave it out. */
        @Nullable
        FeedbackEvent of(FeedbackEvent event);
    }

    CorruptLines corrupt() {
        return corrupt;
    }

    void rewrite(EventFile file, Change change) throws IOException {
        Path temporary = file.path().resolveSibling(file.path().getFileName() + EventFile.TEMPORARY);
        try (Lines lines = file.open(corrupt.longestLine());
                OutputStream raw = Files.newOutputStream(temporary);
                OutputStream out =
                        file.isZipped() ? new GZIPOutputStream(raw, 1 << 16) : new BufferedOutputStream(raw, 1 << 16)) {
            while (lines.next()) {
                FeedbackEvent event = lines.eventOrNull();
                FeedbackEvent changed = event == null ? null : change.of(event);
                if (changed == null) {
                    continue;
                }
                if (changed == event) {
                    out.write(lines.bytes(), lines.start(), lines.length());
                } else {
                    EventWriter.write(changed, out);
                }
                out.write('\n');
            }
        } catch (IOException | RuntimeException e) {
            ClosedFiles.discard(temporary, e);
            throw e;
        }
        placement.replace(temporary, file.path());
        int unused = corrupt.forget(file.number());
    }
}
