package io.github.flywheel4j.examples.quickstart;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.github.flywheel4j.ChatStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Answers questions over a folder of documents. {@link #call()} is the whole flow, from the folder to the answers and
 * what was said of them. */
@Command(
        name = "quickstart",
        description = "Answers questions over a folder of documents, with no key and no network.",
        sortOptions = false,
        footer = {
            "",
            "Without a key an offline model answers, with sentences of the documents and",
            "nothing else. With OPENAI_API_KEY, or OPENAI_BASE_URL (Ollama, vLLM, LM Studio),",
            "the model named by OPENAI_MODEL answers.",
            "Without --ask it prompts for questions, or reads them from standard input, one",
            "on each line. A line + or - says whether the last answer was good, and a line",
            "= with a text what it should have been."
        })
final class Quickstart implements Callable<Integer> {

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
        terminal.progress("");
        terminal.warnOf(documents.skipped());

        ChatStack stack = ChatStack.builder()
                .chatModel(backend.chat())
                .streamingChatModel(backend.streaming())
                .workload("quickstart")
                .layer(journal.capture())
                .layer(new Retrieval(index))
                .interactionListener(journal)
                .prices(backend.prices())
                .deadline(LONGEST_CALL)
                .build();
        try (Assistant assistant = new Assistant(stack, backend, journal, terminal)) {
            assistant.introduce(documents, docs == null ? "this project's own" : docs.toString());
            return question != null ? assistant.answer(question) : assistant.answerAll();
        }
    }
}
