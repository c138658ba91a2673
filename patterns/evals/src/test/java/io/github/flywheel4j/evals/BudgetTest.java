package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.PriceList;
import io.github.flywheel4j.evals.EvalRun.Ending;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A budget counts all that a run uses, not the answers alone. */
class BudgetTest {

    private static final String JUDGE = "judge-large-2026-05-01";
    private static final PriceList PRICES = PriceList.builder("USD")
            .perMillionTokens("scripted", "100000", "200000")
            .perMillionTokens(JUDGE, "100000", "200000")
            .build();

    @TempDir
    Path folder;

    private final Dataset dataset = Runs.dataset(20, 1);
    private final Candidate free = Candidate.of("free", EvalCase::expected);
    private final ScriptedChatModel says =
            ScriptedChatModel.answering(request -> Answer.text("VERDICT: YES").usage(10, 5));
    private final ScriptedChatModel mumbles =
            ScriptedChatModel.answering(request -> Answer.text("who knows").usage(10, 5));

    @Test
    void countsTheTokensOfJudgesAlsoOfUnreadableOnes() {
        for (ScriptedChatModel model : List.of(says, mumbles)) {
            EvalRun run = runner(Budget.unlimited().withTokens(60)).build().run(dataset, free, List.of(judge(model)));

            assertThat(run.info().ending()).isEqualTo(Ending.OUT_OF_BUDGET);
            assertThat(run.results()).hasSize(4);
            assertThat(run.summary().tokens()).isZero();
            assertThat(run.summary().beside().tokens()).isEqualTo(60);
        }
    }

    @Test
    void countsTheMoneyOfAJudgeBehindAStackOnce() {
        ChatStack stack = ChatStack.builder().chatModel(says).prices(PRICES).build();
        Scorer judge = RubricJudge.yesOrNo("right", "Is it right?")
                .model(stack.chatModel(), JUDGE)
                .candidateModel("small-chat")
                .build();

        EvalRun run = runner(Budget.unlimited().withMoney("6", "USD")).build().run(dataset, free, List.of(judge));

        // Each verdict costs 2 USD.
        assertThat(run.results()).hasSize(3);
        assertThat(run.summary().cost()).isNull();
        assertThat(run.summary().beside().cost()).hasToString("6 USD");
        assertThat(run.summary().beside().tokens()).isEqualTo(45);
    }

    @Test
    void reportsTheMoneyOfJudgesApart() {
        ChatStack stack = ChatStack.builder().chatModel(says).prices(PRICES).build();
        Scorer judge = RubricJudge.yesOrNo("right", "Is it right?")
                .model(stack.chatModel(), JUDGE)
                .candidateModel("small-chat")
                .build();
        EvalRun run = EvalRunner.create().run(dataset, free, List.of(judge));
        EvalRun baseline = EvalRunner.create().run(dataset, free, List.of(judge));

        EvalReport report = EvalReport.of(dataset, baseline, run, Comparison.compare(baseline, run, Varies.EVERYTHING));

        assertThat(report.json()).contains("\"costs\":[],\"costsBeside\":[{\"amount\":40,\"currency\":\"USD\"}]");
        assertThat(report.markdown())
                .contains("Cost of the candidate: answers unknown, judges and failed calls 40 USD.")
                .contains("Cost of the baseline: answers unknown, judges and failed calls 40 USD.");
        assertThat(report.html()).contains("['cost of judges and failed calls', 'costsBeside']");
    }

    @ParameterizedTest(name = "cases: {0}")
    @ValueSource(ints = {1, 20})
    void failsWhereAnswersUseTokensAndHaveNoPrice(int cases) {
        Path journal = folder.resolve("run.jsonl");
        ScriptedChatModel costly = ScriptedChatModel.answering(
                request -> Answer.text("It is 1").usage(1_000_000, 1_000_000).modelName("small-chat-2026-07-18"));
        EvalRunner runner = runner(Budget.unlimited().withMoney("2.50", "USD"))
                .journal(journal)
                .build();

        for (int part = 1; part <= 2; part++) {
            assertThatThrownBy(() -> runner.run(
                            Runs.dataset(cases, 1), Candidate.of(costly, "small-chat"), List.of(Runs.contains())))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("budget of 2.5 USD, but the answers of 'small-chat-2026-07-18' have no price (expected:"
                            + " a stack with prices(PriceList...), or withTokens)");
        }

        assertThat(costly.requests()).hasSize(1);
        assertThat(EvalRun.read(journal).results())
                .as("what was paid for is kept")
                .hasSize(1);
    }

    @Test
    void countsNoMoneyForAnswersThatUseNoTokens() {
        EvalRun run =
                runner(Budget.unlimited().withMoney("6", "USD")).build().run(dataset, free, List.of(Runs.contains()));

        assertThat(run.info().ending()).isEqualTo(Ending.COMPLETE);
    }

    @Test
    void countsWhatACandidateUsedBeforeItFailed() {
        ChatStack stack = ChatStack.builder().chatModel(says).prices(PRICES).build();
        Candidate fails = Candidate.of("fails", evalCase -> {
            stack.chatModel().chat("a first call");
            throw new IllegalStateException("out of order");
        });

        EvalRun run =
                runner(Budget.unlimited().withMoney("6", "USD")).build().run(dataset, fails, List.of(Runs.contains()));

        assertThat(run.info().ending()).isEqualTo(Ending.OUT_OF_BUDGET);
        assertThat(run.results()).hasSize(3).allMatch(each -> each.error() != null);
        assertThat(run.summary().beside().cost()).hasToString("6 USD");
    }

    @Test
    void remembersAfterAPauseWhatJudgesAndReplacedResultsUsed() {
        EvalRunner.Builder runner = runner(Budget.unlimited().withTokens(60))
                .journal(folder.resolve("run.jsonl"))
                .retryErrors();
        EvalRun first = runner.build().run(dataset, free, List.of(judge(mumbles)));
        AtomicLong asked = new AtomicLong();

        EvalRun resumed = runner.build()
                .run(
                        dataset,
                        Candidate.of("free", evalCase -> {
                            asked.incrementAndGet();
                            return evalCase.expected();
                        }),
                        List.of(judge(mumbles)));

        assertThat(first.results()).hasSize(4);
        assertThat(asked).hasValue(0);
        assertThat(resumed.info().ending()).isEqualTo(Ending.OUT_OF_BUDGET);
        EvalRun read = EvalRun.read(folder.resolve("run.jsonl"));
        assertThat(read.results()).isEqualTo(first.results());
        assertThat(read.results().get(0).beside().tokens()).isEqualTo(15);
    }

    private static EvalRunner.Builder runner(Budget budget) {
        return EvalRunner.builder().workers(1).budget(budget);
    }

    private static Scorer judge(ScriptedChatModel model) {
        return RubricJudge.yesOrNo("right", "Is it right?")
                .model(model, JUDGE)
                .candidateModel("small-chat")
                .build();
    }
}
