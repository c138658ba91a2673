package io.github.flywheel4j.caching.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** A connection to a server that a test can cut: all of it, or what subscribes alone. */
final class Cable implements AutoCloseable {

    enum State {
        WHOLE,
        /** Commands pass, subscriptions do not. */
        DEAF,
        /** Commands pass; subscriptions stay, and nothing passes on them. */
        MUTE,
        /** All connections stay, and nothing passes. */
        SILENT,
        CUT
    }

    private final ServerSocket socket;
    private final int port;
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private volatile State state = State.WHOLE;

    Cable(int port) throws IOException {
        this.port = port;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    String uri() {
        return "redis://127.0.0.1:" + socket.getLocalPort();
    }

    void become(State next) {
        state = next;
        lines.stream().filter(line -> !line.mayPass()).forEach(Line::close);
    }

    @Override
    public void close() {
        become(State.CUT);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Line line = new Line(socket.accept());
                lines.add(line);
                if (line.mayPass()) {
                    line.begin();
                } else {
                    line.close();
                }
            } catch (IOException e) {
                // closed, or the server is away: whoever connected tries again
            }
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "cable");
        thread.setDaemon(true);
        thread.start();
    }

    private final class Line {

        private final Socket near;
        private final Socket far = new Socket();
        private volatile boolean subscribes;

        Line(Socket near) {
            this.near = near;
        }

        boolean mayPass() {
            return state == State.WHOLE || stays() || (state == State.DEAF && !subscribes);
        }

        private boolean stays() {
            return state == State.SILENT || state == State.MUTE;
        }

        private boolean isHeld() {
            return state == State.SILENT || (state == State.MUTE && subscribes);
        }

        void begin() {
            start(() -> {
                try {
                    far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    start(() -> pass(far, near, false));
                    pass(near, far, true);
                } catch (IOException e) {
                    close();
                }
            });
        }

        private void pass(Socket from, Socket to, boolean asks) {
            byte[] buffer = new byte[8192];
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
                    subscribes |= asks && text.toUpperCase(Locale.ROOT).contains("SUBSCRIBE");
                    while (isHeld()) {
                        LockSupport.parkNanos(1_000_000);
                    }
                    if (!mayPass()) {
                        break;
                    }
                    out.write(buffer, 0, read);
                    out.flush();
                }
            } catch (IOException e) {
                // one end is gone, so the other goes too
            }
            close();
        }

        void close() {
            lines.remove(this);
            try {
                near.close();
                far.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
