package io.github.flywheel4j.caching;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a request one after the other, each with its length before it, so that no two lists of parts are the same
 * bytes. Not thread-safe.
 */
final class KeyBytes {

    private static final MessageDigest SHA256 = sha256();

    private byte[] bytes = new byte[1024];
    private int size;

    /** A number: a count, an index, the kind of what follows. */
    KeyBytes add(int number) {
        room(4);
        bytes[size++] = (byte) (number >>> 24);
        bytes[size++] = (byte) (number >>> 16);
        bytes[size++] = (byte) (number >>> 8);
        bytes[size++] = (byte) number;
        return this;
    }

    /** A text; none is another part than an empty one. */
    KeyBytes add(@Nullable String text) {
        if (text == null) {
            return add(-1);
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        add(utf8.length);
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
        return this;
    }

    /** The digest of all parts so far; more may follow. */
    CacheKey digest() {
        MessageDigest digest = copy();
        digest.update(bytes, 0, size);
        return CacheKey.of(digest.digest());
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    /** Copying one is faster than looking for the algorithm. */
    private static MessageDigest copy() {
        try {
            return (MessageDigest) SHA256.clone();
        } catch (CloneNotSupportedException e) {
            return sha256();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
