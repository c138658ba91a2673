package io.github.flywheel4j.feedback;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Ids of events: UUID version 7 (RFC 9562, section 5.7). */
final class EventIds {

    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000000000000000L;

    private EventIds() {}

    static UUID at(long epochMillis) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return of(epochMillis, random.nextLong(), random.nextLong());
    }

    /** The same id for the same words at the same time, so that what is derived twice is stored once. */
    static UUID derived(long epochMillis, String... words) {
        ByteBuffer hash =
                ByteBuffer.wrap(Hashing.sha256(String.join("\n", words).getBytes(StandardCharsets.UTF_8)));
        return of(epochMillis, hash.getLong(), hash.getLong());
    }

    /** When an event was made, which for feedback on the past is later than what it is about. */
    static Instant time(FeedbackEvent event) {
        UUID id = event.eventId();
        return id.version() == 7 ? Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16) : event.time();
    }

    private static UUID of(long epochMillis, long high, long low) {
        return new UUID((epochMillis << 16) | VERSION | (high & 0xFFF), VARIANT | (low >>> 2));
    }
}
