package io.github.flywheel4j.examples.quickstart;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.caching.LabelledPair;
import io.github.flywheel4j.caching.ResponseCache;
import io.github.flywheel4j.caching.Scope;
import io.github.flywheel4j.caching.TemperaturePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Answers questions over a folder of documents. {@link #call()} is the whole flow, from the folder to the answers and
 * what was said of them. */
@Command(
        name = Quickstart.NAME,
        description = "Answers questions over a folder of documents, with no key and no network.",
        sortOptions = false,
        footer = {
            "",
            "Without a key an offline model answers, with sentences of the documents and",
            "nothing else. With OPENAI_API_KEY, or OPENAI_BASE_URL (Ollama, vLLM, LM Studio),",
            "the model named by OPENAI_MODEL answers.",
            "Without --ask it prompts for questions, or reads them from standard input, one",
            "on each line. A line + or - says whether the last answer was good, and a line",
            "= with a text what it should have been.",
            "A question that was asked before in the same run is answered from a cache."
        })
final class Quickstart implements Callable<Integer> {

    static final String NAME = "quickstart";

    private static final Duration LONGEST_CALL = Duration.ofMinutes(2);

    @Option(names = "--ask", paramLabel = "QUESTION", description = "Answer this question and end.")
    private @Nullable String question;

    @Option(
            names = "--docs",
            paramLabel = "DIR",
            description = "Folder of Markdown, text and HTML files; this project's own documents unless given.")
    private @Nullable Path docs;

    @Option(
            names = "--interactions",
            paramLabel = "DIR",
            description = "Folder to which each interaction and its feedback are appended as lines of JSON;"
                    + " interactions of this project unless given.")
    private @Nullable Path interactions;

    @Option(
            names = "--cache-demo",
            description = "Ask four questions about this project that show what the cache serves and what it refuses.")
    private boolean cacheDemo;

    @Option(names = "--help", usageHelp = true, description = "Show this.")
    @SuppressWarnings("unused") // picocli reads it
    private boolean help;

    private final Terminal terminal;

    private Quickstart(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs the command line and ends the process with its status. */
    public static void main(String[] args) {
        System.exit(run(Terminal.ofProcess(), args));
    }

    /** Runs a command line; 0 if every question was answered or declined. */
    static int run(Terminal terminal, String... args) {
        return CommandRun.of(new Quickstart(terminal), terminal, args);
    }

    @Override
    public Integer call() throws Exception {
        if (question != null) {
            Assistant.requireQuestion(question);
        }
        if (cacheDemo && (question != null || docs != null)) {
            throw new Problem(
                    Problem.BAD_INPUT,
                    "--cache-demo: with --ask or --docs (expected: without; it asks its own questions about this project)");
        }
        Documents documents = docs == null ? Documents.ofProject(terminal.home()) : Documents.read(docs);
        try (Journal journal =
                new Journal(interactions == null ? terminal.home().resolve("interactions") : interactions)) {
            return ask(documents, journal);
        }
    }

    private int ask(Documents documents, Journal journal) throws Exception {
        terminal.progress("Reading " + documents.passages().size() + " passages ...");
        EmbeddingModel embeddings = new AllMiniLmL6V2QuantizedEmbeddingModel();
        Backend backend = Backend.of(terminal.environment(), embeddings);
        PassageIndex index = new PassageIndex(documents.passages(), embeddings);
        ResponseCache.Builder builder = ResponseCache.builder(
                        Scope.shared("answers rest on the documents alone, and who asks here may read them"))
                .temperature(TemperaturePolicy.any())
                .prices(backend.prices());
        List<LabelledPair> pairs = List.of();
        if (cacheDemo) {
            pairs = OtherWords.read(terminal.home().resolve("examples/quickstart/cache/pairs.jsonl"));
            terminal.progress("Learning from " + pairs.size() + " judged pairs ...");
            builder.semantic(OtherWords.learnedFrom(pairs, embeddings));
        }
        terminal.progress("");
        terminal.warnOf(documents.skipped());

        ResponseCache cache = builder.build();
        ChatStack stack = ChatStack.builder()
                .chatModel(backend.chat())
                .streamingChatModel(backend.streaming())
                .workload("quickstart")
                .layer(journal.capture())
                .layer(cache)
                .layer(new Retrieval(index))
                .interactionListener(journal)
                .prices(backend.prices())
                .deadline(LONGEST_CALL)
                .build();
        Display display = new Display(terminal);
        try (Assistant assistant = new Assistant(stack, cache, backend, journal, terminal, display)) {
            assistant.introduce(documents, docs == null ? "this project's own" : docs.toString());
            if (cacheDemo) {
                return CacheDemo.run(assistant, cache, display, pairs.size());
            }
            return question != null ? assistant.answer(question) : assistant.answerAll();
        }
    }
}
