package io.github.flywheel4j.feedback;

import io.github.flywheel4j.UuidV7;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Ids of events: UUID version 7 (RFC 9562, section 5.7). */
final class EventIds {

    private EventIds() {}

    static UUID at(long epochMillis) {
        return UuidV7.at(epochMillis);
    }

    /** The same id for the same words at the same time, so that what is derived twice is stored once. */
    static UUID derived(long epochMillis, String... words) {
        ByteBuffer hash =
                ByteBuffer.wrap(Hashing.sha256(String.join("\n", words).getBytes(StandardCharsets.UTF_8)));
        return UuidV7.of(epochMillis, hash.getLong(), hash.getLong());
    }

    /** When an event was made, which for feedback on the past is later than what it is about. */
    static Instant time(FeedbackEvent event) {
        UUID id = event.eventId();
        return id.version() == 7 ? Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16) : event.time();
    }
}
