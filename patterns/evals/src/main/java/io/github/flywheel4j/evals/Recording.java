package io.github.flywheel4j.evals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.CallContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Answers of models in a file, so that a run is free and needs no key where nothing has changed.
 *
 * <pre>{@code
 * try (Recording recording = Recording.open(folder.resolve("answers.jsonl"), Recording.Mode.RECORD_MISSING)) {
 *     ChatModel recorded = recording.around(providerModel);
 *     EvalRunner.create().run(dataset, Candidate.of(recorded, "small-chat"), List.of(exact));
 * }
 * }</pre>
 *
 * <p>An answer is found by what was asked: roles, texts and tool calls of the messages, and the parameters, those that the
 * model sets by itself among them; not by ids or attributes. In a run, each repeat of a case, and each time that one repeat
 * asks the same, has an answer of its own, so that repeats differ as the model's answers did; calls outside of a run are
 * counted from the opening of the file. Failures are not recorded.
 *
 * <p>The file has a line for each answer and is kept in order, so that version control shows what changed. Lines are appended
 * while the run goes on and put in order by {@link #close}. The texts of questions are not in it, those of answers are.
 *
 * <p>Replay is as quick as the disk: latencies are worth nothing there, while usage and costs are those of the recording.
 *
 * <p>Thread-safe; two recordings must not write one file at once.
 */
public final class Recording implements AutoCloseable {

    /** What to do about an answer that is, or is not, in the file. */
    public enum Mode {
        /** Only what is in the file; anything else is an error. For continuous builds: no key, no cost. */
        REPLAY,
        /** What is in the file, and the model for the rest, which is recorded. */
        RECORD_MISSING,
        /** The model for everything; the file then holds this run's answers and no other. */
        RECORD_ALL
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final GrowingFile appended;
    private final Mode mode;
    private final Map<String, ChatResponse> recorded = new ConcurrentHashMap<>();
    private final Map<String, String> lines = new ConcurrentHashMap<>();
    private final Map<String, FutureTask<ChatResponse>> underWay = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final Map<String, Boolean> used = new ConcurrentHashMap<>();
    private final ReentrantLock writing = new ReentrantLock();

    private Recording(Path file, Mode mode, GrowingFile appended) {
        this.file = file;
        this.appended = appended;
        this.mode = mode;
    }

    /**
     * Opens a file.
     *
     * @param file may be missing unless it is to be replayed
     * @throws IllegalArgumentException if it holds something else
     * @throws UncheckedIOException if it cannot be read
     */
    public static Recording open(Path file, Mode mode) {
        return open(file, mode, new GrowingFile(file));
    }

    static Recording open(Path file, Mode mode, GrowingFile appended) {
        Recording recording = new Recording(file, mode, appended);
        try {
            if (mode != Mode.RECORD_ALL && (mode == Mode.REPLAY || Files.exists(file))) {
                recording.read();
            }
            return recording;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + ": cannot be read as a recording (expected: a file that an earlier run recorded)", e);
        }
    }

    /**
     * A model whose answers are recorded or replayed. In replay it is asked for nothing but its parameters, so that it needs
     * no key.
     */
    public ChatModel around(ChatModel model) {
        return new RecordedChatModel(this, model);
    }

    /** How many answers of the file were not asked for so far: what changed cases left behind. */
    public int unused() {
        return recorded.size() - used.size();
    }

    ChatResponse answer(ChatModel model, ChatRequest request, Supplier<ChatResponse> ask) {
        CallContext context = CallContext.from(request);
        String key = RequestKey.of(model, request);
        Map<?, ?> eval = context.attributes().get(Candidate.ATTRIBUTE) instanceof Map<?, ?> map ? map : Map.of();
        String asker = key + "/" + eval.get("run") + "/" + eval.get("case") + "/" + eval.get("repeat");
        int time = asked.computeIfAbsent(asker, each -> new AtomicInteger()).getAndIncrement();
        String id = key + "." + (eval.get("repeat") == null ? 0 : eval.get("repeat")) + "." + time;
        ChatResponse known = recorded.get(id);
        if (known != null) {
            used.put(id, true);
            return known;
        }
        if (mode == Mode.REPLAY) {
            throw new NotRecorded(file.toString(), key, eval.isEmpty() ? null : String.valueOf(eval.get("case")));
        }
        return record(id, ask);
    }

    /** Two cases that ask the same at once share one call. */
    ChatResponse record(String id, Supplier<ChatResponse> ask) {
        FutureTask<ChatResponse> mine = new FutureTask<>(() -> {
            // Who asked before may have been done since this one looked, and is under way no more.
            ChatResponse known = recorded.get(id);
            if (known != null) {
                return known;
            }
            ChatResponse response = ask.get();
            append(id, response);
            return response;
        });
        FutureTask<ChatResponse> first = underWay.putIfAbsent(id, mine);
        FutureTask<ChatResponse> task = first == null ? mine : first;
        try {
            if (first == null) {
                mine.run();
            }
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while another case asks the same", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("the model threw a checked exception", e.getCause());
        } finally {
            underWay.remove(id, mine);
        }
    }

    private void append(String id, ChatResponse response) {
        String line = WholeText.of(write(id, response));
        writing.lock();
        try {
            if (lines.isEmpty() && mode == Mode.RECORD_ALL) {
                appended.truncate(0);
            }
            appended.add(line);
            lines.put(id, line);
            recorded.put(id, response);
            used.put(id, true);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the answer cannot be recorded", e);
        } finally {
            writing.unlock();
        }
    }

    /** Puts the lines of the file in order, if any were added. */
    @Override
    public void close() {
        if (mode == Mode.REPLAY || lines.isEmpty()) {
            return;
        }
        writing.lock();
        try {
            SortedMap<String, String> sorted = new TreeMap<>(lines);
            Path ordered = file.resolveSibling(file.getFileName() + ".new");
            Files.write(ordered, sorted.values(), StandardCharsets.UTF_8);
            Files.move(ordered, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be put in order", e);
        } finally {
            writing.unlock();
        }
    }

    private void read() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        // Leniently: a line that was torn within a character is no text, and must not stop the lines before it.
        List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        boolean isTorn = bytes.length > 0 && bytes[bytes.length - 1] != '\n';
        for (int i = 0; i < all.size(); i++) {
            try {
                JsonNode json = JSON.readTree(all.get(i));
                String id = json.path("id").asText();
                recorded.put(id, response(json.path("response")));
                lines.put(id, all.get(i));
            } catch (JsonProcessingException | RuntimeException e) {
                // Half a line is what a killed process leaves; the answer is asked for again.
                if (!(isTorn && i == all.size() - 1)) {
                    throw new IllegalArgumentException(
                            file + ", line " + (i + 1) + ": no recorded answer (expected: one JSON object a line,"
                                    + " as Recording writes it)",
                            e);
                }
            }
        }
        if (isTorn && mode != Mode.REPLAY) {
            endLastLine(bytes, all.get(all.size() - 1));
        }
    }

    /** Without writing the others again: if that is cut short, they are gone. */
    private void endLastLine(byte[] bytes, String last) throws IOException {
        if (lines.containsValue(last)) {
            appended.add("");
        } else {
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] != '\n') {
                end--;
            }
            appended.truncate(end);
        }
    }

    private static String write(String id, ChatResponse response) {
        ObjectNode json = JSON.createObjectNode().put("id", id);
        ObjectNode written = json.putObject("response");
        AiMessage message =
                response.aiMessage().toBuilder().attributes(Map.of()).build();
        try {
            written.set("message", JSON.readTree(ChatMessageSerializer.messageToJson(message)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("LangChain4j wrote no JSON", e);
        }
        written.put("model", response.modelName());
        if (response.finishReason() != null) {
            written.put("finishReason", response.finishReason().name());
        }
        TokenUsage usage = response.tokenUsage();
        if (usage != null) {
            written.set("usage", UsageJson.of(usage));
        }
        return json.toString();
    }

    private static ChatResponse response(JsonNode json) {
        return ChatResponse.builder()
                .aiMessage((AiMessage) ChatMessageDeserializer.messageFromJson(
                        json.path("message").toString()))
                .metadata(ChatResponseMetadata.builder()
                        .modelName(JsonText.optional(json, "model"))
                        .finishReason(
                                json.hasNonNull("finishReason")
                                        ? FinishReason.valueOf(
                                                json.get("finishReason").asText())
                                        : null)
                        .tokenUsage(UsageJson.tokens(json.path("usage")))
                        .build())
                .build();
    }

    @Override
    public String toString() {
        return "Recording(" + file + ", " + mode + ")";
    }
}
