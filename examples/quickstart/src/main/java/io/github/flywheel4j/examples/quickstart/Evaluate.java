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
import io.github.flywheel4j.evals.Recording;
import io.github.flywheel4j.evals.RunListener;
import io.github.flywheel4j.evals.RunningEval;
import io.github.flywheel4j.evals.Shard;
import io.github.flywheel4j.evals.Varies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
    private static final Duration LONGEST_CALL = Duration.ofMinutes(2);

    /** A smaller loss could not be told from chance by this many cases. */
    private static final double MARGIN = 0.1;

    @Option(
            names = "--dataset",
            paramLabel = "FILE",
            description = "JSON Lines or CSV; evals/assistant.jsonl unless given.")
    private @Nullable Path datasetFile;

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            description = "The run to compare with; evals/baseline.jsonl unless given.")
    private @Nullable Path baselineFile;

    @Option(
            names = "--answers",
            paramLabel = "FILE",
            description = "The model's answers: those in it are used again, new ones are added; in --out unless given.")
    private @Nullable Path answersFile;

    @Option(
            names = "--replay",
            description = "Use only recorded answers: no model is asked, and a new question counts as an error.")
    private boolean replay;

    @Option(names = "--update", description = "Store this run as the new baseline.")
    private boolean update;

    @Option(names = "--repeats", paramLabel = "N", description = "Ask each case so often; once unless given.")
    private @Nullable Integer repeats;

    @Option(names = "--workers", paramLabel = "N", description = "Ask so many cases at once; 2 unless given.")
    private @Nullable Integer workers;

    @Option(
            names = "--shard",
            paramLabel = "K/N",
            description = "Run only this part, such as 2/8, and leave it in --out; --merge puts the parts together.")
    private @Nullable String shard;

    @Option(
            names = "--merge",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Put the runs of all parts together instead of running.")
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
        return CommandRun.of(new Evaluate(terminal), terminal, args);
    }

    @Override
    public Integer call() throws IOException {
        requireOptionsThatFit();
        Shard part = shard == null ? Shard.whole() : Shard.parse(shard);
        Path evals = terminal.home().resolve("examples/quickstart/evals");
        Path baselines = baselineFile == null ? evals.resolve("baseline.jsonl") : baselineFile;
        Path out = folder == null ? terminal.home().resolve("examples/quickstart/target/eval") : folder;
        Dataset dataset = Dataset.load(datasetFile == null ? evals.resolve("assistant.jsonl") : datasetFile);
        requireWritable(out);

        EvalRun run = parts.isEmpty() ? run(dataset, part, out) : merged(dataset);
        run.save(out.resolve("run.jsonl"));
        if (shard != null) {
            terminal.out().println(run.summary());
            return 0;
        }
        int status = report(dataset, run, baselines, out);
        if (update) {
            run.save(baselines);
            terminal.out().println("baseline     " + baselines);
        }
        return status;
    }

    /** What would be ignored is refused. */
    private void requireOptionsThatFit() {
        if (update && shard != null) {
            throw new Problem(
                    Problem.BAD_INPUT,
                    "--update: with --shard (expected: without; --merge the runs of all parts, with --update)");
        }
        if (!parts.isEmpty()) {
            requireNotMerging("--shard", shard != null);
            requireNotMerging("--replay", replay);
            requireNotMerging("--repeats", repeats != null);
            requireNotMerging("--workers", workers != null);
            requireNotMerging("--answers", answersFile != null);
        }
    }

    private static void requireNotMerging(String option, boolean isGiven) {
        if (isGiven) {
            throw new Problem(
                    Problem.BAD_INPUT,
                    "--merge: with " + option + " (expected: without; it asks nothing, it puts runs together)");
        }
    }

    private static void requireWritable(Path out) {
        boolean exists;
        try {
            Files.createDirectories(out);
            exists = true;
        } catch (IOException e) {
            exists = false;
        }
        if (!exists || !Files.isWritable(out)) {
            throw new Problem(
                    Problem.BAD_INPUT, "--out: cannot write to " + out + " (expected: a folder that can be written)");
        }
    }

    private EvalRun merged(Dataset dataset) {
        EvalRun run = EvalRun.merge(parts.stream().map(EvalRun::read).toList());
        EvalRun.Info info = run.info();
        if (!info.datasetHash().equals(dataset.hash())) {
            throw new Problem(
                    Problem.BAD_INPUT,
                    "--merge: runs of another dataset than " + dataset.name() + " (expected: of this one; name it with"
                            + " --dataset)");
        }
        int cases = info.planned() / info.repeats();
        if (cases != dataset.cases().size()) {
            throw new Problem(
                    Problem.BAD_INPUT,
                    "--merge: " + cases + " of " + dataset.cases().size()
                            + " cases (expected: all of them; name the runs of all parts)");
        }
        return run;
    }

    private EvalRun run(Dataset dataset, Shard part, Path out) throws IOException {
        Path answers = answersFile == null ? out.resolve("answers.jsonl") : answersFile;
        if (replay && !Files.exists(answers)) {
            throw new Problem(
                    Problem.BAD_INPUT,
                    "--replay: no recorded answers in " + answers
                            + " (expected: --answers FILE, one that a run without --replay left)");
        }
        Documents documents = Documents.ofProject(terminal.home());
        terminal.progress("Reading " + documents.passages().size() + " passages ...");
        EmbeddingModel embeddings = new AllMiniLmL6V2QuantizedEmbeddingModel();
        Backend backend = Backend.of(terminal.environment(), embeddings);
        // A part that was not finished is in nobody's way but its own.
        Path journal = out.resolve(
                part.of() == 1 ? "journal.jsonl" : "journal-" + part.number() + "of" + part.of() + ".jsonl");
        Recording.Mode mode = replay ? Recording.Mode.REPLAY : Recording.Mode.RECORD_MISSING;
        try (Recording recording = Recording.open(answers, mode);
                ChatStack stack = ChatStack.builder()
                        .chatModel(recording.around(backend.chat()))
                        .workload("quickstart-evals")
                        .layer(new Retrieval(new PassageIndex(documents.passages(), embeddings)))
                        .prices(backend.prices())
                        .deadline(LONGEST_CALL)
                        .build()) {
            EvalRunner.Builder runner = EvalRunner.builder()
                    .workers(workers == null ? 2 : workers)
                    .repeats(repeats == null ? 1 : repeats)
                    .shard(part)
                    .journal(journal);
            terminal.progress("");
            if (terminal.showsProgress()) {
                runner.listener(RunListener.progressBar(terminal.err()));
            }
            EvalRun run =
                    start(runner.build(), dataset, candidate(stack, documents)).join();
            if (run.info().ending() == EvalRun.Ending.COMPLETE) {
                Files.delete(journal); // the next run asks anew
            }
            return run;
        }
    }

    private static RunningEval start(EvalRunner runner, Dataset dataset, Candidate candidate) {
        try {
            return runner.start(dataset, candidate, List.of(new SaysOrDeclines()));
        } catch (IllegalStateException e) {
            // The journal is of another run; what its message expects is said of a library, not of these options.
            String what = String.valueOf(e.getMessage()).split(" \\(expected: ", 2)[0];
            throw new Problem(
                    Problem.BAD_INPUT,
                    what + " (expected: another folder, named with --out DIR; or, where that run has ended, its options"
                            + " again to go on with it, or the file deleted)");
        }
    }

    /** Other documents make another assistant, whose run does not go on where this one's ended. */
    private static Candidate candidate(ChatStack stack, Documents documents) {
        return Candidate.of(stack)
                .named("assistant")
                .withFingerprint(stack.fingerprint() + "-"
                        + Integer.toHexString(documents.passages().hashCode()));
    }

    private int report(Dataset dataset, EvalRun run, Path baselines, Path out) throws IOException {
        EvalReport report;
        boolean failed = false;
        if (Files.exists(baselines)) {
            EvalRun baseline = EvalRun.read(baselines);
            GateResult gate =
                    Gate.builder().notWorse("says-or-declines", MARGIN).build().check(baseline, run, Varies.EVERYTHING);
            Comparison comparison = Comparison.compare(baseline, run, Varies.EVERYTHING);
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
