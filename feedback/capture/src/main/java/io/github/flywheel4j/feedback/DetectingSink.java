package io.github.flywheel4j.feedback;

import java.util.ArrayList;
import java.util.List;

/** A sink that adds the signals to which interactions give rise. */
final class DetectingSink implements FeedbackSink {

    private final Detectors.Sessions sessions;
    private final FeedbackSink sink;

    DetectingSink(Detectors detectors, FeedbackSink sink) {
        this.sessions = detectors.sessions();
        this.sink = sink;
    }

    @Override
    public void accept(FeedbackEvent event) {
        acceptAll(List.of(event));
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

    @Override
    public boolean waits() {
        return sink.waits();
    }

    @Override
    public void flush() {
        sink.flush();
    }

    @Override
    public void close() {
        sink.close();
    }
}
