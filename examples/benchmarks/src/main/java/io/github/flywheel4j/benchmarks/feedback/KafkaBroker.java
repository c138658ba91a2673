package io.github.flywheel4j.benchmarks.feedback;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.Uuid;

/** A Kafka broker in a process of its own, that is killed and started again on the same files. Not thread-safe. */
final class KafkaBroker {

    private static final String NAME = "localhost";
    private static final long LONGEST_START_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Path settings;
    private final int port;
    private Process process;

    private KafkaBroker(Path settings, int port, Process process) {
        this.settings = settings;
        this.port = port;
        this.process = process;
    }

    /** Starts one with its data in a folder, and waits until it answers. */
    static KafkaBroker start(Path folder) throws IOException, InterruptedException {
        int port = freePort();
        int controller = freePort();
        Path settings = Files.write(
                folder.resolve("server.properties"),
                List.of(
                        "process.roles=broker,controller",
                        "node.id=1",
                        "controller.quorum.voters=1@" + NAME + ":" + controller,
                        "listeners=PLAINTEXT://" + NAME + ":" + port + ",CONTROLLER://" + NAME + ":" + controller,
                        "controller.listener.names=CONTROLLER",
                        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "log.dirs=" + folder.resolve("data"),
                        "num.partitions=3",
                        "offsets.topic.replication.factor=1"));
        int formatted = java(
                        "kafka.tools.StorageTool",
                        "format",
                        "-t",
                        Uuid.randomUuid().toString(),
                        "-c",
                        settings.toString())
                .waitFor();
        if (formatted != 0) {
            throw new IllegalStateException("the broker's folder could not be prepared: status " + formatted);
        }
        KafkaBroker broker = new KafkaBroker(settings, port, java("kafka.Kafka", settings.toString()));
        broker.awaitAnswer();
        return broker;
    }

    String servers() {
        return NAME + ":" + port;
    }

    /** With SIGKILL. */
    void kill() {
        try {
            int unused = process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void startAgain() throws IOException {
        process = java("kafka.Kafka", settings.toString());
        awaitAnswer();
    }

    private void awaitAnswer() {
        long until = System.nanoTime() + LONGEST_START_NANOS;
        while (!answers()) {
            if (System.nanoTime() - until > 0 || !process.isAlive()) {
                kill();
                throw new IllegalStateException("the broker does not start");
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(NAME, port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Process java(String... command) throws IOException {
        return ChildProcess.of("-Xmx512m", command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
