package io.github.flywheel4j.caching;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** What equal requests share and others do not: a SHA-256, all 256 bits of it. */
record CacheKey(long first, long second, long third, long fourth) {

    static CacheKey of(byte[] sha256) {
        ByteBuffer bytes = ByteBuffer.wrap(sha256);
        return new CacheKey(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /** The digest's bits are random enough to be their own hash. */
    @Override
    public int hashCode() {
        return Long.hashCode(first);
    }

    /** As 64 hexadecimal digits: how a shared tier knows it. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(first) + hex.toHexDigits(second) + hex.toHexDigits(third) + hex.toHexDigits(fourth);
    }

    /** Reads what {@link #toString()} wrote; null if it is none. */
    static @org.jspecify.annotations.Nullable CacheKey parse(String text) {
        try {
            return text.length() == 64 ? of(HexFormat.of().parseHex(text)) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
