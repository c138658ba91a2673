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

    /** In the place of a length, as {@code -1} for no text is. */
    private static final int NONE = -1;

    private static final int HALVES = -2;

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
            return add(NONE);
        }
        if (hasHalfCharacter(text)) {
            return addHalves(text);
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        add(utf8.length);
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
        return this;
    }

    /** As it is in memory: UTF-8 has one mark for whatever half is alone. */
    private KeyBytes addHalves(String text) {
        add(HALVES).add(text.length());
        room(2 * text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[size++] = (byte) (text.charAt(i) >>> 8);
            bytes[size++] = (byte) text.charAt(i);
        }
        return this;
    }

    /** Whether one of a pair of surrogates is there without the other, as where a text was cut in the middle of an emoji. */
    private static boolean hasHalfCharacter(String text) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (Character.isSurrogate(each)) {
                boolean isPair = i + 1 < text.length() && Character.isSurrogatePair(each, text.charAt(i + 1));
                if (!isPair) {
                    return true;
                }
                i++;
            }
        }
        return false;
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
