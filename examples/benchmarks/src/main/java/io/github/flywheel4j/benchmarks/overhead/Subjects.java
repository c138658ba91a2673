package io.github.flywheel4j.benchmarks.overhead;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Everything that is measured, built once: the bare models, the stacks around them, and the peer. */
final class Subjects implements AutoCloseable {

    static final String BARE = "bare";
    static final String LAYERS_10 = "layers_10";
    static final String PEER_10 = "peer_10";

    private final ChatModel bare = new StubModel();
    private final StubStreamingModel bareStreaming = new StubStreamingModel();
    private final SpringAiPeer peer = new SpringAiPeer();

    List<Rounds.Subject> blocking() {
        List<Rounds.Subject> subjects = new ArrayList<>();
        subjects.add(blocking(BARE, "bare model", bare));
        subjects.add(new Rounds.Subject("peer_bare", "Spring AI: bare model", peer::bare));
        subjects.add(new Rounds.Subject(PEER_10, "Spring AI: chain of 10 advisors", peer::throughChain));
        subjects.add(new Rounds.Subject("peer_client_10", "Spring AI: ChatClient with 10", peer::throughClient));
        return subjects;
    }

    List<Rounds.Subject> streaming() {
        return List.of(streaming(BARE, "bare stream", bareStreaming));
    }

    /** Every subject, blocking first. */
    List<Rounds.Subject> all() {
        return Stream.concat(blocking().stream(), streaming().stream()).toList();
    }

    List<String> keys() {
        return all().stream().map(Rounds.Subject::key).toList();
    }

    /** What is put under a steady load, by the key of its figures. */
    Map<String, ChatModel> loaded() {
        return Map.of("bare", bare);
    }

    Map<String, StreamingChatModel> loadedStreaming() {
        return Map.of("bare", bareStreaming);
    }

    private static Rounds.Subject blocking(String key, String label, ChatModel model) {
        return new Rounds.Subject(key, label, () -> model.chat(StubModel.REQUEST));
    }

    private static Rounds.Subject streaming(String key, String label, StreamingChatModel model) {
        return new Rounds.Subject("stream_" + key, label, () -> wholeStream(model));
    }

    private static Object wholeStream(StreamingChatModel model) {
        CompletableFuture<Long> end = new CompletableFuture<>();
        model.chat(StubModel.REQUEST, new TimedStream((error, nanos) -> {
            if (error == null) {
                end.complete(nanos);
            } else {
                end.completeExceptionally(error);
            }
        }));
        return end.join();
    }

    @Override
    public void close() {
        bareStreaming.close();
    }
}
