package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;

/** The last line of a file whose process died while it wrote: set aside in the side file, and cut off. */
final class TornLine {

    private TornLine() {}

    /** Cuts off what was not finished of the last line, and tells when the file was begun. */
    static Instant cutOff(EventFile last, LineOutput open, CorruptLines corrupt, Clock clock) throws IOException {
        Instant begun = clock.instant();
        long end = 0;
        try (Lines lines = last.open(corrupt.longestLine())) {
            while (lines.next()) {
                FeedbackEvent event = lines.number() == 1 || !lines.terminated() ? lines.eventOrNull() : null;
                if (event != null && lines.number() == 1) {
                    begun = EventIds.time(event);
                }
                if (lines.terminated()) {
                    end = lines.endOffset();
                } else if (event != null) {
                    open.write(new byte[] {'\n'}, 1);
                    return begun;
                } else {
                    corrupt.setAside(
                            last.number(),
                            lines.number(),
                            "not finished: the process ended while it was written",
                            lines.bytes(),
                            lines.start(),
                            lines.length());
                    open.truncate(end);
                    open.force();
                }
            }
        }
        return begun;
    }
}
