package io.github.flywheel4j;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ids that sort by time: UUID version 7 (RFC 9562, section 5.7) of 48 bits of milliseconds and 74 random bits. Not a
 * secret: who may use an id must be checked by other means.
 */
final class UuidV7 {

    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000000000000000L;

    private UuidV7() {}

    static UUID at(long epochMillis) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long time = (epochMillis << 16) | VERSION | (random.nextLong() & 0xFFF);
        return new UUID(time, VARIANT | (random.nextLong() >>> 2));
    }
}
