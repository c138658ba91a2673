package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of this module's classes. */
class ClassDocsTest {

    private final ChatModel model = ScriptedChatModel.answering(
            request -> Answer.text("VERDICT: " + (request.messages().toString().contains("ten years") ? "NO" : "YES"))
                    .usage(10, 5));

    private final ChatStack stack = ChatStack.builder().chatModel(model).build();
    private final Scorer exact = Scorers.exact();
    private final Scorer helpful = PlainScorer.of("helpful", false, (evalCase, output) -> Score.of(true));
    private final Dataset dataset = Dataset.of("docs", cases());
    private final List<String> log = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    private static List<EvalCase> cases() {
        List<EvalCase> cases = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            cases.add(new EvalCase(
                    "case-" + i,
                    EvalInput.text("Is it?"),
                    "yes",
                    List.of(),
                    new TreeSet<>(List.of("unanswerable")),
                    EvalCase.Origin.HAND,
                    null,
                    null));
        }
        return cases;
    }

    private EvalRun run(String answer) {
        return EvalRunner.create()
                .run(dataset, Candidate.of(answer, each -> answer).withModel("m"), List.of(exact, helpful));
    }

    @Test
    void dataset() throws IOException {
        // snippet of data
        String lines = """
                {"id":"refund-1","input":"How long do refunds take?","expected":"5 days","slices":["refunds","language:en"]}
                {"id":"refund-2","input":[{"role":"user","content":"And by card?"}],"origin":"production","cluster":"talk-17"}
                {"id":"refund-3","input":{"product":"kettle"},"context":["Refunds take 5 days."],"author":"support team"}
                """;

        assertThat(Dataset.load(Files.writeString(folder.resolve("refunds.jsonl"), lines))
                        .cases())
                .extracting(EvalCase::id)
                .containsExactly("refund-1", "refund-2", "refund-3");
    }

    interface Assistant {
        String ask(String question);
    }

    private static String question(EvalCase evalCase) {
        return ((EvalInput.Text) evalCase.input()).text();
    }

    @Test
    void candidate() {
        ChatModel otherModel = model;
        Assistant assistant = model::chat;

        // snippet
        Candidate asShipped = Candidate.of(stack).withPrompt("v7");
        Candidate other = Candidate.of(otherModel, "other-model").withTemplate("Answer in one word: {{input}}");
        Candidate service = Candidate.of("assistant", evalCase -> assistant.ask(question(evalCase)));
        // end snippet

        for (Candidate each : List.of(asShipped, other, service)) {
            assertThat(EvalRunner.create()
                            .run(dataset, each, List.of(exact))
                            .summary()
                            .errors())
                    .isZero();
        }
    }

    @Test
    void rubricJudge() {
        // snippet
        RubricJudge judge = RubricJudge.yesOrNo("complete", "Does the answer name every step of the reference?")
                .model(model, "judge-large-2026-05-01")
                .candidateModel("small-chat-2026-07-18")
                .withReference()
                .build();
        // end snippet

        assertThat(judge.score(EvalCase.of("a", "How?", "Fill, boil"), Output.of("Fill it and boil it."))
                        .passed())
                .isTrue();
    }

    @Test
    void calibratedJudge() {
        List<HumanLabel> labels = new ArrayList<>();
        List<CaseResult> results = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Output output = Output.of(i % 3 == 0 ? "It takes ten years." : "It takes 5 days.");
            labels.add(new HumanLabel(EvalCase.of("label " + i, "q", null), output, i % 3 != 0));
            results.add(Results.of("a", output, Map.of("relevant", Score.of(i % 3 != 0))));
        }
        RubricJudge relevant = RubricJudge.relevance()
                .model(model, "judge-large-2026-05-01")
                .candidateModel("small-chat-2026-07-18")
                .build();

        // snippet
        CalibratedJudge judge = CalibratedJudge.from(relevant, labels);
        Interval rate = judge.correctedRate(results, 0.95);
        // end snippet

        assertThat(rate.contains(2.0 / 3)).isTrue();
    }

    @Test
    void comparison() {
        EvalRun baseline = run("no");
        EvalRun candidate = run("yes");

        // snippet
        Comparison comparison = Comparison.compare(baseline, candidate, Varies.PROMPT);
        Verdict verdict = comparison.of("exact").verdict();
        // end snippet

        assertThat(verdict).isEqualTo(Verdict.BETTER);
    }

    @Test
    void gate() {
        EvalRun baseline = run("no");
        EvalRun candidate = run("yes");

        // snippet
        Gate gate = Gate.builder()
                .better("exact") // must be shown to be better
                .notWorse("helpful", 0.02) // must be shown to lose less than two points
                .slice("unanswerable") // both there too
                .build();
        GateResult result = gate.check(baseline, candidate, Varies.PROMPT);
        // end snippet

        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.PASSED);
    }

    @Test
    void evalReport() {
        EvalRun baseline = run("no");
        EvalRun candidate = run("yes");

        // snippet
        Comparison comparison = Comparison.compare(baseline, candidate, Varies.PROMPT);
        EvalReport report = EvalReport.of(dataset, baseline, candidate, comparison);
        report.saveHtml(folder.resolve("report.html"));
        String forThePullRequest = report.markdown();
        // end snippet

        assertThat(folder.resolve("report.html")).isNotEmptyFile();
        assertThat(forThePullRequest).contains("BETTER");
    }

    @Test
    void recording() {
        ChatModel providerModel = model;

        // snippet
        try (Recording recording = Recording.open(folder.resolve("answers.jsonl"), Recording.Mode.RECORD_MISSING)) {
            ChatModel recorded = recording.around(providerModel);
            EvalRunner.create().run(dataset, Candidate.of(recorded, "small-chat"), List.of(exact));
        }
        // end snippet

        assertThat(folder.resolve("answers.jsonl")).isNotEmptyFile();
    }

    @Test
    void evalRunner() {
        Candidate candidate = Candidate.of(stack);

        // snippet
        EvalRunner runner = EvalRunner.builder()
                .workers(16)
                .repeats(3)
                .budget(Budget.unlimited().withTokens(1_000_000))
                .journal(folder.resolve("run.jsonl"))
                .build();
        EvalRun run = runner.run(dataset, candidate, List.of(exact, helpful));
        // end snippet

        assertThat(run.results()).hasSize(3 * 200);
    }

    @Test
    void productionCases() {
        List<Interaction> interactions = CallContext.call(
                        CallContext.empty(), () -> stack.chatModel().chat("How long do refunds take?"))
                .interactions();
        Map<UUID, String> corrections = Map.of();

        // snippet
        ProductionCases production = ProductionCases.builder()
                .expected(id -> Optional.ofNullable(corrections.get(id)))
                .sliceByTenant()
                .build();
        ProductionCases.Reading reading = production.read("desk", interactions.stream());
        reading.dataset().save(folder.resolve("desk.jsonl"));
        // end snippet

        assertThat(folder.resolve("desk.jsonl")).isNotEmptyFile();
    }

    @Test
    void onlineScoring() {
        Scorer judge = Scorers.latency();

        // snippet
        OnlineScoring online = OnlineScoring.builder(event -> log.add(event.toJson()))
                .scorer(judge)
                .share(0.02)
                .atMost(200, Duration.ofHours(1))
                .build();
        ChatStack stack =
                ChatStack.builder().chatModel(model).interactionListener(online).build();
        // end snippet

        stack.chatModel().chat("How long?");
        stack.close();
        online.close();
        assertThat(online.counts().seen()).isEqualTo(1);
    }
}
