package io.github.flywheel4j.evals;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

    private static final CaseResult RESULT = new CaseResult(
            "a", 0, "a", new TreeSet<>(), null, new CaseResult.Failure("failed", null), Map.of(), Map.of());

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final RunListener bar = RunListener.progressBar(new PrintStream(bytes, true, UTF_8));

    @Test
    void saysHowFarHowFastAndHowLong() {
        bar.onStart(progress(0, 0, Duration.ZERO));
        bar.onResult(RESULT, progress(50, 0, Duration.ofSeconds(10)));

        assertThat(lines())
                .containsExactly(
                        "[........................] 0 of 200, 0 a second, ? left",
                        "[######..................] 50 of 200, 5 a second, 0:30 left");
    }

    @Test
    void countsErrorsAndHours() {
        bar.onResult(RESULT, progress(1, 1, Duration.ofSeconds(60)));

        assertThat(lines()).containsExactly("[........................] 1 of 200, 0 a second, 1 errors, 3:19:00 left");
    }

    @Test
    void drawsAtMostTenTimesASecondButAlwaysTheLast() {
        for (int done = 1; done <= 200; done++) {
            bar.onResult(RESULT, progress(done, 0, Duration.ofMillis(done)));
        }

        assertThat(lines())
                .containsExactly(
                        "[############............] 100 of 200, 1000 a second, 0:00 left",
                        "[########################] 200 of 200, 1000 a second, 0:00 left");
    }

    @Test
    void aShorterLineLeavesNothingOfALongerOne() {
        bar.onResult(RESULT, progress(1, 1, Duration.ofSeconds(60)));
        bar.onResult(RESULT, progress(199, 0, Duration.ofSeconds(70)));

        String[] drawn = bytes.toString(UTF_8).split("\r");
        assertThat(drawn[2]).hasSameSizeAs(drawn[1]);
    }

    @Test
    void wipesItselfOutAtTheEnd() {
        EvalRun run = EvalRunner.builder()
                .listener(bar)
                .build()
                .run(Runs.dataset(3, 1), Candidate.of("echo", evalCase -> evalCase.id()), List.of(Runs.contains()));

        assertThat(run.results()).hasSize(3);
        String[] drawn = bytes.toString(UTF_8).split("\r");
        assertThat(drawn[drawn.length - 1]).isBlank();
        assertThat(bytes.toString(UTF_8)).endsWith("\r").contains("3 of 3");
    }

    private static Progress progress(int done, int errors, Duration elapsed) {
        return new Progress(done, 200, 0, errors, 0, elapsed, elapsed, 0, null);
    }

    private List<String> lines() {
        return bytes.toString(UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .map(String::strip)
                .toList();
    }
}
