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

/** The lines of a file, plain or gzip, one at a time and without a copy. Not thread-safe. */
final class Lines implements Closeable {

    private static final int ID_LENGTH = 36;

    private final InputStream in;
    private byte[] buffer = new byte[1 << 16];
    private int filled;
    private int start;
    private int end;
    private int nextStart;
    private long number;
    private long bufferOffset;
    private boolean terminated;
    private boolean atEnd;
    private boolean cutOff;

    private Lines(InputStream in) {
        this.in = in;
    }

    static Lines of(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        if (!file.getFileName().toString().endsWith(EventFile.GZIP)) {
            return new Lines(in);
        }
        try {
            return new Lines(new GZIPInputStream(in, 1 << 16));
        } catch (EOFException | ZipException e) {
            Lines none = new Lines(in);
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

    /** How many bytes of the unzipped file come before this line. */
    long offset() {
        return bufferOffset + start;
    }

    /** The line's number, from 1. */
    long number() {
        return number;
    }

    /** Whether a line break follows; the last line of a file that is being written has none yet. */
    boolean terminated() {
        return terminated;
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
        start = nextStart;
        int scan = start;
        while (true) {
            for (; scan < filled; scan++) {
                if (buffer[scan] == '\n') {
                    end = scan;
                    nextStart = scan + 1;
                    terminated = true;
                    number++;
                    return true;
                }
            }
            if (atEnd) {
                end = filled;
                nextStart = filled;
                terminated = false;
                number++;
                return end > start;
            }
            scan -= start;
            fill();
            scan += start;
        }
    }

    private void fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
            bufferOffset += start;
            start = 0;
        }
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
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
