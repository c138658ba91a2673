package io.github.flywheel4j.benchmarks.feedback;

import io.github.flywheel4j.feedback.Comment;
import io.github.flywheel4j.feedback.EventInfo;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.FeedbackSink;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** The process that is killed: writes events for ever and says which ones the sink took. */
final class DurabilityWriter {

    private static final int LARGEST_BATCH = 40;
    private static final int LONGEST_TEXT = 2_000;

    private DurabilityWriter() {}

    /** Arguments: the store, where it is, the number of the run, a seed. */
    public static void main(String[] args) throws IOException {
        long run = Long.parseLong(args[2]);
        Random random = new Random(Long.parseLong(args[3]));
        try (FeedbackSink sink = DurableStore.valueOf(args[0]).open(args[1]);
                FileOutputStream acknowledgements = new FileOutputStream(FileDescriptor.out)) {
            for (long number = 0; ; ) {
                List<FeedbackEvent> batch = new ArrayList<>();
                int size = 1 + random.nextInt(LARGEST_BATCH);
                for (int i = 0; i < size; i++) {
                    batch.add(event(run, number + i, random));
                }
                sink.acceptAll(batch);
                if (number == 0) {
                    // The first one connects, and a kill is to meet the writing.
                    say(acknowledgements, "ready\n");
                }
                say(acknowledgements, number + " " + (number + size - 1) + " .\n");
                number += size;
            }
        }
    }

    static UUID id(long run, long number) {
        return new UUID(run, number);
    }

    static FeedbackEvent event(long run, long number, Random random) {
        UUID id = id(run, number);
        return new Comment(
                new EventInfo(id, Instant.EPOCH, "bench", id, null, null), "x".repeat(random.nextInt(LONGEST_TEXT)));
    }

    private static void say(FileOutputStream to, String line) throws IOException {
        to.write(line.getBytes(StandardCharsets.US_ASCII));
    }
}
