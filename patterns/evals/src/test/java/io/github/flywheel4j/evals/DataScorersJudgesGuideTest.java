package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of core/docs/guide/evals.md on datasets, scorers and judges, as they stand there. */
class DataScorersJudgesGuideTest {

    private final ChatModel model = ScriptedChatModel.answering(request -> {
        String asked = request.messages().toString();
        return Answer.text("It was read.\nVERDICT: " + (asked.contains("ten years") ? "NO" : "YES"));
    });

    @TempDir
    Path folder;

    @Test
    void aDatasetIsReadSplitAndComparedWithTheTraffic() throws IOException {
        Path file = folder.resolve("desk.jsonl");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            lines.append("{\"id\":\"q")
                    .append(i)
                    .append("\",\"input\":\"How long does refund ")
                    .append(i)
                    .append(" take?\",\"cluster\":\"talk-")
                    .append(i / 2)
                    .append("\",\"slices\":[\"refunds\"]}\n");
        }
        Files.writeString(file, lines.append("no case\n"));
        List<String> questions = List.of("How long does refund 3 take?", "Do you ship abroad?");

        // snippet
        Dataset.Loaded loaded = Dataset.loadUsable(file);
        List<BadDataset.Problem> setAside = loaded.setAside(); // line 41: no JSON, broken at character 3
        Dataset.Split split = loaded.dataset().split(Holdout.share(0.2));
        Dataset development = split.development(); // look at these, tune on these
        Dataset holdout = split.holdout(); // for the gate alone
        // end snippet
        // snippet
        TrafficCoverage coverage = TrafficCoverage.byWords(development, questions);
        Interval share = coverage.share();
        String writeACaseFor = questions.get(coverage.missing().get(0).example());
        // end snippet

        assertThat(setAside).extracting(BadDataset.Problem::line).containsExactly(41L);
        assertThat(development.cases().size() + holdout.cases().size()).isEqualTo(40);
        assertThat(share.estimate()).isEqualTo(0.5);
        assertThat(writeACaseFor).isEqualTo("Do you ship abroad?");
    }

    @Test
    void scorersSayWhatIsMeasured() {
        // snippet
        List<Scorer> scorers = List.of(
                Scorers.number(0.01, 0),
                Scorers.jsonField("/total", Scorers.number(0.01, 0)),
                Scorers.atLeast(0.7, Scorers.rougeL()),
                Scorers.refusal(each -> each.slices().contains("unanswerable"), "slice unanswerable"),
                Scorers.atMost(2, Scorers.latency()));
        // end snippet

        assertThat(scorers).extracting(Scorer::lossy).containsExactly(false, false, true, true, false);
        assertThat(scorers).extracting(Scorer::name).doesNotHaveDuplicates();
    }

    @Test
    void aJudgeIsCalibratedBeforeItGates() {
        List<HumanLabel> labels = new ArrayList<>();
        List<CaseResult> results = new ArrayList<>();
        EvalCase evalCase = Cases.withContext("A refund takes 5 days.");
        for (int i = 0; i < 60; i++) {
            Output output = Output.of(i % 3 == 0 ? "It takes ten years." : "It takes 5 days.");
            labels.add(new HumanLabel(evalCase, output, i % 3 != 0));
            results.add(Results.of("a", output, Map.of("faithful", Score.of(i % 3 != 0))));
        }

        // snippet
        RubricJudge faithful = RubricJudge.faithfulness()
                .model(model, "judge-large-2026-05-01")
                .candidateModel("small-chat-2026-07-18")
                .build();
        CalibratedJudge judge = CalibratedJudge.from(faithful, labels);
        Interval kappa = judge.kappa();
        List<CalibratedJudge.Disagreement> readThese = judge.disagreements();
        // end snippet
        // snippet
        Interval rate = judge.correctedRate(results, 0.95);
        boolean calibrateAgain = judge.recheck().hasMoved();
        // end snippet

        assertThat(kappa.estimate()).isEqualTo(1);
        assertThat(readThese).isEmpty();
        assertThat(rate.contains(2.0 / 3)).isTrue();
        assertThat(calibrateAgain).isFalse();
    }

    @Test
    void aPairIsJudgedInBothOrders() {
        ChatModel model = ScriptedChatModel.saying("VERDICT: A");
        EvalCase evalCase = EvalCase.of("a", "How long?", null);
        Output candidate = Output.of("5 days");
        Output baseline = Output.of("soon");

        // snippet
        PairwiseJudge better = PairwiseJudge.builder("better", "Which answer helps the customer more?")
                .model(model, "judge-large-2026-05-01")
                .candidateModel("small-chat-2026-07-18")
                .build();
        PairVerdict verdict = better.compare(evalCase, candidate, baseline);
        // end snippet

        assertThat(verdict.outcome()).isEqualTo(Preference.TIE);
    }
}
