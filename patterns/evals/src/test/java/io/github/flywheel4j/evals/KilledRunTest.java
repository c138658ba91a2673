package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledRunTest {

    @TempDir
    Path folder;

    @Test
    void noFinishedCaseIsAskedAgainHoweverOftenTheProcessIsKilled() throws Exception {
        Path journal = folder.resolve("run.jsonl");
        int answers = KilledRun.DATASET.cases().size() * KilledRun.REPEATS;
        Set<List<Object>> finished = new HashSet<>();
        for (int given : List.of(100, 37, 250)) {
            runAndKill(journal, given);
            Set<List<Object>> now = keys(EvalRun.read(journal));
            assertThat(now).containsAll(finished);
            // Three other workers may have been on their way when the fourth hung.
            assertThat(now.size() - finished.size()).isBetween(given - 3, given);
            finished.addAll(now);
        }

        AtomicInteger asked = new AtomicInteger();
        List<CaseResult> fresh = Collections.synchronizedList(new ArrayList<>());
        EvalRun run = EvalRunner.builder()
                .workers(4)
                .repeats(KilledRun.REPEATS)
                .journal(journal)
                .listener((result, progress) -> fresh.add(result))
                .build()
                .run(KilledRun.DATASET, KilledRun.candidate(asked, answers), KilledRun.SCORERS);

        assertThat(asked).hasValue(answers - finished.size());
        assertThat(fresh).noneMatch(each -> finished.contains(key(each))).hasSize(answers - finished.size());
        assertThat(run.info().ending()).isEqualTo(EvalRun.Ending.COMPLETE);
        assertThat(keys(run)).hasSize(answers);
        assertThat(run.summary().metric("contains").estimate()).isEqualTo(1);
        assertThat(EvalRun.read(journal).results()).isEqualTo(run.results());
    }

    private static void runAndKill(Path journal, int given) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                KilledRun.class.getName(),
                journal.toString(),
                String.valueOf(given));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process child = builder.start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            assertThat(said.readLine()).isEqualTo("hangs");
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(child.exitValue()).as("killed, not ended").isNotZero();
    }

    private static Set<List<Object>> keys(EvalRun run) {
        Set<List<Object>> keys = new HashSet<>();
        Stream<CaseResult> results = run.results().stream();
        results.forEach(each -> keys.add(key(each)));
        return keys;
    }

    private static List<Object> key(CaseResult result) {
        return List.of(result.caseId(), result.repeat());
    }
}
