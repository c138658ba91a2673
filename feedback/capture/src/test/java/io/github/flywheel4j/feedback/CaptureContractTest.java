package io.github.flywheel4j.feedback;

import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.testkit.ChatLayerContract;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

class CaptureContractTest extends ChatLayerContract {

    private final AsyncSink sink = AsyncSink.before(new CopyOnWriteArrayList<FeedbackEvent>()::add);

    @Override
    protected ChatLayer layer() {
        return Capture.to(sink, TextPolicy.full(), UserIds.keyed(Events.KEY));
    }

    @AfterEach
    void closeTheSink() {
        sink.close();
    }
}
