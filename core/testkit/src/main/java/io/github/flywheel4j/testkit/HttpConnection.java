package io.github.flywheel4j.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection, as seen by the server. The JDK's own HttpServer hides the socket, and without it there is no
 * reset, no half-sent body and no way to see that the client has gone.
 *
 * <p>Confined to the connection's thread, but for {@link #close()}.
 */
final class HttpConnection implements AutoCloseable {

    static final int MAX_BODY_BYTES = 16 << 20;
    private static final int MAX_LINE_BYTES = 64 << 10;

    /** A request as it came over the wire. Header names compare without regard to case. */
    record Request(String method, String target, Map<String, List<String>> headers, ByteBuffer body) {

        boolean wantsClose() {
            return headers.getOrDefault("Connection", List.of()).stream()
                    .anyMatch(value -> value.equalsIgnoreCase("close"));
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    HttpConnection(Socket socket) throws IOException {
        this.socket = socket;
        // Otherwise the kernel holds back each small chunk until the client acknowledges the one before: 40 ms a token.
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream());
    }

    /** Waits for the next request; null when the client has closed the connection between two requests. */
    @Nullable
    Request read() throws IOException {
        String start = readLine();
        if (start == null) {
            return null;
        }
        String[] parts = start.split(" ", -1);
        if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
            throw new IOException("request line: not HTTP/1.1");
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = readLine(); ; line = readLine()) {
            if (line == null) {
                throw new EOFException("headers cut short");
            }
            if (line.isEmpty()) {
                break;
            }
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IOException("header without a name");
            }
            headers.computeIfAbsent(line.substring(0, colon).trim(), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).trim());
        }
        if (headers.getOrDefault("Expect", List.of()).contains("100-continue")) {
            write("HTTP/1.1 100 Continue\r\n\r\n");
            out.flush();
        }
        return new Request(
                parts[0], parts[1], Collections.unmodifiableMap(headers), ByteBuffer.wrap(readBody(headers)));
    }

    private byte[] readBody(Map<String, List<String>> headers) throws IOException {
        if (headers.getOrDefault("Transfer-Encoding", List.of()).contains("chunked")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            while (true) {
                String line = readLine();
                if (line == null) {
                    throw new EOFException("chunk cut short");
                }
                int size = parseSize(line.split(";", 2)[0].trim(), 16);
                if (size + body.size() > MAX_BODY_BYTES) {
                    throw new IOException("body: more than " + MAX_BODY_BYTES + " bytes");
                }
                body.write(readFully(size));
                readLine();
                if (size == 0) {
                    return body.toByteArray();
                }
            }
        }
        List<String> length = headers.getOrDefault("Content-Length", List.of("0"));
        return readFully(parseSize(length.get(0), 10));
    }

    private static int parseSize(String text, int radix) throws IOException {
        try {
            int size = Integer.parseInt(text, radix);
            if (size >= 0 && size <= MAX_BODY_BYTES) {
                return size;
            }
        } catch (NumberFormatException ignored) {
            // Reported below, with the value out of range.
        }
        throw new IOException("body size (expected: 0 to " + MAX_BODY_BYTES + ")");
    }

    private byte[] readFully(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("body cut short");
        }
        return bytes;
    }

    private @Nullable String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new EOFException("line cut short");
            }
            if (line.size() == MAX_LINE_BYTES) {
                throw new IOException("line: more than " + MAX_LINE_BYTES + " bytes");
            }
            line.write(b);
        }
        String text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Sends a whole response. */
    void respond(int status, Map<String, String> headers, byte[] body) throws IOException {
        respondPart(status, headers, body, body.length);
    }

    /** Sends the head of a response and only the first {@code bytes} bytes of its body. */
    void respondPart(int status, Map<String, String> headers, byte[] body, int bytes) throws IOException {
        head(status, headers);
        write("Content-Length: " + body.length + "\r\n\r\n");
        out.write(body, 0, bytes);
        out.flush();
    }

    /** Sends the rest of a body that {@link #respondPart} began. */
    void continueBody(byte[] body, int from) throws IOException {
        out.write(body, from, body.length - from);
        out.flush();
    }

    /** Begins a response of unknown length. */
    void beginChunks(int status, Map<String, String> headers) throws IOException {
        head(status, headers);
        write("Transfer-Encoding: chunked\r\n\r\n");
        out.flush();
    }

    void chunk(byte[] bytes) throws IOException {
        write(Integer.toHexString(bytes.length) + "\r\n");
        out.write(bytes);
        write("\r\n");
        out.flush();
    }

    void endChunks() throws IOException {
        write("0\r\n\r\n");
        out.flush();
    }

    private void head(int status, Map<String, String> headers) throws IOException {
        write("HTTP/1.1 " + status + " Stub\r\n");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            write(header.getKey() + ": " + header.getValue() + "\r\n");
        }
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(US_ASCII));
    }

    /** Whether the client has closed its side. Takes about a millisecond when it has not. */
    boolean clientIsGone() {
        try {
            socket.setSoTimeout(1);
            try {
                in.mark(1);
                if (in.read() < 0) {
                    return true;
                }
                in.reset();
                return false;
            } catch (SocketTimeoutException stillThere) {
                return false;
            } finally {
                socket.setSoTimeout(0);
            }
        } catch (IOException e) {
            return true;
        }
    }

    /** Closes the connection with a TCP reset, so that the client loses even what it has not read yet. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Whether this side has closed the connection. */
    boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
