package io.github.flywheel4j.benchmarks.overhead;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Everything that is measured, built once: the bare models, the stacks around them, and the peer. */
final class Subjects implements AutoCloseable {

    static final String BARE = "bare";
    static final String EMPTY = "empty_stack";
    static final String LAYERS_1 = "layers_1";
    static final String LAYERS_4 = "layers_4";
    static final String LAYERS_10 = "layers_10";
    static final String PEER_BARE = "peer_bare";
    static final String PEER_BUILD_10 = "peer_build_10";
    static final String PEER_10 = "peer_10";
    static final String PEER_CLIENT_10 = "peer_client_10";
    static final String STREAM = "stream_";

    private final ChatModel bare = new StubModel();
    private final StubStreamingModel bareStreaming = new StubStreamingModel();
    private final SpringAiPeer peer = new SpringAiPeer();
    private final ChatStack none = stack(0);
    private final ChatStack one = stack(1);
    private final ChatStack four = stack(4);
    private final ChatStack ten = stack(10);

    private ChatStack stack(int layers) {
        ChatStack.Builder builder = ChatStack.builder().chatModel(bare).streamingChatModel(bareStreaming);
        for (ChatLayer layer : DoNothing.layers(layers)) {
            builder.layer(layer);
        }
        return builder.build();
    }

    List<Rounds.Subject> blocking() {
        return List.of(
                blocking(BARE, "bare model", bare),
                blocking(EMPTY, "empty stack", none.chatModel()),
                blocking(LAYERS_1, "1 layer", one.chatModel()),
                blocking(LAYERS_4, "4 layers", four.chatModel()),
                blocking(LAYERS_10, "10 layers", ten.chatModel()),
                new Rounds.Subject(PEER_BARE, "Spring AI: bare model", peer::bare),
                new Rounds.Subject(PEER_BUILD_10, "Spring AI: only building the chain", peer::buildChain),
                new Rounds.Subject(PEER_10, "Spring AI: chain of 10 advisors", peer::throughChain),
                new Rounds.Subject(PEER_CLIENT_10, "Spring AI: ChatClient with 10 advisors", peer::throughClient));
    }

    List<Rounds.Subject> streaming() {
        return List.of(
                streaming(BARE, "bare stream", bareStreaming),
                streaming(EMPTY, "stream, empty stack", none.streamingChatModel()),
                streaming(LAYERS_1, "stream, 1 layer", one.streamingChatModel()),
                streaming(LAYERS_4, "stream, 4 layers", four.streamingChatModel()),
                streaming(LAYERS_10, "stream, 10 layers", ten.streamingChatModel()));
    }

    /** Every subject, blocking first. */
    List<Rounds.Subject> all() {
        return Stream.concat(blocking().stream(), streaming().stream()).toList();
    }

    List<String> keys() {
        return all().stream().map(Rounds.Subject::key).toList();
    }

    ChatModel bareModel() {
        return bare;
    }

    ChatModel tenLayers() {
        return ten.chatModel();
    }

    StreamingChatModel bareStreamingModel() {
        return bareStreaming;
    }

    StreamingChatModel tenLayersStreaming() {
        return ten.streamingChatModel();
    }

    private static Rounds.Subject blocking(String key, String label, ChatModel model) {
        return new Rounds.Subject(key, label, () -> model.chat(StubModel.REQUEST));
    }

    private static Rounds.Subject streaming(String key, String label, StreamingChatModel model) {
        return new Rounds.Subject(STREAM + key, label, () -> wholeStream(model));
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
        List.of(none, one, four, ten).forEach(ChatStack::close);
        bareStreaming.close();
    }
}
