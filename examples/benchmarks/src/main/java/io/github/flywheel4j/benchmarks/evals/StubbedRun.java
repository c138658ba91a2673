package io.github.flywheel4j.benchmarks.evals;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.evals.Candidate;
import io.github.flywheel4j.evals.Dataset;
import io.github.flywheel4j.evals.EvalCase;
import io.github.flywheel4j.evals.EvalInput;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.EvalRunner;
import io.github.flywheel4j.evals.Output;
import io.github.flywheel4j.evals.Score;
import io.github.flywheel4j.evals.Scorer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Runs of a model that answers after a while; also the process that is killed. */
final class StubbedRun {

    private StubbedRun() {}

    /** Arguments: the journal, the number of cases, the number of workers. Says each tenth of the cases. */
    public static void main(String[] args) {
        int cases = Integer.parseInt(args[1]);
        run(
                dataset(cases),
                EvalSpeedBench.LATENCY,
                EvalRunner.builder()
                        .workers(Integer.parseInt(args[2]))
                        .journal(Path.of(args[0]))
                        .listener((result, progress) -> {
                            if (progress.done() % Math.max(1, cases / 10) == 0) {
                                System.out.println(progress.done());
                                System.out.flush();
                            }
                        }));
    }

    static Dataset dataset(int cases) {
        List<EvalCase> all = new ArrayList<>();
        for (int i = 0; i < cases; i++) {
            all.add(new EvalCase(
                    "case-" + i,
                    EvalInput.text("question " + i),
                    i % 7 == 0 ? "nothing" : "answer to question " + i,
                    List.of(),
                    new TreeSet<>(List.of(i % 2 == 0 ? "even" : "odd")),
                    EvalCase.Origin.SYNTHETIC,
                    null,
                    "cluster-" + i / 3));
        }
        return Dataset.of("stubbed", all);
    }

    static EvalRun run(Dataset dataset, Duration latency, EvalRunner.Builder runner) {
        return run(dataset, latency, runner, caseId -> {});
    }

    /**
     * Runs the dataset.
     *
     * @param asked is told the id of each case that is asked
     */
    static EvalRun run(Dataset dataset, Duration latency, EvalRunner.Builder runner, Consumer<String> asked) {
        Scorer same = new Same(asked);
        return runner.build().run(dataset, Candidate.of(new SlowModel(latency), "stub"), List.of(same));
    }

    private record SlowModel(Duration latency) implements ChatModel {

        @Override
        public ChatResponse doChat(ChatRequest request) {
            if (!latency.isZero()) {
                try {
                    Thread.sleep(latency.toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted", e);
                }
            }
            String question = ((UserMessage) request.messages().get(0)).singleText();
            return ChatResponse.builder()
                    .aiMessage(AiMessage.from("answer to " + question))
                    .build();
        }
    }

    private record Same(Consumer<String> asked) implements Scorer {

        @Override
        public String name() {
            return "same";
        }

        @Override
        public String fingerprint() {
            return "same";
        }

        @Override
        public boolean lossy() {
            return false;
        }

        @Override
        public Score score(EvalCase evalCase, Output output) {
            asked.accept(evalCase.id());
            return Score.of(output.text().equals(evalCase.expected()));
        }
    }
}
