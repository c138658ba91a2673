package io.github.flywheel4j.feedback;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Several sinks as one. */
final class CompositeSink implements FeedbackSink {

    private final List<FeedbackSink> sinks;

    CompositeSink(List<FeedbackSink> sinks) {
        this.sinks = sinks;
    }

    @Override
    public void accept(FeedbackEvent event) {
        each(sink -> sink.accept(event));
    }

    @Override
    public void acceptAll(List<FeedbackEvent> events) {
        each(sink -> sink.acceptAll(events));
    }

    @Override
    public boolean waits() {
        return sinks.stream().anyMatch(FeedbackSink::waits);
    }

    @Override
    public void flush() {
        each(FeedbackSink::flush);
    }

    @Override
    public void close() {
        each(FeedbackSink::close);
    }

    private void each(Consumer<FeedbackSink> action) {
        @Nullable Throwable first = null;
        for (FeedbackSink sink : sinks) {
            try {
                action.accept(sink);
            } catch (RuntimeException | Error e) {
                if (first == null) {
                    first = e;
                } else if (first instanceof IllegalArgumentException && !(e instanceof IllegalArgumentException)) {
                    // One that is away has to be offered the event again, whatever another one refuses.
                    e.addSuppressed(first);
                    first = e;
                } else if (first != e) {
                    first.addSuppressed(e);
                }
            }
        }
        if (first instanceof Error error) {
            throw error;
        }
        if (first != null) {
            throw (RuntimeException) first;
        }
    }
}
