package io.github.flywheel4j.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.InteractionQuery;
import io.github.flywheel4j.feedback.JsonLinesStore;
import io.github.flywheel4j.feedback.UserIds;
import io.github.flywheel4j.testkit.OpenAiStubServer;
import io.github.flywheel4j.testkit.StubReply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line as a process of its own: exit status, streams, and being told to end. */
class QuickstartProcessTest {

    @TempDir
    Path folder;

    @Test
    void endsWithOneLineAndAStatusWhenTheEndpointRefuses() throws Exception {
        Process process = start("http://127.0.0.1:9");

        assertThat(process.waitFor(60, SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8).lines())
                .hasSize(1)
                .allMatch(line -> line.startsWith("quickstart: the model at http://127.0.0.1:9 cannot be reached"));
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    @DisabledOnOs(OS.WINDOWS)
    void endsCleanlyWhenToldToInTheMiddleOfAnAnswer(String signal, int status) throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.replying(
                StubReply.text("The moon is very far away.").hangAfterTokens(3))) {
            Process process = start(server.baseUrl());
            BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            readUntil(out, "The moon");

            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();

            assertThat(process.waitFor(60, SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(status);
            assertThat(out.lines()).contains("cancelled");
            assertThat(process.getErrorStream().readAllBytes()).isEmpty();
            try (Stream<InteractionEvent> recorded =
                    JsonLinesStore.in(folder.resolve("log"), UserIds.none()).interactions(InteractionQuery.all())) {
                assertThat(recorded.toList()).singleElement().satisfies(interaction -> {
                    assertThat(interaction.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(interaction.released().text()).startsWith("The moon");
                });
            }
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theScriptSaysInOneLineThatItCannotBuild() throws Exception {
        Path example = Files.createDirectories(folder.resolve("examples/quickstart"));
        Files.createFile(example.resolve("target"));
        Path script = example.resolve("run");
        Files.copy(Path.of("run"), script, StandardCopyOption.COPY_ATTRIBUTES);

        ProcessBuilder builder = new ProcessBuilder("bash", script.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();

        assertThat(process.waitFor(60, SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("quickstart: cannot write to ")
                .endsWith(
                        "/examples/quickstart/target (expected: a folder that can be written; the first run builds there)");
    }

    private Process start(String url) throws Exception {
        Files.writeString(folder.resolve("moon.md"), "The moon is 384,400 km away from the earth.");
        List<String> command = new ArrayList<>(hearsInterrupts());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", // as the script says it; Java 25 warns without
                "-Dquickstart.terminal=out",
                "-cp",
                System.getProperty("java.class.path"),
                Quickstart.class.getName(),
                "--docs",
                folder.toString(),
                "--interactions",
                folder.resolve("log").toString(),
                "--ask",
                "How far away is the moon?"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("OPENAI_BASE_URL", url);
        builder.environment().put("NO_COLOR", "1");
        return builder.start();
    }

    /** A shell starts what it runs in the background with interrupts ignored, and a child inherits that. */
    private static List<String> hearsInterrupts() throws Exception {
        List<String> prefix = List.of("env", "--default-signal=INT");
        try {
            List<String> probe =
                    Stream.concat(prefix.stream(), Stream.of("true")).toList();
            return new ProcessBuilder(probe).start().waitFor() == 0 ? prefix : List.of();
        } catch (IOException e) {
            return List.of(); // not on this system
        }
    }

    private static void readUntil(BufferedReader reader, String wanted) throws IOException {
        StringBuilder read = new StringBuilder();
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            if (read.append((char) c).indexOf(wanted) >= 0) {
                return;
            }
        }
        throw new AssertionError("ended before it said '" + wanted + "': " + read);
    }
}
