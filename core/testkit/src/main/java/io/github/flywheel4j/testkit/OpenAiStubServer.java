package io.github.flywheel4j.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on loopback that speaks OpenAI's chat completion and embedding protocol from a script, and fails as told.
 *
 * <pre>{@code
 * try (OpenAiStubServer server = OpenAiStubServer.replying(
 *         StubReply.tooManyRequests(Duration.ofSeconds(1)), StubReply.text("Paris is lovely."))) {
 *     ChatModel model = OpenAiChatModel.builder()
 *             .baseUrl(server.baseUrl())
 *             .apiKey("none")
 *             .modelName("stub")
 *             .maxRetries(0)
 *             .build();
 *
 *     assertThatThrownBy(() -> model.chat("hi")).isInstanceOf(RateLimitException.class);
 *     assertThat(model.chat("hi")).isEqualTo("Paris is lovely.");
 * }
 * }</pre>
 *
 * <p>It serves {@code POST /v1/chat/completions} with and without {@code stream}, {@code POST /v1/embeddings} (vectors
 * that depend on the words of the text alone) and {@code GET /v1/models}, on an ephemeral port of the loopback address.
 * Chat requests that OpenAI would refuse are refused with status 400: no messages, no content, tool calls without a
 * result. Requests are recorded.
 *
 * <p>It is bounded: a connection holds one daemon thread, there are never more connections and requests than told, and
 * {@link #close()} ends them all. Thread-safe.
 */
public final class OpenAiStubServer implements AutoCloseable {

    private static final int BACKLOG = 1_024;
    private static final long STACK_BYTES = 256 << 10;
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);
    private static final AtomicInteger THREADS = new AtomicInteger();

    private final List<StubReply> replies;
    private final @Nullable Function<? super StubRequest, StubReply> function;
    private final int maxRequests;
    private final int maxConnections;
    private final int embeddingDimensions;
    private final boolean recording;
    private final int port;

    private final AtomicInteger position = new AtomicInteger();
    private final Queue<StubReply> nextChat = new ConcurrentLinkedQueue<>();
    private final Queue<StubReply> nextEmbedding = new ConcurrentLinkedQueue<>();
    private final Queue<StubRequest> requests = new ConcurrentLinkedQueue<>();
    private final AtomicLong received = new AtomicLong();
    private final AtomicInteger live = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final Map<HttpConnection, Thread> connections = new ConcurrentHashMap<>();
    private final StubWaits waits = new StubWaits(live::get);
    private final Object lock = new Object();
    private @Nullable ServerSocket listening;
    private @Nullable Thread acceptor;

    private OpenAiStubServer(Builder builder) {
        replies = List.copyOf(builder.replies);
        function = builder.function;
        maxRequests = builder.maxRequests;
        maxConnections = builder.maxConnections;
        embeddingDimensions = builder.embeddingDimensions;
        recording = builder.recording;
        port = listenOn(0);
    }

    /** A started server that gives these replies to chat requests, in order; the last one repeats. */
    public static OpenAiStubServer replying(StubReply... replies) {
        return builder().replies(replies).start();
    }

    /** A started server that answers each chat request by this function. */
    public static OpenAiStubServer answering(Function<? super StubRequest, StubReply> function) {
        return builder().answering(function).start();
    }

    /** A builder; each setting has a default. */
    public static Builder builder() {
        return new Builder();
    }

    /** The URL to give to a client, {@code http://127.0.0.1:port/v1}. It stays the same when the server is reopened. */
    public String baseUrl() {
        return "http://127.0.0.1:" + port + "/v1";
    }

    /** The port on the loopback address. */
    public int port() {
        return port;
    }

    /** Replies to the next chat requests with these, one each, before the script goes on. */
    public void enqueue(StubReply... next) {
        nextChat.addAll(List.of(next));
    }

    /**
     * Replies to the next embedding requests with these, one each; after them come vectors again.
     *
     * @throws IllegalArgumentException when a reply is a chat answer
     */
    public void enqueueEmbeddingFailures(StubReply... next) {
        for (StubReply reply : next) {
            if (reply.kind() == StubReply.Kind.ANSWER) {
                throw new IllegalArgumentException("reply: " + reply + " (expected: a failure, such as serverError())");
            }
        }
        nextEmbedding.addAll(List.of(next));
    }

    /** All requests so far, in order of arrival. */
    public List<StubRequest> requests() {
        return List.copyOf(requests);
    }

    /** All requests for chat completions so far, in order of arrival. */
    public List<StubRequest> chatRequests() {
        return requests.stream()
                .filter(request -> request.path().equals("/v1/chat/completions"))
                .toList();
    }

    /**
     * The request that arrived last.
     *
     * @throws IllegalStateException when there is none
     */
    public StubRequest lastRequest() {
        List<StubRequest> all = requests();
        if (all.isEmpty()) {
            throw new IllegalStateException("no request was recorded (expected: at least one)");
        }
        return all.get(all.size() - 1);
    }

    /** How many requests are being answered right now, hanging ones included. */
    public int live() {
        return live.get();
    }

    /** How many requests the client gave up: it closed the connection before the response was complete. */
    public int abandoned() {
        return abandoned.get();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** Lets all hanging replies go on, and lets no later one hang. */
    public void release() {
        waits.release();
    }

    /** Closes all connections, in the middle of whatever they are at; the port stays open. */
    public void disconnect() {
        connections.keySet().forEach(OpenAiStubServer::quietly);
    }

    /**
     * Closes the port and all connections: clients are refused until {@link #reopen()}. A client that still holds a pooled
     * connection may hear of a failed one first.
     */
    public void refuse() {
        synchronized (lock) {
            ServerSocket open = listening;
            listening = null;
            if (open != null) {
                quietly(open);
            }
            disconnect();
        }
    }

    /**
     * Listens again on the same port, after {@link #refuse()}.
     *
     * @throws IllegalStateException when the server was closed
     * @throws UncheckedIOException when another process has taken the port meanwhile
     */
    public void reopen() {
        synchronized (lock) {
            if (waits.isClosed()) {
                throw new IllegalStateException("the server is closed (expected: an open one)");
            }
            if (listening == null) {
                listenOn(port);
            }
        }
    }

    /** Ends the server: closes the port and every connection, and waits until their threads have ended. */
    @Override
    public void close() {
        waits.close();
        refuse();
        long end = System.nanoTime() + CLOSE_WAIT.toNanos();
        List<Thread> threads = new ArrayList<>(connections.values());
        synchronized (lock) {
            if (acceptor != null) {
                threads.add(acceptor);
            }
        }
        threads.remove(Thread.currentThread());
        for (Thread thread : threads) {
            try {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                thread.join(Math.max(1, left));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private int listenOn(int wanted) {
        synchronized (lock) {
            try {
                ServerSocket socket = new ServerSocket();
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), BACKLOG);
                listening = socket;
                Thread thread = thread(() -> accept(socket));
                acceptor = thread;
                thread.start();
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException("loopback port " + wanted + " cannot be opened", e);
            }
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "openai-stub-" + THREADS.incrementAndGet(), STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                if (connections.size() >= maxConnections) {
                    client.close();
                    continue;
                }
                HttpConnection connection = new HttpConnection(client);
                Thread thread = thread(() -> serve(connection));
                connections.put(connection, thread);
                if (socket.isClosed()) {
                    quietly(connection);
                }
                thread.start();
            } catch (IOException e) {
                // Either the port was closed, and the loop ends, or this one client has gone already.
            }
        }
    }

    private void serve(HttpConnection connection) {
        try (connection) {
            for (HttpConnection.Request raw = connection.read(); raw != null; raw = connection.read()) {
                live.incrementAndGet();
                try {
                    if (!serve(connection, raw) || raw.wantsClose()) {
                        return;
                    }
                } catch (IOException e) {
                    if (!connection.isClosed()) {
                        abandoned.incrementAndGet();
                    }
                    return;
                } finally {
                    live.decrementAndGet();
                }
            }
        } catch (IOException e) {
            // The client broke off while it sent its request; it does not expect a response.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    /** Returns whether the connection can take another request. */
    private boolean serve(HttpConnection connection, HttpConnection.Request raw)
            throws IOException, InterruptedException {
        long number = received.incrementAndGet();
        if (number > maxRequests) {
            StubExchange.fail(
                    connection,
                    503,
                    "server_error",
                    "requests: " + number + " (expected: at most " + maxRequests + ")");
            return false;
        }
        JsonNode body;
        try {
            body = OpenAiJson.parse(raw.body());
        } catch (JsonProcessingException e) {
            StubExchange.fail(connection, 400, "invalid_request_error", "body: no JSON");
            return true;
        }
        String path = raw.target().split("\\?", 2)[0];
        StubRequest request = new StubRequest(raw.method(), path, raw.headers(), body);
        if (recording) {
            requests.add(request);
        }
        switch (raw.method() + " " + path) {
            case "POST /v1/chat/completions" -> {
                return chat(connection, request, number);
            }
            case "POST /v1/embeddings" -> {
                StubReply failure = nextEmbedding.poll();
                if (failure != null) {
                    return new StubExchange(connection, request, failure, number, waits).send();
                }
                StubExchange.sendJson(connection, OpenAiJson.embeddings(request, embeddingDimensions));
            }
            case "GET /v1/models" -> StubExchange.sendJson(connection, OpenAiJson.models(List.of("stub")));
            default -> StubExchange.fail(connection, 404, "invalid_request_error", "Unknown request URL: " + request);
        }
        return true;
    }

    private boolean chat(HttpConnection connection, StubRequest request, long number)
            throws IOException, InterruptedException {
        String fault = OpenAiJson.chatFault(request.body());
        if (fault != null) {
            StubExchange.fail(connection, 400, "invalid_request_error", fault);
            return true;
        }
        StubReply reply;
        try {
            reply = nextReply(request);
        } catch (RuntimeException e) {
            StubExchange.fail(connection, 500, "server_error", "the script failed: " + e);
            return true;
        }
        return new StubExchange(connection, request, reply, number, waits).send();
    }

    private StubReply nextReply(StubRequest request) {
        StubReply next = nextChat.poll();
        if (next != null) {
            return next;
        }
        if (function != null) {
            return function.apply(request);
        }
        int last = replies.size() - 1;
        return replies.get(Math.min(last, position.getAndUpdate(i -> Math.min(i + 1, last))));
    }

    private static void quietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception ignored) {
            // Closing a socket that is already broken.
        }
    }

    /** The address, never what was said. */
    @Override
    public String toString() {
        return "OpenAiStubServer[" + baseUrl() + "]";
    }

    /** Builds and starts an {@link OpenAiStubServer}. Not thread-safe. */
    public static final class Builder {

        private List<StubReply> replies = new ArrayList<>();
        private @Nullable Function<? super StubRequest, StubReply> function;
        private int maxRequests = 10_000;
        private int maxConnections = 1_000;
        private int embeddingDimensions = 64;
        private boolean recording = true;

        private Builder() {}

        /**
         * Adds replies to chat requests, given in order; the last one repeats. By default the server answers a request
         * for JSON with {@link StubRequest#jsonExample()} and anything else with {@code "ok"}.
         */
        public Builder replies(StubReply... replies) {
            this.replies.addAll(List.of(replies));
            return this;
        }

        /** Answers each chat request by this function, instead of a list; it must be thread-safe. */
        public Builder answering(Function<? super StubRequest, StubReply> function) {
            this.function = Objects.requireNonNull(function, "function");
            return this;
        }

        /**
         * The most requests that are served; any further one gets status 503 and its connection is closed. 10000 by
         * default, so that a loop gone wild in a test ends.
         */
        public Builder maxRequests(int maxRequests) {
            this.maxRequests = positive("maxRequests", maxRequests);
            return this;
        }

        /**
         * The most connections that are open at once, each with a thread; any further one is closed at once. 1000 by
         * default.
         */
        public Builder maxConnections(int maxConnections) {
            this.maxConnections = positive("maxConnections", maxConnections);
            return this;
        }

        /** The length of vectors when the request does not say. 64 by default. */
        public Builder embeddingDimensions(int dimensions) {
            this.embeddingDimensions = positive("embeddingDimensions", dimensions);
            return this;
        }

        /** Whether requests are kept. On by default; off for load runs, which would fill the heap. */
        public Builder recording(boolean recording) {
            this.recording = recording;
            return this;
        }

        /**
         * Starts the server.
         *
         * @throws IllegalArgumentException when there are both replies and a function
         */
        public OpenAiStubServer start() {
            if (!replies.isEmpty() && function != null) {
                throw new IllegalArgumentException("replies: " + replies.size() + ", function: given"
                        + " (expected: either; call replies(...) or answering(...))");
            }
            if (replies.isEmpty() && function == null) {
                function = request -> StubReply.text(request.jsonSchema().isPresent() ? request.jsonExample() : "ok");
            }
            return new OpenAiStubServer(this);
        }

        private static int positive(String what, int value) {
            if (value <= 0) {
                throw new IllegalArgumentException(what + ": " + value + " (expected: > 0)");
            }
            return value;
        }
    }
}
