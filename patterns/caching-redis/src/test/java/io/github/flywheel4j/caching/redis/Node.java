package io.github.flywheel4j.caching.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.caching.ResponseCache;
import io.github.flywheel4j.caching.Scope;
import io.github.flywheel4j.caching.TemperaturePolicy;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A whole stack with its own cache over a Redis server. */
final class Node implements AutoCloseable {

    final RedisTier tier;
    final ResponseCache cache;
    private final ChatStack stack;
    private final ScriptedChatModel model =
            ScriptedChatModel.builder().answering(Node::answer).recording(false).build();
    private final ScriptedStreamingChatModel streaming = ScriptedStreamingChatModel.builder()
            .answering(Node::answer)
            .recording(false)
            .build();

    Node(String uri, String namespace, ChatLayer inner, UnaryOperator<ResponseCache.Builder> settings) {
        this.tier = RedisTier.builder(uri)
                .namespace(namespace)
                .timeout(Duration.ofSeconds(2))
                .pauseAfterFailures(Duration.ofSeconds(1))
                .build();
        this.cache = settings.apply(ResponseCache.builder(Scope.tenant())
                        .temperature(TemperaturePolicy.any())
                        .shared(tier))
                .build();
        this.stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .layer(cache)
                .layerAfter(Stage.CACHE, inner)
                .build();
    }

    private static Answer answer(ChatRequest request) {
        UserMessage asked =
                (UserMessage) request.messages().get(request.messages().size() - 1);
        return Answer.text("About: " + asked.singleText()).usage(10, 5);
    }

    ChatResponse ask(String question, CallContext context, boolean streams) {
        return ask(ChatRequest.builder().messages(UserMessage.from(question)).build(), context, streams);
    }

    ChatResponse ask(ChatRequest request, CallContext context, boolean streams) {
        if (!streams) {
            return stack.chatModel().chat(request, context.options());
        }
        RecordingHandler heard = new RecordingHandler();
        stack.streamingChatModel().chat(request, context.options(), heard);
        heard.await(RedisFixture.PATIENCE);
        assertThat(heard.errors()).isEmpty();
        ChatResponse response = heard.responses().get(0);
        assertThat(heard.text()).isEqualTo(response.aiMessage().text());
        return response;
    }

    boolean asksTheModel(String question) {
        return asksTheModel(question, RedisFixture.ANN);
    }

    boolean asksTheModel(String question, CallContext context) {
        return RedisFixture.info(ask(question, context, false)).origin() == null;
    }

    long asked() {
        return model.calls() + streaming.calls();
    }

    @Override
    public void close() {
        stack.close();
        cache.close();
        tier.close();
    }
}
