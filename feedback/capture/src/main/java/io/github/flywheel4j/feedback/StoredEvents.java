package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The events of several files, one after the other; corrupt lines are set aside on the way. Not thread-safe. */
final class StoredEvents extends Spliterators.AbstractSpliterator<FeedbackEvent> implements AutoCloseable {

    private final List<EventFile> files;
    private final CorruptLines corrupt;
    private final Predicate<Lines> wanted;
    private int next;
    private @Nullable Lines lines;

    StoredEvents(List<EventFile> files, CorruptLines corrupt, Predicate<Lines> wanted) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.files = files;
        this.corrupt = corrupt;
        this.wanted = wanted;
    }

    @Override
    public boolean tryAdvance(Consumer<? super FeedbackEvent> action) {
        try {
            while (true) {
                Lines open = lines;
                if (open == null) {
                    if (next == files.size()) {
                        return false;
                    }
                    open = openNext();
                    lines = open;
                    if (open == null) {
                        continue;
                    }
                }
                FeedbackEvent event = nextIn(open);
                if (event != null) {
                    action.accept(event);
                    return true;
                }
                close();
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("cannot read events", e);
        }
    }

    /** Null if the file was deleted since the folder was listed: what was in it is too old now. */
    private @Nullable Lines openNext() throws IOException {
        try {
            return files.get(next++).open(corrupt.longestLine());
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private @Nullable FeedbackEvent nextIn(Lines open) throws IOException {
        EventFile file = files.get(next - 1);
        while (true) {
            if (!open.next()) {
                if (open.cutOff()) {
                    corrupt.setAside(
                            file.number(), open.number(), "the file ends within its zipped form", new byte[0], 0, 0);
                }
                return null;
            }
            if (!open.terminated() && next == files.size() && !file.isZipped()) {
                // Somebody is writing it.
                return null;
            }
            if (!wanted.test(open)) {
                continue;
            }
            try {
                return open.event();
            } catch (SchemaTooNew e) {
                throw e;
            } catch (IllegalArgumentException e) {
                corrupt.setAside(
                        file.number(),
                        open.number(),
                        String.valueOf(e.getMessage()),
                        open.bytes(),
                        open.start(),
                        open.length());
            }
        }
    }

    @Override
    public void close() {
        Lines open = lines;
        lines = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close a file of events", e);
            }
        }
    }
}
