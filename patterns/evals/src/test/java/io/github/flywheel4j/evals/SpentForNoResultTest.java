package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.evals.EvalRun.Ending;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was given up has cost money too: the journal knows it, and whoever goes on counts it. */
class SpentForNoResultTest {

    @TempDir
    Path folder;

    private final Dataset dataset = Runs.dataset(2, 1);

    @Test
    void remembersWhatACancelledAnswerUsed() throws InterruptedException {
        CountDownLatch scoring = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Scorer slow = Runs.scorer("slow", false, (evalCase, output) -> {
            scoring.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            return Score.of(true);
        });
        EvalRunner.Builder runner = EvalRunner.builder().workers(1).journal(folder.resolve("run.jsonl"));
        RunningEval running = runner.build().start(dataset, answering(new AtomicInteger()), List.of(slow));
        scoring.await();

        running.cancel();
        EvalRun cancelled = running.join();
        AtomicInteger asked = new AtomicInteger();
        EvalRun resumed =
                runner.budget(Budget.unlimited().withTokens(15)).build().run(dataset, answering(asked), List.of(slow));

        assertThat(cancelled.results()).isEmpty();
        assertThat(cancelled.apart().tokens()).isEqualTo(15);
        assertThat(asked).hasValue(0);
        assertThat(resumed.info().ending()).isEqualTo(Ending.OUT_OF_BUDGET);
        assertThat(resumed.summary().beside().tokens()).isEqualTo(15);
        assertThat(EvalRun.read(folder.resolve("run.jsonl")).apart()).isEqualTo(resumed.apart());
    }

    @Test
    void remembersAnAnswerThatCameAfterItsTime() {
        CountDownLatch timedOut = new CountDownLatch(1);
        AtomicReference<RunningEval> run = new AtomicReference<>();
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        Candidate late = Candidate.ofOutputs("late", evalCase -> {
            if (asked.incrementAndGet() == 1) {
                await(timedOut);
            } else {
                await(begun);
                while (run.get().progress().tokens() < 15
                        && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            }
            return output();
        });
        EvalRunner runner = EvalRunner.builder()
                .workers(1)
                .caseTimeout(Duration.ofSeconds(1))
                .listener((result, progress) -> timedOut.countDown())
                .journal(folder.resolve("run.jsonl"))
                .build();

        RunningEval running = runner.start(dataset, late, List.of(Runs.contains()));
        run.set(running);
        begun.countDown();
        EvalRun ended = running.join();

        assertThat(ended.summary().errors()).isEqualTo(1);
        assertThat(ended.apart().tokens()).isEqualTo(15);
        assertThat(running.progress().tokens())
                .isEqualTo(ended.summary().tokens() + ended.summary().beside().tokens())
                .isEqualTo(30);
        ended.save(folder.resolve("saved.jsonl"));
        for (String file : List.of("run.jsonl", "saved.jsonl")) {
            assertThat(EvalRun.read(folder.resolve(file)).apart()).isEqualTo(ended.apart());
        }
    }

    @Test
    void addsUpWhatShardsUsedForNoResult() {
        EvalRun run = EvalRunner.create().run(dataset, answering(new AtomicInteger()), List.of(Runs.contains()));
        EvalRun shard = new EvalRun(run.info(), run.results(), new Spent(7, List.of()));

        assertThat(EvalRun.merge(List.of(shard)).apart().tokens()).isEqualTo(7);
        assertThat(EvalRun.merge(List.of(shard)).summary().beside().tokens()).isEqualTo(7);
    }

    private static Candidate answering(AtomicInteger asked) {
        return Candidate.ofOutputs("it", evalCase -> {
            asked.incrementAndGet();
            return output();
        });
    }

    private static Output output() {
        return new Output(
                "It is 1",
                List.of(),
                List.of(),
                Outcome.ANSWERED,
                new TokenUsage(10, 5),
                null,
                Duration.ofMillis(1),
                null);
    }

    /** However often it is interrupted: some clients do not listen. */
    private static void await(CountDownLatch latch) {
        for (int i = 0; i < 1000 && latch.getCount() > 0; i++) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.onSpinWait(); // and waits on
            }
        }
    }
}
