package io.github.flywheel4j.feedback;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** A sink that passes on some events. */
final class FilteringSink extends ForwardingSink {

    private final Predicate<? super FeedbackEvent> some;

    FilteringSink(FeedbackSink sink, Predicate<? super FeedbackEvent> some) {
        super(sink);
        this.some = Objects.requireNonNull(some, "some");
    }

    @Override
    public void accept(FeedbackEvent event) {
        if (some.test(event)) {
            sink.accept(event);
        }
    }

    @Override
    public void acceptAll(List<FeedbackEvent> events) {
        List<FeedbackEvent> passed = events.stream().filter(some).toList();
        if (!passed.isEmpty()) {
            sink.acceptAll(passed);
        }
    }
}
