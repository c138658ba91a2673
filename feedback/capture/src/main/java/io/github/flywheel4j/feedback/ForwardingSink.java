package io.github.flywheel4j.feedback;

import java.util.List;

/** A sink before another one, which passes on what it makes of the events. */
abstract class ForwardingSink implements FeedbackSink {

    final FeedbackSink sink;

    ForwardingSink(FeedbackSink sink) {
        this.sink = sink;
    }

    @Override
    public void accept(FeedbackEvent event) {
        acceptAll(List.of(event));
    }

    @Override
    public abstract void acceptAll(List<FeedbackEvent> events);

    @Override
    public final boolean waits() {
        return sink.waits();
    }

    @Override
    public final void flush() {
        sink.flush();
    }

    @Override
    public final void close() {
        sink.close();
    }
}
