package io.github.flywheel4j.feedback;

import java.util.ArrayList;
import java.util.List;

/** A sink that adds the signals to which interactions give rise. */
final class DetectingSink extends ForwardingSink {

    private final Detectors.Sessions sessions;

    DetectingSink(Detectors detectors, FeedbackSink sink) {
        super(sink);
        this.sessions = detectors.sessions();
    }

    @Override
    public void acceptAll(List<FeedbackEvent> events) {
        List<FeedbackEvent> all = new ArrayList<>(events.size() + 1);
        synchronized (sessions) {
            for (FeedbackEvent event : events) {
                all.add(event);
                if (event instanceof InteractionEvent interaction) {
                    all.addAll(sessions.next(interaction));
                }
            }
        }
        sink.acceptAll(all);
    }
}
