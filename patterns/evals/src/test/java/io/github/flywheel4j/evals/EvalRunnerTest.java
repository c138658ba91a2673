package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.github.flywheel4j.CallBlocked;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.PriceList;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.evals.EvalRun.Ending;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvalRunnerTest {

    @TempDir
    Path folder;

    private final Dataset dataset = Runs.dataset(20, 1);
    private final List<Scorer> scorers = List.of(Runs.contains());

    /** Answers the number that is asked for, but for multiples of five. */
    private static Answer answer(ChatRequest request) {
        String text = ((UserMessage) request.messages().get(0)).singleText();
        int number = Integer.parseInt(text.replaceAll("\\D", ""));
        return Answer.text(number % 5 == 0 ? "no idea" : "It is " + number).usage(10, 5);
    }

    private final ScriptedChatModel model = ScriptedChatModel.answering(EvalRunnerTest::answer);

    @Test
    void scoresEveryCaseInTheOrderOfTheirIds() {
        EvalRun run = EvalRunner.create().run(dataset, Candidate.of(model, "small"), scorers);

        assertThat(run.results()).extracting(CaseResult::caseId).isSorted().hasSize(20);
        assertThat(run.info().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(run.summary().metric("contains").estimate()).isEqualTo(0.8);
        assertThat(run.results().get(1).slices()).containsExactly("odd");
    }

    @Test
    void takesUsageCostOutcomeAndInteractionFromTheStack() {
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .prices(PriceList.builder("USD")
                        .perMillionTokens("scripted", "100000", "200000")
                        .build())
                .layerBefore(Stage.AUGMENT, (call, next) -> {
                    call.trace().record("Retrieval", "found", Map.of("sources", List.of("a", "b")), Duration.ZERO);
                    return next.proceed(call);
                })
                .build();

        Output output = EvalRunner.create()
                .run(dataset, Candidate.of(stack), scorers)
                .results()
                .get(1)
                .output();

        assertThat(output.text()).isEqualTo("It is 1");
        assertThat(output.usage().totalTokenCount()).isEqualTo(15);
        assertThat(output.cost()).hasToString("2 USD");
        assertThat(output.retrieved()).containsExactly("a", "b");
        assertThat(output.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(output.interactionId()).isNotNull();
    }

    @Test
    void asksForFreshAnswersAndSaysWhichCaseItIs() {
        List<CallContext> contexts = Collections.synchronizedList(new ArrayList<>());
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .layerBefore(Stage.CACHE, (call, next) -> {
                    contexts.add(call.context());
                    return next.proceed(call);
                })
                .build();

        EvalRunner.builder().repeats(2).build().run(dataset, Candidate.of(stack), scorers);

        assertThat(contexts).hasSize(40).allMatch(CallContext::isFresh);
        assertThat(contexts)
                .extracting(each -> (Object) ((Map<?, ?>) each.attributes().get(Candidate.ATTRIBUTE)).get("repeat"))
                .containsOnly(0, 1);
    }

    @Test
    void countsABlockAsAnAnswerAndAnyOtherExceptionAsAnError() {
        Candidate candidate = Candidate.of("half", evalCase -> {
            if (evalCase.slices().contains("odd")) {
                throw new IllegalStateException("out of order");
            }
            throw new CallBlocked("guard", "by a guard");
        });

        EvalRun run = EvalRunner.create().run(dataset, candidate, scorers);

        assertThat(run.summary().errors()).isEqualTo(10);
        assertThat(run.results().get(0).output().outcome()).isEqualTo(Outcome.BLOCKED);
        assertThat(run.results().get(1).error().message()).isEqualTo("out of order");
        assertThat(run.summary().metric("contains").cases()).isEqualTo(10);
    }

    @Test
    void keepsTheAnswerAndTheOtherScoresWhenAScorerThrows() {
        Scorer broken = Runs.scorer("broken", false, (evalCase, output) -> {
            throw new IllegalStateException("unreadable");
        });

        EvalRun run = EvalRunner.create().run(dataset, Candidate.of(model, "small"), List.of(broken, Runs.contains()));

        assertThat(run.summary().scorerErrors()).isEqualTo(20);
        assertThat(run.summary().errors()).isZero();
        assertThat(run.summary().metric("contains").cases()).isEqualTo(20);
        assertThat(run.results().get(0).scorerErrors()).containsOnlyKeys("broken");
        assertThat(run.summary().warnings()).anyMatch(warning -> warning.contains("'broken' failed on 20"));
    }

    @Test
    void givesUpACaseThatTakesTooLongAndGoesOn() {
        CountDownLatch never = new CountDownLatch(1);
        Candidate candidate = Candidate.of("slow", evalCase -> {
            if (evalCase.id().equals("case-00003")) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted", e);
                }
            }
            return "3";
        });

        EvalRun run =
                EvalRunner.builder().caseTimeout(Duration.ofMillis(50)).build().run(dataset, candidate, scorers);

        assertThat(run.results()).hasSize(20);
        assertThat(run.results().get(3).error().type()).contains("TimeoutException");
    }

    @Test
    void takesTheMiddleOfTwoLatenciesForTheirMedian() {
        EvalRun run = new EvalRun(
                Runs.info("two", Map.of(), 2),
                List.of(Runs.result(0, 1, Map.of()), Runs.result(1, 1, Map.of())).stream()
                        .map(each -> new CaseResult(
                                each.caseId(),
                                0,
                                each.cluster(),
                                each.slices(),
                                new Output(
                                        "",
                                        List.of(),
                                        List.of(),
                                        Outcome.ANSWERED,
                                        null,
                                        null,
                                        Duration.ofMillis(each.caseId().endsWith("0") ? 100 : 300),
                                        null),
                                null,
                                Map.of(),
                                Map.of()))
                        .toList());

        assertThat(run.summary().latency()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void neverHasMoreCasesUnderWayThanWorkers() {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Candidate candidate = Candidate.of("counting", evalCase -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            underWay.decrementAndGet();
            return "x";
        });

        EvalRunner.builder().workers(3).repeats(5).build().run(dataset, candidate, scorers);

        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void endsWhenItsBudgetOfTokensIsUsedUp() {
        EvalRun run = EvalRunner.builder()
                .workers(1)
                .budget(Budget.unlimited().withTokens(60))
                .build()
                .run(dataset, Candidate.of(model, "small"), scorers);

        assertThat(run.info().ending()).isEqualTo(Ending.OUT_OF_BUDGET);
        assertThat(run.results()).hasSizeBetween(4, 5);
        assertThat(run.summary().warnings()).anyMatch(warning -> warning.contains("not complete"));
    }

    @Test
    void endsWhenItsBudgetOfMoneyIsUsedUp() {
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .prices(PriceList.builder("USD")
                        .perMillionTokens("scripted", "100000", "200000")
                        .build())
                .build();
        EvalRunner.Builder runner = EvalRunner.builder().workers(1);

        EvalRun run = runner.budget(Budget.unlimited().withMoney("6", "USD"))
                .build()
                .run(dataset, Candidate.of(stack), scorers);

        // Each answer costs 2 USD.
        assertThat(run.info().ending()).isEqualTo(Ending.OUT_OF_BUDGET);
        assertThat(run.results()).hasSize(3);
        assertThatThrownBy(() -> runner.budget(Budget.unlimited().withMoney("6", "EUR"))
                        .build()
                        .run(dataset, Candidate.of(stack), scorers))
                .hasMessageContaining("budget in EUR, prices in USD");
    }

    @Test
    void endsWhenItsBudgetOfTimeIsUsedUpOverAllPartsOfTheRun() {
        Path journal = folder.resolve("run.jsonl");
        AtomicLong now = new AtomicLong();
        Candidate candidate = Candidate.of("slow", evalCase -> {
            now.addAndGet(Duration.ofSeconds(10).toNanos());
            return evalCase.expected();
        });
        EvalRunner.Builder runner =
                EvalRunner.builder().workers(1).journal(journal).nanoTime(now::get);

        EvalRun first = runner.budget(Budget.unlimited().withTime(Duration.ofSeconds(30)))
                .build()
                .run(dataset, candidate, scorers);
        EvalRun second = runner.budget(Budget.unlimited().withTime(Duration.ofSeconds(50)))
                .build()
                .run(dataset, candidate, scorers);

        assertThat(first.info().ending()).isEqualTo(Ending.OUT_OF_BUDGET);
        assertThat(first.results()).hasSize(3);
        assertThat(second.results()).hasSize(5);
        assertThat(second.info().took()).isEqualTo(Duration.ofSeconds(50));
    }

    @Test
    void startsNoMoreCasesThanItsPaceAllows() {
        List<Long> starts = new ArrayList<>();
        Candidate candidate = Candidate.of("counting", evalCase -> {
            starts.add(System.nanoTime());
            return evalCase.expected();
        });

        EvalRunner.builder().workers(1).casesPerSecond(200).build().run(dataset, candidate, scorers);

        // Nineteen distances of 5 ms each; a busy machine makes them longer, never shorter.
        assertThat(starts.get(19) - starts.get(0))
                .isGreaterThan(Duration.ofMillis(85).toNanos());
    }

    @Test
    void aCancelledRunGoesOnWhereItWas() throws InterruptedException {
        Path journal = folder.resolve("run.jsonl");
        CountDownLatch half = new CountDownLatch(10);
        AtomicBoolean blocks = new AtomicBoolean(true);
        Set<String> asked = ConcurrentHashMap.newKeySet();
        Candidate candidate = Candidate.of("half", evalCase -> {
            if (blocks.get() && half.getCount() == 0) {
                await(new CountDownLatch(1));
            }
            asked.add(evalCase.id());
            half.countDown();
            return evalCase.expected();
        });
        EvalRunner runner = EvalRunner.builder().workers(1).journal(journal).build();
        RunningEval running = runner.start(dataset, candidate, scorers);
        half.await();

        running.cancel();
        EvalRun cancelled = running.join();
        Set<String> finished = new HashSet<>();
        cancelled.results().forEach(each -> finished.add(each.caseId()));
        blocks.set(false);
        asked.clear();
        EvalRun run = runner.run(dataset, candidate, scorers);

        assertThat(cancelled.info().ending()).isEqualTo(Ending.CANCELLED);
        assertThat(finished).hasSizeBetween(9, 10);
        assertThat(asked).doesNotContainAnyElementsOf(finished);
        assertThat(run.info().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(run.summary().errors()).isZero();
    }

    @Test
    void anInterruptCancelsTheRunAndKeepsTheFlag() {
        Candidate candidate = Candidate.of("endless", evalCase -> {
            await(new CountDownLatch(1));
            return "never";
        });
        Thread.currentThread().interrupt();

        EvalRun run = EvalRunner.create().run(dataset, candidate, scorers);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(run.info().ending()).isEqualTo(Ending.CANCELLED);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Test
    void goesOnWhereAKilledRunWasWithoutAskingAnyFinishedCaseAgain() throws IOException {
        Path journal = folder.resolve("run.jsonl");
        EvalRunner first = EvalRunner.builder()
                .workers(1)
                .journal(journal)
                .budget(Budget.unlimited().withTokens(60))
                .build();
        first.run(dataset, Candidate.of(model, "small"), scorers);
        long answered = model.calls();
        // As a kill leaves it: without an end, and with half a line.
        List<String> lines = Files.readAllLines(journal);
        Files.write(journal, lines.subList(0, lines.size() - 1));
        Files.writeString(journal, "{\"result\":{\"case\":\"case-000", StandardOpenOption.APPEND);

        EvalRun run = EvalRunner.builder().journal(journal).build().run(dataset, Candidate.of(model, "small"), scorers);

        assertThat(model.calls()).isEqualTo(20);
        assertThat(answered).isBetween(4L, 5L);
        assertThat(run.info().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(EvalRun.read(journal).results()).isEqualTo(run.results());
    }

    @Test
    void readsUpToALineThatWasTornWithinACharacter() throws IOException {
        Path journal = folder.resolve("run.jsonl");
        EvalRunner runner = EvalRunner.builder().journal(journal).build();
        EvalRun first = runner.run(dataset, Candidate.of("umlauts", evalCase -> "gr\u00fc\u00dfe"), scorers);
        byte[] whole = Files.readAllBytes(journal);
        String text = new String(whole, StandardCharsets.UTF_8);
        int character = text.substring(0, text.lastIndexOf('\u00fc')).getBytes(StandardCharsets.UTF_8).length;
        Files.write(journal, Arrays.copyOf(whole, character + 1));

        AtomicInteger asked = new AtomicInteger();
        EvalRun run = runner.run(
                dataset,
                Candidate.of("umlauts", evalCase -> {
                    asked.incrementAndGet();
                    return "gr\u00fc\u00dfe";
                }),
                scorers);

        assertThat(asked).hasValue(1);
        assertThat(run.results())
                .extracting(CaseResult::scores)
                .isEqualTo(first.results().stream().map(CaseResult::scores).toList());
        assertThat(EvalRun.read(journal).results()).isEqualTo(run.results());
    }

    @Test
    void beginsAnewWhenOnlyHalfOfTheFirstLineWasWritten() throws IOException {
        Path journal = folder.resolve("run.jsonl");
        Files.writeString(journal, "{\"run\":{\"schema\":1,\"cand");

        EvalRun run = EvalRunner.builder().journal(journal).build().run(dataset, Candidate.of(model, "small"), scorers);

        assertThat(EvalRun.read(journal).results()).isEqualTo(run.results());
    }

    @Test
    void refusesTheJournalOfAnotherRunAndAFileThatIsNone() throws IOException {
        Path journal = folder.resolve("run.jsonl");
        EvalRunner runner = EvalRunner.builder().journal(journal).build();
        runner.run(dataset, Candidate.of(model, "small"), scorers);

        assertThatThrownBy(() -> runner.run(Runs.dataset(21, 1), Candidate.of(model, "small"), scorers))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("of dataset");
        Files.writeString(journal, "my notes");
        assertThatThrownBy(() -> runner.run(dataset, Candidate.of(model, "small"), scorers))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(journal).hasContent("my notes");
    }

    @Test
    void asksOnlyTheErrorsAgainIfToldTo() {
        Path journal = folder.resolve("run.jsonl");
        AtomicInteger calls = new AtomicInteger();
        Candidate candidate = Candidate.of("shaky", evalCase -> {
            if (calls.incrementAndGet() <= 5) {
                throw new IllegalStateException("not yet");
            }
            return evalCase.expected();
        });
        EvalRunner.builder().workers(1).journal(journal).build().run(dataset, candidate, scorers);

        EvalRun run =
                EvalRunner.builder().journal(journal).retryErrors().build().run(dataset, candidate, scorers);

        assertThat(calls).hasValue(25);
        assertThat(run.summary().errors()).isZero();
        assertThat(EvalRun.read(journal).summary().errors()).isZero();
    }

    @Test
    void shardsMergeToTheSameBytesAsTheRunInOnePiece() throws IOException {
        Dataset clustered = Runs.dataset(50, 3);
        Candidate candidate = Candidate.of("echo", evalCase -> evalCase.slices() + " " + evalCase.expected());
        EvalRunner.Builder runner = EvalRunner.builder()
                .repeats(2)
                .clock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
                .nanoTime(() -> 0);
        EvalRun whole = runner.build().run(clustered, candidate, scorers);

        List<EvalRun> shards = new ArrayList<>();
        for (int i : List.of(3, 8, 1, 5, 2, 7, 6, 4)) {
            Path file = folder.resolve("shard-" + i + ".jsonl");
            runner.shard(Shard.parse(i + "/8"))
                    .build()
                    .run(clustered, candidate, scorers)
                    .save(file);
            shards.add(EvalRun.read(file));
        }
        EvalRun merged = EvalRun.merge(shards);

        whole.save(folder.resolve("whole.jsonl"));
        merged.save(folder.resolve("merged.jsonl"));
        assertThat(folder.resolve("merged.jsonl")).hasSameBinaryContentAs(folder.resolve("whole.jsonl"));
        assertThat(EvalReport.of(clustered, merged).html())
                .isEqualTo(EvalReport.of(clustered, whole).html());
        assertThat(EvalReport.of(clustered, merged).markdown())
                .isEqualTo(EvalReport.of(clustered, whole).markdown());
    }

    @Test
    void shardsMergeToTheRunInOnePiece() {
        Dataset clustered = Runs.dataset(50, 3);
        EvalRun whole = EvalRunner.builder().repeats(2).build().run(clustered, Candidate.of(model, "small"), scorers);

        List<EvalRun> shards = new ArrayList<>();
        for (int i = 8; i >= 1; i--) {
            shards.add(EvalRunner.builder()
                    .repeats(2)
                    .shard(Shard.of(i, 8))
                    .build()
                    .run(clustered, Candidate.of(model, "small"), scorers));
        }
        EvalRun merged = EvalRun.merge(shards);

        assertThat(merged.results())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("output.latency", "output.interactionId")
                .isEqualTo(whole.results());
        assertThat(merged.summary().metrics()).isEqualTo(whole.summary().metrics());
        assertThat(merged.info().planned()).isEqualTo(100);
        assertThatThrownBy(() -> EvalRun.merge(List.of(shards.get(0), shards.get(0))))
                .hasMessageContaining("in two of the shards");
    }

    @Test
    void cancelsWithoutWaitingForCasesUnderWay() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Candidate candidate = Candidate.of("endless", evalCase -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            return "never";
        });
        RunningEval running = EvalRunner.create().start(dataset, candidate, scorers);
        started.await();

        running.cancel();

        assertThat(running.join().info().ending()).isEqualTo(Ending.CANCELLED);
        assertThat(running.join().results()).isEmpty();
    }

    @Test
    void tellsListenersEachResultWithRateAndTimeLeft() {
        List<Progress> heard = new ArrayList<>();

        EvalRunner.builder()
                .listener((result, progress) -> heard.add(progress))
                .listener((result, progress) -> {
                    throw new IllegalStateException("broken listener");
                })
                .build()
                .run(dataset, Candidate.of(model, "small"), scorers);

        assertThat(heard).extracting(Progress::done).containsExactlyElementsOf(upTo(20));
        assertThat(heard.get(9).timeLeft()).isPresent();
        assertThat(heard.get(19).tokens()).isEqualTo(300);
    }

    @Test
    void takesRateAndTimeLeftFromWhatWasDoneSinceTheRunWentOn() {
        Progress begun = new Progress(0, 100, 0, 0, 0, Duration.ZERO, Duration.ZERO, 0, null);
        Progress resumed = new Progress(60, 100, 40, 0, 0, Duration.ofSeconds(30), Duration.ofSeconds(10), 0, null);

        assertThat(begun.perSecond()).isZero();
        assertThat(begun.timeLeft()).isEmpty();
        assertThat(resumed.perSecond()).isEqualTo(2);
        assertThat(resumed.timeLeft()).contains(Duration.ofSeconds(20));
    }

    @Test
    void savesAndReadsRunsWithoutLoss() {
        Path file = folder.resolve("baseline.jsonl");
        EvalRun run = EvalRunner.create().run(dataset, Candidate.of(model, "small"), scorers);

        run.save(file);

        assertThat(EvalRun.read(file).results()).isEqualTo(run.results());
        assertThat(EvalRun.read(file).info().scorers()).isEqualTo(run.info().scorers());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "my notes | line 1: no JSON",
                "{} | line 1: a line of no known kind",
                "{\"run\":{\"schema\":9}} | line 1: schema 9, which this version cannot read",
                "{\"run\":{\"schema\":1}} | line 1: no candidate",
                "{\"result\":{\"case\":\"a\"}} | line 1: no cluster",
                "{\"end\":{\"ending\":\"PERHAPS\"}} | line 1: No enum constant",
                "~~ | line 0: no line that says what was run"
            })
    void saysOnceWhyAFileIsNoRun(String line, String message) throws IOException {
        Path file = folder.resolve("odd.jsonl");
        Files.writeString(file, line.isEmpty() ? "" : line + "\n");

        assertThatThrownBy(() -> EvalRun.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ", " + message)
                .hasMessageEndingWith("(expected: a run as EvalRun.save wrote it)")
                .extracting(Throwable::getMessage)
                .asString()
                .containsOnlyOnce("expected");
    }

    @Test
    void keepsWhatAJudgeSaidOfItsAnchorsAndGoesOnThoughItSaysAnother() {
        Path journal = folder.resolve("run.jsonl");
        AtomicInteger asked = new AtomicInteger();
        Scorer judge = Runs.scorer("judge", true, (evalCase, output) -> {
            boolean slip = asked.incrementAndGet() == 1;
            return Score.of(output.text().equals("right") != slip);
        });
        List<HumanLabel> labels = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            labels.add(new HumanLabel(
                    EvalCase.of("label " + i, "q", null), Output.of(i % 2 == 0 ? "right" : "wrong"), i % 2 == 0));
        }
        CalibratedJudge slipped = CalibratedJudge.from(judge, labels);
        CalibratedJudge again = CalibratedJudge.from(judge, labels);
        Candidate candidate = Candidate.of("right", evalCase -> "right");
        EvalRunner.Builder runner = EvalRunner.builder().journal(journal);

        EvalRun first = runner.shard(Shard.of(1, 2)).build().run(dataset, candidate, List.of(slipped));
        EvalRun resumed = runner.build().run(dataset, candidate, List.of(again));
        EvalRun other = EvalRunner.builder().shard(Shard.of(2, 2)).build().run(dataset, candidate, List.of(again));

        assertThat(again.anchors()).isEqualTo("10".repeat(20));
        assertThat(first.info().scorers().get("judge").anchors())
                .isEqualTo("0" + again.anchors().substring(1));
        assertThat(EvalRun.read(journal).info().scorers())
                .isEqualTo(first.info().scorers());
        assertThat(resumed.results()).isEqualTo(first.results());
        assertThat(EvalRun.merge(List.of(first, other)).results()).hasSize(20);
    }

    @Test
    void fillsCasesIntoATemplateAndHashesIt() {
        Candidate terse = Candidate.of(model, "small").withTemplate("Briefly: {{input}}");
        Candidate polite = Candidate.of(model, "small").withTemplate("Please: {{input}}");

        EvalRun run = EvalRunner.create().run(dataset, terse, scorers);

        assertThat(((UserMessage) model.lastRequest().messages().get(0)).singleText())
                .startsWith("Briefly: What is");
        assertThat(run.summary().metric("contains").estimate()).isEqualTo(0.8);
        assertThat(terse.promptHash()).isNotEqualTo(polite.promptHash());
        assertThat(terse.model()).isEqualTo(polite.model());
    }

    @Test
    void refusesSettingsOutOfRange() {
        assertThatThrownBy(() -> EvalRunner.builder().workers(0).build())
                .hasMessage("workers: 0 (expected: 1 to 10000)");
        assertThatThrownBy(() -> EvalRunner.builder().repeats(-1).build()).hasMessageContaining("repeats: -1");
        assertThatThrownBy(() -> EvalRunner.builder().casesPerSecond(0).build())
                .hasMessageContaining("casesPerSecond: 0.0");
        assertThatThrownBy(() -> EvalRunner.create().run(dataset, Candidate.of(model, "small"), List.of()))
                .hasMessageContaining("scorers: none");
        assertThatThrownBy(() -> EvalRunner.create()
                        .run(dataset, Candidate.of(model, "small"), List.of(Runs.contains(), Runs.contains())))
                .hasMessageContaining("'contains' twice");
        assertThatThrownBy(() -> Shard.parse("9/8")).hasMessageContaining("shard: 9/8");
        assertThatThrownBy(() -> Shard.parse("two")).hasMessageContaining("shard: 'two'");
        assertThat(Shard.parse("2/8")).isEqualTo(Shard.of(2, 8));
    }

    @Test
    void startsCasesAtAnEvenPace() {
        Pace pace = Pace.of(10);

        assertThat(pace.beforeNext(0)).isZero();
        assertThat(pace.beforeNext(0)).isEqualTo(Duration.ofMillis(100));
        assertThat(pace.beforeNext(150_000_000)).isEqualTo(Duration.ofMillis(50));
        assertThat(pace.beforeNext(900_000_000)).isZero();
        assertThat(pace.beforeNext(900_000_000)).isEqualTo(Duration.ofMillis(100));
    }

    private static List<Integer> upTo(int last) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 1; i <= last; i++) {
            numbers.add(i);
        }
        return numbers;
    }
}
