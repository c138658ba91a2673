package io.github.flywheel4j.examples.quickstart;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.caching.ResponseCache;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Puts questions to the stack, one after the other, and shows what comes back. Each question stands alone. When the
 * process is told to end in the middle of an answer, the call is cancelled and its interaction still written.
 */
final class Assistant implements AutoCloseable {

    private static final int LONGEST_QUESTION = 2_000;
    private static final String HELP = "Ask a question. + or - rates the last answer, = TEXT corrects it. Ctrl-D ends.";
    private static final Set<String> END = Set.of("exit", "quit", ":q");
    private static final Set<String> WHAT_NOW = Set.of("help", "?");
    private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(2);

    private final String session = UUID.randomUUID().toString();
    private final Thread stop = new Thread(this::stop, "stop");
    private final ChatStack stack;
    private final ResponseCache cache;
    private final Backend backend;
    private final Journal journal;
    private final Terminal terminal;
    private final Display display;
    private volatile String turn = "";
    private @Nullable UUID last;
    private volatile boolean stopping;

    Assistant(
            ChatStack stack,
            ResponseCache cache,
            Backend backend,
            Journal journal,
            Terminal terminal,
            Display display) {
        this.stack = stack;
        this.cache = cache;
        this.backend = backend;
        this.journal = journal;
        this.terminal = terminal;
        this.display = display;
        Runtime.getRuntime().addShutdownHook(stop);
    }

    static void requireQuestion(String question) {
        if (question.isBlank()) {
            throw new Problem(Problem.BAD_INPUT, "question: empty (expected: --ask \"...\" with some words in it)");
        }
        if (question.length() > LONGEST_QUESTION) {
            throw new Problem(
                    Problem.BAD_INPUT,
                    "question: " + question.length() + " characters (expected: at most " + LONGEST_QUESTION + ")");
        }
    }

    void introduce(Documents documents, String which) {
        display.title("%d passages of %d documents (%s)"
                .formatted(documents.passages().size(), documents.files(), which));
        display.title("Stack: " + stack);
    }

    /** Answers every line of the input, or every one before a word that ends it; 0 if each was answered or declined. */
    int answerAll() throws IOException, InterruptedException {
        if (terminal.asks()) {
            display.title(HELP);
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
        int status = 0;
        int questions = 0;
        for (String line = next(lines); line != null && !isOneOf(END, line); line = next(lines)) {
            if (isOneOf(WHAT_NOW, line)) {
                display.title(HELP);
            } else if (isFeedback(line)) {
                take(line.strip());
            } else if (!line.isBlank()) {
                questions++;
                status = Math.max(status, answerOrReport(line));
            }
        }
        if (questions == 0 && !terminal.asks()) {
            throw new Problem(
                    Problem.BAD_INPUT,
                    "no question (expected: --ask \"...\", or questions on standard input, one on each line)");
        }
        display.coverage(questions, journal.coverage(), journal.liked());
        return status;
    }

    private static boolean isOneOf(Set<String> words, String line) {
        return words.contains(line.strip().toLowerCase(Locale.ROOT));
    }

    /** A rating or a better answer, and no question. */
    private static boolean isFeedback(String line) {
        String said = line.strip();
        return said.equals("+") || said.equals("-") || said.startsWith("=");
    }

    /** Takes what somebody says of the last answer. */
    private void take(String said) {
        UUID about = last;
        if (about == null) {
            terminal.out().println("There is no answer yet.");
        } else if (said.equals("+")) {
            journal.on(about).thumbsUp();
            terminal.out().println("Noted: a good answer.");
        } else if (said.equals("-")) {
            journal.on(about).thumbsDown();
            terminal.out().println("Noted: not a good answer." + takeBack(about));
        } else if (said.substring(1).isBlank()) {
            terminal.out().println("Write the better answer behind the =.");
        } else {
            journal.on(about).correction(said.substring(1).strip());
            terminal.out().println("Noted: your answer, as a correction." + takeBack(about));
        }
    }

    /** An answer that somebody does not like is not served again. */
    private String takeBack(UUID interaction) {
        return cache.evict(interaction) ? " The cache has let go of it." : "";
    }

    private @Nullable String next(BufferedReader lines) throws IOException {
        if (terminal.asks()) {
            display.prompt();
        }
        String line = lines.readLine();
        if (line == null && terminal.asks()) {
            terminal.out().println();
        }
        return line;
    }

    private int answerOrReport(String question) throws InterruptedException {
        try {
            requireQuestion(question);
            return answer(question.strip(), terminal.asks());
        } catch (Problem problem) {
            return terminal.report(Quickstart.NAME, problem);
        }
    }

    /** Answers a question; 0 if it was answered or declined. */
    int answer(String question) throws InterruptedException {
        return answer(question, false);
    }

    private int answer(String question, boolean asked) throws InterruptedException {
        if (!asked) {
            display.question(question);
        }
        terminal.out().println();
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from(question)).build();
        turn = UUID.randomUUID().toString();
        CallContext context = CallContext.builder().session(session).turn(turn).build();
        ChatResponse response;
        try {
            response = terminal.reads() ? stream(request, context) : wait(request, context);
        } catch (RuntimeException e) {
            journal.next(); // the next question waits for its own
            throw backend.problem(e);
        } finally {
            display.endOfText();
        }
        last = AnswerInfo.of(response).map(AnswerInfo::id).orElse(null);
        journal.next()
                .ifPresent(interaction ->
                        display.details(response.aiMessage().text(), interaction, backend.place(), journal.folder()));
        return 0;
    }

    /** Where nobody reads along there is nothing to stream. */
    private ChatResponse wait(ChatRequest request, CallContext context) {
        ChatResponse response = stack.chatModel().chat(request, context.options());
        display.text(response.aiMessage().text());
        return response;
    }

    private ChatResponse stream(ChatRequest request, CallContext context) throws InterruptedException {
        CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
        stack.streamingChatModel().chat(request, context.options(), new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String text) {
                display.text(text);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                answer.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(error);
            }
        });
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    /** Runs when the process is told to end (Ctrl-C): nothing more is shown, and the call's interaction is written. */
    private void stop() {
        stopping = true;
        if (stack.cancel(turn) > 0) {
            display.endOfText();
            terminal.out().println("cancelled");
        }
        long patience = System.nanoTime() + LONGEST_GOODBYE.toNanos();
        while (stack.callsUnderWay() > 0 && System.nanoTime() < patience) {
            Thread.onSpinWait();
        }
        stack.close();
        journal.close();
    }

    @Override
    public void close() {
        if (!stopping) {
            Runtime.getRuntime().removeShutdownHook(stop);
            stack.close();
        }
    }
}
