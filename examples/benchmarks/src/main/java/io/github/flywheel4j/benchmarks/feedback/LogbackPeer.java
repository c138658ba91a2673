package io.github.flywheel4j.benchmarks.feedback;

import ch.qos.logback.core.AsyncAppenderBase;
import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import io.github.flywheel4j.feedback.FeedbackEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Logback's asynchronous appender before its file appender, with a queue as long as ours, writing the same JSON, which is
 * made on its thread as ours is. It blocks when its queue is full, and flushes when it is idle at the end, not each event.
 */
final class LogbackPeer implements AutoCloseable {

    private static final byte[] NOTHING = {};

    private final FileAppender<FeedbackEvent> file = new FileAppender<>();
    private final AsyncAppenderBase<FeedbackEvent> async = new AsyncAppenderBase<>();

    LogbackPeer(Path folder, int queue) {
        ContextBase context = new ContextBase();
        file.setContext(context);
        file.setFile(folder.resolve("events.log").toString());
        file.setImmediateFlush(false);
        file.setEncoder(new JsonEncoder());
        file.start();
        async.setContext(context);
        async.setQueueSize(queue);
        async.setDiscardingThreshold(0);
        async.setMaxFlushTime(0);
        async.addAppender(file);
        async.start();
    }

    void append(FeedbackEvent event) {
        async.doAppend(event);
    }

    /** Waits until all was written. */
    void flush() {
        async.stop();
        file.stop();
    }

    @Override
    public void close() {
        flush();
    }

    private static final class JsonEncoder extends EncoderBase<FeedbackEvent> {

        @Override
        public byte[] headerBytes() {
            return NOTHING;
        }

        @Override
        public byte[] encode(FeedbackEvent event) {
            return (event.toJson() + "\n").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] footerBytes() {
            return NOTHING;
        }
    }
}
