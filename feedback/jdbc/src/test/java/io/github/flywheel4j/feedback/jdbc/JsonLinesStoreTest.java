package io.github.flywheel4j.feedback.jdbc;

import io.github.flywheel4j.feedback.FeedbackSink;
import io.github.flywheel4j.feedback.FeedbackStore;
import io.github.flywheel4j.feedback.JsonLinesSink;

/** The files do what the databases do. */
class JsonLinesStoreTest extends StoreContract {

    @Override
    FeedbackSink open() {
        return JsonLinesSink.builder(folder.resolve("events"))
                .withoutZip()
                .rotateAtBytes(20_000)
                .build();
    }

    @Override
    FeedbackSink open(FeedbackSink again) {
        again.close();
        return open();
    }

    @Override
    FeedbackStore storeOf(FeedbackSink sink) {
        return ((JsonLinesSink) sink).store(USERS);
    }

    @Override
    String everythingLeft() {
        sink.close();
        return contents(folder.resolve("events"));
    }
}
