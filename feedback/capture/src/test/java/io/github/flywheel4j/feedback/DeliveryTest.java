package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryTest {

    @TempDir
    Path folder;

    /** The thread goes to sleep when there was nothing to hand on a few times, and nobody wakes it for a file. */
    @Test
    void aSpilledFileThatCannotBeReadIsWorkForAsLongAsItTakes() throws IOException {
        FeedbackEvent spilled = Events.comment(1);
        Path file = Files.createDirectory(folder.resolve("spill-0000000000000001.jsonl"));
        SpillFiles spill = new SpillFiles(folder, 1 << 20);
        EventTally tally = new EventTally();
        List<FeedbackEvent> taken = new ArrayList<>();
        Delivery delivery = new Delivery(
                new Handover(taken::add, tally), new WaitingEvents(10, tally), spill, tally, new ClosingTime(), 1);

        for (int i = 0; i < 3; i++) {
            assertThat(delivery.deliverSome()).isTrue();
        }
        Files.delete(file);
        Files.writeString(file, spilled.toJson() + "\n");

        assertThat(delivery.deliverSome()).isTrue();
        assertThat(taken).containsExactly(spilled);
        assertThat(delivery.deliverSome()).isFalse();
        spill.close();
    }
}
