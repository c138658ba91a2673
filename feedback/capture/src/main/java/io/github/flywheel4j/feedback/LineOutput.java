package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A file that is appended to; a collaborator of its own, so that tests can let a disk fail. */
interface LineOutput extends AutoCloseable {

    /** Opens files, at the end of what they hold. */
    @FunctionalInterface
    interface Opener {
        LineOutput open(Path file) throws IOException;
    }

    void write(byte[] bytes, int length) throws IOException;

    void force() throws IOException;

    /** Cuts the file to this length; the next write goes there. */
    void truncate(long length) throws IOException;

    long length() throws IOException;

    @Override
    void close() throws IOException;

    /** A file of the operating system. Not a channel: those are closed when the thread that writes is interrupted. */
    static LineOutput open(Path path) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        file.seek(file.length());
        return new LineOutput() {
            @Override
            public void write(byte[] bytes, int length) throws IOException {
                file.write(bytes, 0, length);
            }

            @Override
            public void force() throws IOException {
                file.getFD().sync();
            }

            @Override
            public void truncate(long length) throws IOException {
                file.setLength(length);
                file.seek(length);
            }

            @Override
            public long length() throws IOException {
                return file.length();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }
}
