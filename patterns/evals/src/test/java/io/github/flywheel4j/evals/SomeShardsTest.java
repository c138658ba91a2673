package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever leaves shards out may have seen what they found, so nothing is claimed without them. */
class SomeShardsTest {

    private static final int SHARDS = 4;

    @TempDir
    Path folder;

    private final Dataset dataset = Runs.dataset(200, 1);
    private final List<EvalRun> before = shards("bad", "no idea");
    private final List<EvalRun> after = shards("good", "It is ");

    @Test
    void claimsWhatAllShardsTogetherShow() {
        EvalRun whole = EvalRun.merge(after);

        assertThat(whole.info().complete()).isTrue();
        assertThat(verdict(EvalRun.merge(before), whole)).isEqualTo(Verdict.BETTER);
    }

    @Test
    void claimsNothingFromSomeShards() {
        EvalRun some = EvalRun.merge(after.subList(0, 3));
        Gate gate = Gate.builder().better("contains").build();

        assertThat(some.info().complete()).isFalse();
        assertThat(some.summary().warnings()).anyMatch(each -> each.contains("of shards with"));
        assertThat(verdict(EvalRun.merge(before), some)).isEqualTo(Verdict.INCONCLUSIVE);
        // Of as many cases as the other: both sides lack the same shard.
        assertThat(verdict(EvalRun.merge(before.subList(0, 3)), some)).isEqualTo(Verdict.INCONCLUSIVE);
        GateResult result = gate.check(EvalRun.merge(before.subList(0, 3)), some, Varies.EVERYTHING);
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.INCONCLUSIVE);
        assertThat(result.reasons()).anyMatch(each -> each.contains("of shards with"));
    }

    @Test
    void claimsNothingFromAShardThatWasSavedByItself() {
        Path file = folder.resolve("shard.jsonl");
        after.get(1).save(file);
        EvalRun read = EvalRun.read(file);

        assertThat(read.info().whole()).isEqualTo(200);
        assertThat(verdict(before.get(1), read)).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void claimsNothingFromRunsOfUnequalParts() {
        EvalRun whole = Runs.of("old", 100, 1, Map.of("exact", i -> 0));
        EvalRun most = Runs.of("new", 90, 1, Map.of("exact", i -> 1));

        Comparison.Row row = Comparison.compare(whole, most, Varies.PROMPT).of("exact");

        assertThat(row.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(row.note()).contains("is a shard missing?");
    }

    @Test
    void readsFilesThatDoNotSayHowManyAnswersTheDatasetHas() throws IOException {
        Path file = folder.resolve("old.jsonl");
        EvalRun whole = EvalRun.merge(after);
        whole.save(file);
        Files.writeString(file, Files.readString(file).replaceFirst("\"whole\":200,", ""));

        assertThat(Files.readString(file)).doesNotContain("\"whole\"");
        assertThat(EvalRun.read(file).info().complete()).isTrue();
    }

    private static Verdict verdict(EvalRun baseline, EvalRun candidate) {
        return Comparison.compare(baseline, candidate, Varies.EVERYTHING)
                .of("contains")
                .verdict();
    }

    private List<EvalRun> shards(String name, String says) {
        Candidate candidate = Candidate.of(name, each -> says.endsWith(" ") ? says + each.expected() : says);
        List<EvalRun> shards = new ArrayList<>();
        for (int i = 1; i <= SHARDS; i++) {
            shards.add(EvalRunner.builder()
                    .shard(Shard.of(i, SHARDS))
                    .build()
                    .run(dataset, candidate, List.of(Runs.contains())));
        }
        return shards;
    }
}
