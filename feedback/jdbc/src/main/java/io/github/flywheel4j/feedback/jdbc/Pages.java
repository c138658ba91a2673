package io.github.flywheel4j.feedback.jdbc;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;

/**
 * What is read page by page, each after the last row of the one before. Nothing is held open in between, neither a
 * connection nor a transaction, however long the reader takes, and it is the same on every database. Not thread-safe.
 */
final class Pages<T> extends Spliterators.AbstractSpliterator<T> {

    private static final int FIRST_ROWS = 64;
    private static final int MOST_ROWS = 1_024;

    /** A page is to have about so many characters: large enough for few round trips, small beside a heap. */
    private static final long CHARACTERS = 4L << 20;

    /** Reads a page. */
    @FunctionalInterface
    interface Source<T> {
        Page<T> read(long afterSeq, int rows);
    }

    /**
     * A page.
     *
     * @param items what is to be returned; not every row need be
     * @param rows how many rows were read; fewer than asked for at the end
     * @param lastSeq the last row's place
     * @param characters the size of all
     */
    record Page<T>(Deque<T> items, int rows, long lastSeq, long characters) {}

    private final Source<T> source;
    private Deque<T> items = new ArrayDeque<>();
    private int rows = FIRST_ROWS;
    private long seq = Long.MIN_VALUE;
    private boolean atEnd;

    Pages(Source<T> source) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.source = source;
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        while (items.isEmpty() && !atEnd) {
            Page<T> page = source.read(seq, rows);
            items = page.items();
            atEnd = page.rows() < rows;
            seq = page.lastSeq();
            long each = page.characters() / Math.max(1, page.rows()) + 1;
            rows = (int) Math.max(1, Math.min(Math.min(MOST_ROWS, 2L * rows), CHARACTERS / each));
        }
        if (items.isEmpty()) {
            return false;
        }
        action.accept(items.remove());
        return true;
    }
}
