package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.PriceList;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.SampleSize;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of core/docs/guide/evals.md but for those on JUnit, as they stand there. */
class EvalsGuideTest {

    private final ChatModel model = ScriptedChatModel.answering(request -> {
        String asked = request.messages().toString();
        return Answer.text("It was read.\nVERDICT: " + (asked.contains("ten years") ? "NO" : "YES"));
    });

    private final ChatStack stack = ChatStack.builder().chatModel(model).build();
    private final Scorer exact = Scorers.exact();
    private final Dataset dataset = sixtyCases();
    private final List<String> log = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    private static Dataset sixtyCases() {
        List<EvalCase> cases = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            cases.add(new EvalCase(
                    "case-" + i,
                    EvalInput.text("Is it?"),
                    "yes",
                    List.of(),
                    new TreeSet<>(List.of(i % 2 == 0 ? "unanswerable" : "easy")),
                    EvalCase.Origin.HAND,
                    null,
                    null));
        }
        return Dataset.of("guide", cases);
    }

    @Test
    void threeCasesMakeARunAndAVerdictThatKnowsHowFewTheyAre() throws IOException {
        Path file = folder.resolve("desk.jsonl");
        Files.writeString(file, block("json", "\"id\":\"parcel\""));
        ChatModel model = ScriptedChatModel.answering(request -> {
            String asked = ((UserMessage) request.messages().get(0)).singleText();
            String team = asked.contains("refund") ? "billing" : asked.contains("parcel") ? "shipping" : "other";
            return Answer.text(asked.startsWith("Reply") ? team : "That is for the " + team + " team.");
        });

        // snippet
        Dataset dataset = Dataset.load(file);
        List<Scorer> scorers = List.of(Scorers.normalized());
        Candidate before =
                Candidate.of(model, "small-chat-2026-07-18").named("before").withTemplate("Which team? {{input}}");
        Candidate after = Candidate.of(model, "small-chat-2026-07-18")
                .named("after")
                .withTemplate("Reply with billing, shipping or other alone. Which team? {{input}}");
        EvalRunner runner = EvalRunner.create();
        EvalRun baseline = runner.run(dataset, before, scorers);
        EvalRun candidate = runner.run(dataset, after, scorers);
        Comparison comparison = Comparison.compare(baseline, candidate, Varies.PROMPT);
        log.add(comparison.toString());
        // end snippet

        assertThat(comparison.of("normalized").candidate()).isEqualTo(1);
        assertThat(comparison.of("normalized").verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(block("text", "INCONCLUSIVE").strip()).isEqualTo(log.get(0).strip());
    }

    @Test
    void tellsHowManyCasesAVerdictNeeds() throws IOException {
        SampleSize size = new SampleSize(0.05, 0.8);
        for (double changed : new double[] {0.1, 0.2, 0.4}) {
            List<String> cells = new ArrayList<>(List.of(String.format(Locale.ROOT, "%.0f %%", changed * 100)));
            for (double gain : new double[] {0.1, 0.05, 0.02}) {
                double deviation = Math.sqrt(changed - gain * gain);
                cells.add(String.format(Locale.ROOT, "%,d", size.casesForPairedMeans(gain, deviation)));
            }
            String row = "| " + String.join(" | ", cells) + " |";
            assertThat(guide().lines().filter(line -> line.startsWith("| " + cells.get(0))))
                    .containsExactly(row);
        }
    }

    private static String guide() throws IOException {
        return Files.readString(Path.of("../../core/docs/guide/evals.md"));
    }

    /** The first block of the guide in a language that holds a text. */
    private static String block(String language, String text) throws IOException {
        return Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
                .matcher(guide())
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains(text))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theCasesThatItShowsAreCases() throws IOException {
        Path file = folder.resolve("refunds.jsonl");
        Files.writeString(file, block("json", "refund-1"));

        assertThat(Dataset.load(file).cases()).hasSize(3);
    }

    @Test
    void casesAreMadeOfWhatUsersAsked() {
        List<Interaction> interactions = CallContext.call(
                        CallContext.empty(),
                        () -> List.of(
                                stack.chatModel().chat("How long do refunds take?"),
                                stack.chatModel().chat("how long do refunds take?")))
                .interactions();
        Map<UUID, String> corrections = Map.of(interactions.get(1).id(), "3 days");
        Map<String, String> documents = Map.of();

        // snippet
        ProductionCases production = ProductionCases.builder()
                .expected(id -> Optional.ofNullable(corrections.get(id)))
                .passages(source -> Optional.ofNullable(documents.get(source)))
                .sliceByTenant()
                .build();
        ProductionCases.Reading reading = production.read("desk", interactions.stream());
        int twice = reading.counts().repeated();
        // end snippet

        assertThat(twice).isEqualTo(1);
        assertThat(reading.dataset().cases()).extracting(EvalCase::expected).containsExactly("3 days");
    }

    @Test
    void aRunIsBoundedAndResumable() {
        ChatModel model = ScriptedChatModel.answering(
                request -> Answer.text("yes").usage(10, 5).modelName("small-model"));

        // snippet
        PriceList prices = PriceList.builder("USD")
                .perMillionTokens("small-model", "0.15", "0.60")
                .build();
        ChatStack stack = ChatStack.builder().chatModel(model).prices(prices).build();
        Candidate asShipped = Candidate.of(stack).withPrompt("v7");
        Candidate terse = Candidate.of(model, "small-model").withTemplate("Answer in one sentence: {{input}}");
        // end snippet
        // snippet
        EvalRunner runner = EvalRunner.builder()
                .workers(16)
                .repeats(3)
                .casesPerSecond(100)
                .budget(Budget.unlimited().withMoney("2.50", "USD").withTime(Duration.ofMinutes(20)))
                .journal(folder.resolve("run.jsonl"))
                .listener(RunListener.progressBar(System.err)) // answers, rate, errors and time left
                .build();
        EvalRun run = runner.run(dataset, asShipped, List.of(exact));
        run.save(folder.resolve("baseline.jsonl"));
        // end snippet

        assertThat(run.results()).hasSize(180);
        assertThat(run.summary().cost()).hasToString("0.00081 USD");
        assertThat(terse.name()).isEqualTo("small-model");
    }

    @Test
    void answersAreRecorded() {
        // snippet
        try (Recording recording = Recording.open(folder.resolve("answers.jsonl"), Recording.Mode.RECORD_MISSING)) {
            Candidate recorded = Candidate.of(recording.around(model), "small-model");
            EvalRunner.create().run(dataset, recorded, List.of(exact));
        }
        // end snippet

        assertThat(folder.resolve("answers.jsonl")).isNotEmptyFile();
    }

    @Test
    void verdictsGatesAndReports() {
        EvalRun baseline = EvalRunner.create()
                .run(dataset, Candidate.of("no", each -> "no").withModel("m"), List.of(exact));
        EvalRun candidate = EvalRunner.create()
                .run(dataset, Candidate.of("yes", each -> "yes").withModel("m"), List.of(exact));

        // snippet
        Comparison comparison = Comparison.compare(baseline, candidate, Varies.PROMPT);
        Verdict verdict = comparison.of("exact").verdict(); // BETTER, WORSE or INCONCLUSIVE
        OptionalLong cases = comparison.of("exact").casesToDecide();
        // end snippet
        // snippet
        Gate gate = Gate.builder()
                .notWorse("exact", 0.02)
                .slice("unanswerable")
                .onInconclusive(InconclusivePolicy.FAIL)
                .build();
        GateResult result = gate.check(baseline, candidate, Varies.PROMPT);
        // end snippet
        // snippet
        FailureMatrix matrix = FailureMatrix.of("exact", List.of(baseline, candidate));
        Set<String> noPromptMends = matrix.survivors();
        // end snippet
        // snippet
        EvalReport report =
                EvalReport.of(dataset, baseline, candidate, comparison).withGate(result);
        report.saveHtml(folder.resolve("report.html"));
        String forThePullRequest = report.markdown();
        // end snippet

        assertThat(verdict).isEqualTo(Verdict.BETTER);
        assertThat(cases).isEmpty();
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.PASSED);
        assertThat(noPromptMends).isEmpty();
        assertThat(folder.resolve("report.html")).isNotEmptyFile();
        assertThat(forThePullRequest).startsWith("### Gate PASSED: yes against no on guide (metrics: BETTER)");
    }

    @Test
    void productionIsScoredInTheBackground() {
        Scorer judge = Scorers.latency();

        // snippet
        OnlineScoring online = OnlineScoring.builder(event -> log.add(event.toJson()))
                .scorer(judge)
                .share(0.02)
                .atMost(200, Duration.ofHours(1))
                .build();
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .workload("support-answers")
                .interactionListener(online)
                .build();
        // end snippet
        stack.chatModel().chat("How long?");
        stack.close();
        online.close();

        assertThat(online.counts().seen()).isEqualTo(1);
    }

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

    private static EvalCase labelled(String id) {
        return new EvalCase(
                id,
                EvalInput.text("a question"),
                null,
                List.of("A refund takes 5 days."),
                new TreeSet<>(),
                EvalCase.Origin.HAND,
                null,
                null);
    }

    @Test
    void aJudgeIsCalibratedBeforeItGates() {
        List<HumanLabel> labels = new ArrayList<>();
        List<CaseResult> results = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Output output = Output.of(i % 3 == 0 ? "It takes ten years." : "It takes 5 days.");
            labels.add(new HumanLabel(labelled("label " + i), output, i % 3 != 0));
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
