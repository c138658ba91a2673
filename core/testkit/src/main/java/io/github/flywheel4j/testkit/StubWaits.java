package io.github.flywheel4j.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Where the replies of a stub server wait, for a delay or for a release: until the client goes or the server closes. Thread-safe. */
final class StubWaits {

    /** The client has closed the connection, or the server was closed: there is nobody to answer. */
    private static final class ClientGone extends IOException {
        private static final long serialVersionUID = 1L;

        ClientGone() {
            super("the client closed the connection");
        }
    }

    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final IntSupplier live;

    /** @param live how many requests are being answered right now */
    StubWaits(IntSupplier live) {
        this.live = live;
    }

    /** Waits until {@link #release()}. */
    void hang(HttpConnection connection) throws IOException, InterruptedException {
        // The more hang, the rarer each looks whether its client is still there: ten thousand cost no more than ten.
        while (!released.await(Math.max(10, live.getAsInt() / 10), TimeUnit.MILLISECONDS)) {
            if (connection.clientIsGone()) {
                throw new ClientGone();
            }
        }
        if (isClosed()) {
            throw new ClientGone();
        }
    }

    void pause(HttpConnection connection, @Nullable Duration delay) throws IOException, InterruptedException {
        if (delay == null) {
            return;
        }
        long end = System.nanoTime() + delay.toNanos();
        do {
            long left = Math.min(end - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(100));
            if (closed.await(left, TimeUnit.NANOSECONDS) || connection.clientIsGone()) {
                throw new ClientGone();
            }
        } while (System.nanoTime() < end);
    }

    void release() {
        released.countDown();
    }

    void close() {
        closed.countDown();
        released.countDown();
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }
}
