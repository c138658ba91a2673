package io.github.flywheel4j.feedback;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers events to a sink, and tells an event that it cannot take from a sink that takes none: only if it takes others is
 * the fault the event's own. For the thread that delivers; not thread-safe.
 */
final class Handover {

    private static final Logger LOG = LoggerFactory.getLogger(AsyncSink.class);

    /** So many failures in a row: the sink is away, and trying each further event would only take time. */
    private static final int IN_A_ROW = 3;

    private final FeedbackSink sink;
    private final EventTally tally;
    private boolean failing;

    Handover(FeedbackSink sink, EventTally tally) {
        this.sink = sink;
        this.tally = tally;
    }

    /** Offers events once; those that are to be offered again later. */
    List<FeedbackEvent> offer(List<FeedbackEvent> events) {
        List<FeedbackEvent> rest = offerTogether(events) ? List.of() : offerOneByOne(events);
        if (rest.isEmpty() && failing) {
            failing = false;
            LOG.info("the feedback sink takes events again");
        }
        return rest;
    }

    /** Offers them for the last time. */
    void giveUp(List<FeedbackEvent> events) {
        for (FeedbackEvent event : events) {
            if (offerOne(event) == Offered.FAILED) {
                tally.refuse(1);
            }
        }
    }

    private boolean offerTogether(List<FeedbackEvent> events) {
        try {
            sink.acceptAll(events);
            tally.deliver(events.size());
            return true;
        } catch (Throwable e) {
            failed(e);
            return false;
        }
    }

    private List<FeedbackEvent> offerOneByOne(List<FeedbackEvent> events) {
        List<FeedbackEvent> untaken = new ArrayList<>();
        int behindThem = 0;
        for (int i = 0; i < events.size(); i++) {
            FeedbackEvent event = events.get(i);
            Offered offered = offerOne(event);
            if (offered == Offered.TAKEN) {
                behindThem = untaken.size();
            } else if (offered == Offered.FAILED) {
                untaken.add(event);
                if (untaken.size() - behindThem >= IN_A_ROW) {
                    List<FeedbackEvent> rest = new ArrayList<>(untaken);
                    rest.addAll(events.subList(i + 1, events.size()));
                    return rest;
                }
            }
        }
        // The sink took one behind these, so it is there.
        giveUp(untaken.subList(0, behindThem));
        return new ArrayList<>(untaken.subList(behindThem, untaken.size()));
    }

    /** What a sink did with an event. */
    enum Offered {
        TAKEN,
        REFUSED,
        FAILED
    }

    Offered offerOne(FeedbackEvent event) {
        try {
            sink.accept(event);
            tally.deliver(1);
            return Offered.TAKEN;
        } catch (IllegalArgumentException e) {
            failed(e);
            tally.refuse(1);
            return Offered.REFUSED;
        } catch (Throwable e) {
            failed(e);
            return Offered.FAILED;
        }
    }

    private void failed(Throwable e) {
        if (!failing) {
            failing = true;
            LOG.warn(
                    "a feedback sink threw {}; calls go on, its events wait and are offered again",
                    e.getClass().getName(),
                    e);
        }
    }
}
