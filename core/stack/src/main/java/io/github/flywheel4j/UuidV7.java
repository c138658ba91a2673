package io.github.flywheel4j;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ids that sort by time: UUID version 7 (RFC 9562, section 5.7) of 48 bits of milliseconds and 74 random bits. Not a
 * secret: who may use an id must be checked by other means.
 */
public final class UuidV7 {

    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000000000000000L;

    private UuidV7() {}

    /** A new id of that time, in milliseconds since 1970. */
    public static UUID at(long epochMillis) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return of(epochMillis, random.nextLong(), random.nextLong());
    }

    /** The id of that time whose other bits are taken from the given ones: the same id for the same bits. */
    public static UUID of(long epochMillis, long high, long low) {
        return new UUID((epochMillis << 16) | VERSION | (high & 0xFFF), VARIANT | (low >>> 2));
    }
}
