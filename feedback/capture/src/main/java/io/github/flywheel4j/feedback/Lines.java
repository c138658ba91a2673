package io.github.flywheel4j.feedback;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file, plain or gzip, one at a time and without a copy. Of a line that is too long it holds no more than the
 * begin: what a bad disk leaves has no line breaks. Not thread-safe.
 */
final class Lines implements Closeable {

    private static final int ID_LENGTH = 36;
    private static final int SMALL = 1 << 16;
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    /** So much is kept of a line that is too long: what somebody needs to see what it is. */
    private static final int BEGIN = 1 << 12;

    private final InputStream in;
    private final int longest;
    private byte[] buffer = new byte[SMALL];
    private int filled;
    private int start;
    private int end;
    private int nextStart;
    private long number;
    private long bufferOffset;

    /** How many bytes of the line are not in the buffer, behind those that are. */
    private long skipped;

    private boolean terminated;
    private boolean tooLong;
    private boolean atEnd;
    private boolean cutOff;

    private Lines(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    static Lines of(Path file) throws IOException {
        return of(file, JsonLinesSink.Builder.LONGEST_EVENT);
    }

    /**
     * The lines of a file.
     *
     * @param longest how many bytes a line may have, with its line break
     */
    static Lines of(Path file, int longest) throws IOException {
        InputStream in = Files.newInputStream(file);
        if (!file.getFileName().toString().endsWith(EventFile.GZIP)) {
            return new Lines(in, longest);
        }
        try {
            return new Lines(new GZIPInputStream(in, 1 << 16), longest);
        } catch (EOFException | ZipException e) {
            Lines none = new Lines(in, longest);
            none.endHere();
            return none;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** Goes to the next line that is not empty; false at the end. */
    boolean next() throws IOException {
        do {
            if (!nextLine()) {
                return false;
            }
        } while (end == start);
        return true;
    }

    /** The bytes that {@link #start()} and {@link #length()} point into; valid until the next line. */
    byte[] bytes() {
        return buffer;
    }

    int start() {
        return start;
    }

    int length() {
        return end - start;
    }

    /** How many bytes of the unzipped file come before the next line. */
    long endOffset() {
        return bufferOffset + skipped + nextStart;
    }

    /** The line's number, from 1. */
    long number() {
        return number;
    }

    /** Whether a line break follows; the last line of a file that is being written has none yet. */
    boolean terminated() {
        return terminated;
    }

    /** Whether the line is too long to be an event, and {@link #bytes()} have its begin alone. */
    boolean tooLong() {
        return tooLong;
    }

    /** Whether the file ends within its zipped form, so that lines are missing; known at the end. */
    boolean cutOff() {
        return cutOff;
    }

    /** The event of this line; null if it is none. */
    @Nullable
    FeedbackEvent eventOrNull() {
        try {
            return event();
        } catch (SchemaTooNew e) {
            throw e;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    FeedbackEvent event() {
        if (tooLong) {
            throw new IllegalArgumentException(
                    "a line of more than " + longest + " bytes, of which this is the begin (expected: an event)");
        }
        return EventReader.read(buffer, start, end - start);
    }

    boolean contains(byte[] needle) {
        return find(buffer, start, end, needle);
    }

    /** How many bytes of the line come before these; -1 if it has them not. */
    int indexOf(byte[] needle) {
        int at = indexOf(buffer, start, end, needle);
        return at < 0 ? -1 : at - start;
    }

    /** The id that is written so many bytes behind the line's begin; null if there is none. */
    @Nullable
    UUID idAt(int index) {
        if (length() - index < ID_LENGTH) {
            return null;
        }
        try {
            return UUID.fromString(new String(buffer, start + index, ID_LENGTH, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static boolean find(byte[] bytes, int from, int to, byte[] needle) {
        return indexOf(bytes, from, to, needle) >= 0;
    }

    private static int indexOf(byte[] bytes, int from, int to, byte[] needle) {
        byte first = needle[0];
        int last = to - needle.length;
        for (int i = from; i <= last; i++) {
            if (bytes[i] == first && Arrays.equals(bytes, i, i + needle.length, needle, 0, needle.length)) {
                return i;
            }
        }
        return -1;
    }

    private boolean nextLine() throws IOException {
        bufferOffset += skipped;
        skipped = 0;
        start = nextStart;
        int scan = start;
        while (true) {
            for (; scan < filled; scan++) {
                if (buffer[scan] == '\n') {
                    return lineTo(scan, scan + 1);
                }
            }
            if (atEnd) {
                return lineTo(filled, filled);
            }
            if (scan - start >= longest) {
                return skipToEnd();
            }
            scan -= start;
            fill();
            scan += start;
        }
    }

    /** Takes what is in the buffer for a line; false if there is nothing. */
    private boolean lineTo(int to, int next) {
        number++;
        terminated = next > to;
        nextStart = next;
        tooLong = to - start >= longest;
        end = tooLong ? start + begin() : to;
        return terminated || end > start;
    }

    private int begin() {
        return Math.min(BEGIN, longest);
    }

    /** Passes a line that the buffer is not to hold. */
    private boolean skipToEnd() throws IOException {
        int begin = begin();
        long behind = (long) filled - start - begin;
        byte[] held = new byte[SMALL];
        System.arraycopy(buffer, start, held, 0, begin);
        bufferOffset += start;
        buffer = held;
        start = 0;
        while (true) {
            filled = begin;
            fill();
            for (int scan = begin; scan < filled; scan++) {
                if (buffer[scan] == '\n') {
                    return skippedTo(scan, scan + 1, behind);
                }
            }
            if (atEnd) {
                return skippedTo(filled, filled, behind);
            }
            behind += filled - begin;
        }
    }

    private boolean skippedTo(int to, int next, long behind) {
        boolean line = lineTo(to, next);
        if (!cutOff) {
            skipped = behind;
            tooLong = true;
            end = begin();
        }
        return line;
    }

    private void fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
            bufferOffset += start;
            start = 0;
        }
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, (int) Math.min(buffer.length * 2L, LONGEST_ARRAY));
        }
        int read;
        try {
            read = in.read(buffer, filled, buffer.length - filled);
        } catch (EOFException | ZipException e) {
            endHere();
            return;
        }
        if (read < 0) {
            atEnd = true;
        } else {
            filled += read;
        }
    }

    /** What was read of the line that was cut off tells nothing. */
    private void endHere() {
        cutOff = true;
        atEnd = true;
        filled = start;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
