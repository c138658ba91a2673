package io.github.flywheel4j.examples.quickstart;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.evals.Candidate;
import io.github.flywheel4j.evals.Comparison;
import io.github.flywheel4j.evals.Dataset;
import io.github.flywheel4j.evals.EvalReport;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.EvalRunner;
import io.github.flywheel4j.evals.Gate;
import io.github.flywheel4j.evals.GateResult;
import io.github.flywheel4j.evals.RunsNotComparable;
import io.github.flywheel4j.evals.Scorer;
import io.github.flywheel4j.evals.Shard;
import io.github.flywheel4j.evals.Varies;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Evaluates the assistant on the example's dataset and compares with the stored baseline. {@link #call()} is the whole flow.
 */
@Command(
        name = "eval",
        description = "Runs the example's dataset against the assistant and compares with the stored baseline.",
        sortOptions = false,
        footer = {
            "",
            "Ends with 0 if the gate passes or the cases do not tell, with 3 if it fails.",
            "The report is a page to open in a browser; nothing is opened by itself.",
            "An interrupted run goes on where it ended: finished cases are kept in --out."
        })
final class Evaluate implements Callable<Integer> {

    private static final int GATE_FAILED = 3;

    /** With 84 cases a smaller loss could not be told from chance. */
    private static final double MARGIN = 0.1;

    @Option(names = "--dataset", paramLabel = "FILE", description = "JSON Lines or CSV; evals/assistant.jsonl unless given.")
    private @Nullable Path datasetFile;

    @Option(names = "--baseline", paramLabel = "FILE", description = "The run to compare with; evals/baseline.jsonl unless given.")
    private @Nullable Path baselineFile;

    @Option(names = "--update", description = "Store this run as the new baseline.")
    private boolean update;

    @Option(names = "--repeats", paramLabel = "N", description = "Ask each case so often; once unless given.")
    private int repeats = 1;

    @Option(names = "--workers", paramLabel = "N", description = "Ask so many cases at once; 2 unless given.")
    private int workers = 2;

    @Option(
            names = "--shard",
            paramLabel = "K/N",
            description = "Run only this part, such as 2/8, and leave it in --out; --merge puts the parts together.")
    private @Nullable String shard;

    @Option(names = "--merge", paramLabel = "FILE", arity = "1..*", description = "Put the runs of all parts together instead of running.")
    private List<Path> parts = List.of();

    @Option(names = "--out", paramLabel = "DIR", description = "For the run and its reports; target/eval unless given.")
    private @Nullable Path folder;

    @Option(names = "--help", usageHelp = true, description = "Show this.")
    @SuppressWarnings("unused") // picocli reads it
    private boolean help;

    private final Terminal terminal;

    private Evaluate(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs the command line and ends the process with its status. */
    public static void main(String[] args) {
        System.exit(run(Terminal.ofProcess(), args));
    }

    static int run(Terminal terminal, String... args) {
        return new CommandLine(new Evaluate(terminal))
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((e, given) -> terminal.report(new Problem(
                        Problem.BAD_INPUT,
                        String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                                + " (expected: the options that --help lists)")))
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof Problem problem) {
                        return terminal.report(problem);
                    }
                    if (e instanceof IllegalArgumentException || e instanceof RunsNotComparable) {
                        return terminal.report(new Problem(Problem.BAD_INPUT, String.valueOf(e.getMessage())));
                    }
                    throw e;
                })
                .execute(args);
    }

    @Override
    public Integer call() throws IOException {
        Path evals = terminal.home().resolve("examples/quickstart/evals");
        Path baselines = baselineFile == null ? evals.resolve("baseline.jsonl") : baselineFile;
        Path out = folder == null ? terminal.home().resolve("examples/quickstart/target/eval") : folder;
        Files.createDirectories(out);
        Dataset dataset = Dataset.load(datasetFile == null ? evals.resolve("assistant.jsonl") : datasetFile);

        EvalRun run = parts.isEmpty()
                ? run(dataset, out)
                : EvalRun.merge(parts.stream().map(EvalRun::read).toList());
        run.save(out.resolve("run.jsonl"));
        if (update) {
            run.save(baselines);
        }
        if (shard != null) {
            terminal.out().println(run.summary());
            return 0;
        }
        return report(dataset, run, baselines, out);
    }

    private EvalRun run(Dataset dataset, Path out) throws IOException {
        Documents documents = Documents.ofProject(terminal.home());
        terminal.progress("Reading " + documents.passages().size() + " passages ...");
        EmbeddingModel embeddings = new AllMiniLmL6V2QuantizedEmbeddingModel();
        Backend backend = Backend.of(terminal.environment(), embeddings);
        try (ChatStack stack = ChatStack.builder()
                .chatModel(backend.chat())
                .workload("quickstart-evals")
                .layer(new Retrieval(new PassageIndex(documents.passages(), embeddings)))
                .prices(backend.prices())
                .build()) {
            List<Scorer> scorers = List.of(new SaysOrDeclines());
            return EvalRunner.builder()
                    .workers(workers)
                    .repeats(repeats)
                    .shard(shard == null ? Shard.whole() : Shard.parse(shard))
                    .journal(out.resolve("journal.jsonl"))
                    .listener(new RunBar(terminal))
                    .build()
                    .run(dataset, Candidate.of(stack).named("assistant"), scorers);
        }
    }

    private int report(Dataset dataset, EvalRun run, Path baselines, Path out) throws IOException {
        EvalReport report;
        boolean failed = false;
        if (Files.exists(baselines)) {
            EvalRun baseline = EvalRun.read(baselines);
            GateResult gate = Gate.builder()
                    .notWorse("says-or-declines", MARGIN)
                    .build()
                    .check(baseline, run, Varies.EVERYTHING);
            Comparison comparison = gate.comparison();
            report = EvalReport.of(dataset, baseline, run, comparison).withGate(gate);
            failed = gate.outcome() == GateResult.Outcome.FAILED;
            terminal.out().println(gate);
        } else {
            report = EvalReport.of(dataset, run);
            terminal.out().println(run.summary());
            terminal.out().println("No baseline yet: --update stores this run as one.");
        }
        report.saveHtml(out.resolve("report.html"));
        Files.writeString(out.resolve("report.md"), report.markdown());
        Files.writeString(out.resolve("report.json"), report.json());
        terminal.out().println("report       " + out.resolve("report.html"));
        return failed ? GATE_FAILED : 0;
    }
}
