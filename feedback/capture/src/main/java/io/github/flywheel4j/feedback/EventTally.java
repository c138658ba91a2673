package io.github.flywheel4j.feedback;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of events; what could not be kept is told when it first happens and at the end. Thread-safe. */
final class EventTally {

    private static final Logger LOG = LoggerFactory.getLogger(AsyncSink.class);

    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong spilled = new AtomicLong();

    void accept() {
        accepted.incrementAndGet();
    }

    void deliver(int events) {
        delivered.addAndGet(events);
    }

    void refuse(int events) {
        if (events > 0 && refused.getAndAdd(events) == 0) {
            LOG.warn("a feedback sink does not take an event at all: it is left out (counted in AsyncSink.counts())");
        }
    }

    void lose(int events, String why) {
        if (events > 0 && lost.getAndAdd(events) == 0) {
            LOG.warn(
                    "feedback events are lost: {} (counted in AsyncSink.counts(); name a spill folder, raise the capacity"
                            + " or make the sink faster)",
                    why);
        }
    }

    void spill(int events, Object folder) {
        if (events > 0 && spilled.getAndAdd(events) == 0) {
            LOG.warn(
                    "feedback events come faster than their sink takes them: some are kept in {} until it does",
                    folder);
        }
    }

    void atTheEnd() {
        if (lost.get() + refused.get() > 0) {
            LOG.warn("{} feedback events were lost and {} refused, of {}", lost.get(), refused.get(), accepted.get());
        }
    }

    AsyncSink.Counts counts(int queued) {
        return new AsyncSink.Counts(accepted.get(), delivered.get(), refused.get(), lost.get(), spilled.get(), queued);
    }
}
