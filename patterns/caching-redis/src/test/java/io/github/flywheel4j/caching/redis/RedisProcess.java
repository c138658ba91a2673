package io.github.flywheel4j.caching.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import redis.embedded.RedisServer;

/** A real Redis server of a test, which writes each change to a file, so that a killed one comes back with its data. */
final class RedisProcess implements AutoCloseable {

    private Path folder;
    private final int port;
    private RedisServer server;

    /** Starts one at a free port. */
    RedisProcess(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
        this.server = started();
    }

    int port() {
        return port;
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Ends it as it wants to be ended. */
    void stop() throws IOException {
        server.stop();
    }

    /** Ends it in the middle of what it does, as {@code kill -9}. */
    void kill() throws IOException {
        long id = ask(commands -> commands.info("server").lines())
                .filter(line -> line.startsWith("process_id:"))
                .mapToLong(line -> Long.parseLong(line.substring("process_id:".length())))
                .findFirst()
                .orElseThrow();
        ProcessHandle process = ProcessHandle.of(id).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        server.stop();
    }

    void startAgain() throws IOException {
        server = started();
    }

    /** What it would start with if it were started from what it has by now. */
    Path copyOfItsFiles() throws IOException {
        Path copy = folder.resolveSibling(folder.getFileName() + "-copy");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : (Iterable<Path>) files::iterator) {
                Files.copy(each, copy.resolve(folder.relativize(each)));
            }
        }
        return copy;
    }

    /** Starts it with the files of another folder, which may be empty. */
    void startAgainWith(Path files) throws IOException {
        Files.createDirectories(files);
        folder = files;
        startAgain();
    }

    private RedisServer started() throws IOException {
        RedisServer each = RedisServer.builder()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .setting("dir " + folder)
                .setting("appendonly yes")
                .build();
        each.start();
        return each;
    }

    /** Asks the server something past the tier. */
    <T> T ask(Function<RedisCommands<String, String>, T> question) {
        RedisURI uri = RedisURI.create(uri());
        uri.setTimeout(Duration.ofSeconds(20));
        RedisClient client = RedisClient.create(uri);
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return question.apply(connection.sync());
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        }
    }

    @Override
    public void close() throws IOException {
        server.stop();
    }
}
