package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flywheel4j.evals.EvalRun.Ending;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What candidates and scorers of users do that they should not. */
class HostileRunTest {

    @TempDir
    Path folder;

    private final Dataset dataset = Runs.dataset(8, 1);
    private final EvalRunner.Builder runner = EvalRunner.builder();

    @Test
    void aScorerThatLacksAClassCostsNoOtherScore() {
        Scorer lacking = Runs.scorer("lacks", false, (evalCase, output) -> {
            throw new NoClassDefFoundError("library");
        });

        CaseResult result = EvalRunner.create()
                .run(Runs.dataset(1, 1), Candidate.of("c", each -> "0"), List.of(lacking, Runs.contains()))
                .results()
                .get(0);

        assertThat(result.scorerErrors()).containsOnlyKeys("lacks");
        assertThat(result.scores()).containsOnlyKeys("contains");
    }

    @Test
    void takesAnAnswerThatIsNullForAnError() {
        Path journal = folder.resolve("run.jsonl");
        Candidate candidate = Candidate.of("null", evalCase -> null);

        EvalRun run = runner.journal(journal).build().run(dataset, candidate, List.of(Runs.contains()));

        assertThat(run.summary().errors()).isEqualTo(8);
        assertThat(run.results().get(0).error().message()).startsWith("text: null (expected: an answer");
        assertThat(EvalRun.read(journal).results()).isEqualTo(run.results());
    }

    @Test
    void losesNoResultWhenAFactIsNoJson() {
        Scorer strange = Runs.scorer(
                "strange", false, (evalCase, output) -> new Score(1, true, null, Map.of("why", new Object())));
        Scorer nothing = Runs.scorer("nothing", false, (evalCase, output) -> null);

        EvalRun run = runner.journal(folder.resolve("run.jsonl"))
                .build()
                .run(dataset, Candidate.of("a", EvalCase::expected), List.of(strange, nothing, Runs.contains()));

        assertThat(run.info().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(run.results()).hasSize(8).allMatch(each -> each.scores().containsKey("contains"));
        assertThat(run.results().get(0).scorerErrors()).containsOnlyKeys("strange", "nothing");
        assertThat(run.summary().scorerErrors()).isEqualTo(16);
    }

    @Test
    void mergesShardsToTheSameRunInAnyOrder() {
        List<EvalRun> shards = new ArrayList<>();
        Ending[] endings = {Ending.COMPLETE, Ending.OUT_OF_BUDGET, Ending.CANCELLED, Ending.COMPLETE};
        for (int i = 0; i < 4; i++) {
            EvalRun shard = EvalRunner.builder()
                    .shard(Shard.of(i + 1, 4))
                    .build()
                    .run(dataset, Candidate.of("a", EvalCase::expected), List.of(Runs.contains()));
            shards.add(new EvalRun(
                    shard.info().part(2, shard.info().whole(), Instant.EPOCH, Duration.ofSeconds(i), endings[i]),
                    shard.results()));
        }
        EvalRun merged = EvalRun.merge(shards);

        Collections.reverse(shards);
        assertThat(EvalRun.merge(shards)).isEqualTo(merged);
        Collections.swap(shards, 1, 3);
        assertThat(EvalRun.merge(shards)).isEqualTo(merged);
    }

    @Test
    void aReportHoldsItsTextsAsTextAndNotManyTimes() {
        String hostile = "</script><img src=x onerror=alert(1)>\u2028\uD83D <!-- &lt;b&gt; \u202Etxt";
        Dataset thousand = Runs.dataset(1_000, 1);
        Scorer named = Runs.scorer(
                "<b>bold</b>", false, (evalCase, output) -> new Score(0, false, hostile, Map.of("why", hostile)));

        EvalRun run = EvalRunner.create().run(thousand, Candidate.of(hostile, evalCase -> hostile), List.of(named));
        EvalReport report = EvalReport.of(thousand, run);
        String page = report.html();

        String data = page.substring(page.indexOf("\"schema\""), page.lastIndexOf("\"cases\":["));
        assertThat(page).doesNotContain("<img").doesNotContain("<b>bold").doesNotContain(hostile);
        assertThat(data).doesNotContain("<");
        assertThat(page.length()).isLessThan(1_000_000);
        assertThat(report.markdown()).doesNotContainPattern("(?<!\\\\)<img").hasSizeLessThan(5_000);
    }
}
