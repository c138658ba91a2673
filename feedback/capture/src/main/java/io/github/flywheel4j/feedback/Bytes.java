package io.github.flywheel4j.feedback;

import java.io.ByteArrayOutputStream;

/** Bytes in memory that can be written on without a copy. Not thread-safe. */
final class Bytes extends ByteArrayOutputStream {

    private static final int KEPT = 1 << 20;

    Bytes() {
        super(1 << 13);
    }

    byte[] array() {
        return buf;
    }

    int length() {
        return count;
    }

    void truncate(int length) {
        count = length;
    }

    /** Empties it, and gives back what a large event took. */
    void clear() {
        count = 0;
        if (buf.length > KEPT) {
            buf = new byte[1 << 13];
        }
    }
}
