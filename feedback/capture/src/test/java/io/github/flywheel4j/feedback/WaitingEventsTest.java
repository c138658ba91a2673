package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WaitingEventsTest {

    private final EventTally tally = new EventTally();
    private final WaitingEvents waiting = new WaitingEvents(10, tally);
    private final FeedbackEvent first = Events.comment(1);
    private final FeedbackEvent second = Events.comment(2);
    private final List<FeedbackEvent> left = new ArrayList<>();

    @BeforeEach
    void addTwo() {
        int unused = waiting.add(first) + waiting.add(second);
    }

    @Test
    void whatComesWhileTheRestIsHandedOutIsCountedAsLost() {
        locked(() -> waiting.end(1, rest -> {
            left.addAll(rest);
            if (rest.contains(second)) {
                assertThat(waiting.add(Events.comment(3))).isZero();
            }
        }));

        assertThat(left).containsExactly(first, second);
        assertThat(tally.counts(waiting.size())).isEqualTo(new AsyncSink.Counts(0, 0, 0, 1, 0, 0));
    }

    @Test
    void whatIsInHandAtTheEndLeavesFirstAndOnce() {
        locked(() -> {
            assertThat(waiting.takeInHand(1)).containsExactly(first);
            waiting.end(10, left::addAll);
            assertThat(waiting.takeInHand(10)).isEmpty();
            waiting.bringBackFromHand();
        });

        assertThat(left).containsExactly(first, second);
        assertThat(waiting.size()).isZero();
    }

    private void locked(Runnable work) {
        waiting.lock();
        try {
            work.run();
        } finally {
            waiting.unlock();
        }
    }
}
