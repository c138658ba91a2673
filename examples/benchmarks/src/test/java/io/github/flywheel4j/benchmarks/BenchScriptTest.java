package io.github.flywheel4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script around the benches, in a folder of its own: whether this module is built yet makes no difference. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is bash")
class BenchScriptTest {

    @TempDir
    private Path home;

    private Path script = Path.of("bench");

    @BeforeEach
    void copyTheScript() throws IOException {
        script = Files.copy(Path.of("bench"), home.resolve("bench"));
    }

    @Test
    void saysWhatToDoWhenNothingIsBuilt() throws Exception {
        assertThat(errorOf("list")).startsWith("bench: not built yet: run 'mvn -q -DskipTests package' in ");
    }

    @Test
    void namesTheDependencyThatIsGone() throws Exception {
        Path main = home.resolve("target/classes/io/github/flywheel4j/benchmarks/BenchMain.class");
        Files.createDirectories(main.getParent());
        Files.createFile(main);
        Files.writeString(
                home.resolve("target/bench.classpath"), home.resolve("gone.jar").toString());

        assertThat(errorOf("list"))
                .contains("gone.jar is missing: run 'mvn -q -DskipTests package' in ")
                .endsWith(" again");
    }

    private String errorOf(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(List.of(args));
        Path out = home.resolve("out");
        Path err = home.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(out).isEmptyFile();
        List<String> lines = Files.readAllLines(err, StandardCharsets.UTF_8);
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }
}
