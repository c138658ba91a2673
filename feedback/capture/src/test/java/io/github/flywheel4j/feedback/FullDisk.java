package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A disk that has only so much room for a write, and fails where it is told to. */
final class FullDisk implements LineOutput.Opener {

    @FunctionalInterface
    interface Wait {
        void await() throws InterruptedException;
    }

    volatile long room = Long.MAX_VALUE;
    volatile boolean truncates = true;
    volatile boolean forces = true;
    volatile Wait whileForcing = () -> {};
    final AtomicInteger forced = new AtomicInteger();

    @Override
    public LineOutput open(Path file) throws IOException {
        LineOutput real = LineOutput.open(file);
        return new LineOutput() {
            @Override
            public void write(byte[] bytes, int length) throws IOException {
                real.write(bytes, (int) Math.min(length, room));
                if (length > room) {
                    throw new IOException("No space left on device");
                }
            }

            @Override
            public void force() throws IOException {
                try {
                    whileForcing.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                if (!forces) {
                    throw new IOException("Input/output error");
                }
                forced.incrementAndGet();
                real.force();
            }

            @Override
            public void truncate(long length) throws IOException {
                if (!truncates) {
                    throw new IOException("Input/output error");
                }
                real.truncate(length);
            }

            @Override
            public long length() throws IOException {
                return real.length();
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }
}
