package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChatStackTest {

    private static final ChatModel HELLO = new ChatModel() {
        @Override
        public ChatResponse doChat(ChatRequest request) {
            return answer("hello world");
        }
    };

    private static final StreamingChatModel STREAMING_HELLO = new StreamingChatModel() {
        @Override
        public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            handler.onPartialResponse("hello ");
            handler.onPartialResponse("world");
            handler.onCompleteResponse(answer("hello world"));
        }
    };

    @Test
    void printsItsLayersOutermostFirst() {
        ChatStack stack = ChatStack.builder()
                .chatModel(new Model())
                .layer(new Named("Retry", Stage.RESILIENCE))
                .layer(new Named("Cache", Stage.CACHE))
                .layer(new Named("OtherCache", Stage.CACHE))
                .layerBefore(Stage.CACHE, new Named("Timing", Stage.CUSTOM))
                .layerAfter(Stage.CACHE, new Named("Counting", Stage.CUSTOM))
                .build();

        assertThat(stack).hasToString("Timing -> Cache -> OtherCache -> Counting -> Retry -> Model");
    }

    @Test
    void refusesACustomLayerWithoutAPlaceAmongFixedOnes() {
        ChatStack.Builder builder = ChatStack.builder()
                .chatModel(HELLO)
                .layer(new Named("Cache", Stage.CACHE))
                .layer(new Named("Timing", Stage.CUSTOM));

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Timing")
                .hasMessageContaining("layerBefore");
    }

    @Test
    void putsTheIdOnTheAnswerAndTellsTheListener() {
        List<Interaction> interactions = new CopyOnWriteArrayList<>();
        ChatResponse response;
        try (ChatStack stack = ChatStack.builder()
                .chatModel(HELLO)
                .workload("greeting")
                .layer((call, next) -> next.proceed(call))
                .interactionListener(interactions::add)
                .build()) {
            response = stack.chatModel().chat(request());
        }

        AnswerInfo info = AnswerInfo.of(response).orElseThrow();
        assertThat(info.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(interactions).singleElement().satisfies(interaction -> {
            assertThat(interaction.id()).isEqualTo(info.id());
            assertThat(interaction.context().workload()).isEqualTo("greeting");
        });
    }

    @Test
    void streamsThroughALayerThatKnowsNothingOfStreams() throws Exception {
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(STREAMING_HELLO)
                .layer((call, next) -> {
                    ChatResponse answer = next.proceed(call);
                    return answer.toBuilder()
                            .aiMessage(answer.aiMessage()
                                    .withText(answer.aiMessage().text() + "!"))
                            .build();
                })
                .build();
        StringBuilder streamed = new StringBuilder();
        CompletableFuture<ChatResponse> complete = new CompletableFuture<>();

        stack.streamingChatModel().chat(request(), new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String part) {
                streamed.append(part);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                complete.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                complete.completeExceptionally(error);
            }
        });

        assertThat(complete.get(10, TimeUnit.SECONDS).aiMessage().text()).isEqualTo("hello world!");
        assertThat(streamed).hasToString("hello world!");
        assertThat(stack.callsUnderWay()).isZero();
    }

    @Test
    void runsTheExampleOfThePackage() {
        ChatModel model = HELLO;
        List<Interaction> interactions = new CopyOnWriteArrayList<>();

        // snippet
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .workload("greeting")
                .layer((call, next) -> next.proceed(call))
                .interactionListener(interactions::add)
                .build();
        ChatResponse response = stack.chatModel().chat(UserMessage.from("hi"));
        UUID id = AnswerInfo.of(response).orElseThrow().id();
        // end snippet

        stack.close();
        assertThat(interactions).extracting(Interaction::id).containsExactly(id);
    }

    @Test
    void refusesBadSettingsWhenItIsBuilt() {
        assertThatThrownBy(() -> ChatStack.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("chatModel");
        assertThatThrownBy(() -> ChatStack.builder()
                        .chatModel(HELLO)
                        .idleTimeout(Duration.ZERO)
                        .build())
                .hasMessage("idleTimeout: PT0S (expected: > 0)");
        assertThatThrownBy(() ->
                        ChatStack.builder().chatModel(HELLO).interactionQueue(0).build())
                .hasMessage("interactionQueue: 0 (expected: > 0)");
        assertThatThrownBy(
                        () -> ChatStack.builder().chatModel(HELLO).workload(" ").build())
                .hasMessageContaining("workload");
    }

    private static ChatRequest request() {
        return ChatRequest.builder().messages(UserMessage.from("hi")).build();
    }

    private static ChatResponse answer(String text) {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(text))
                .finishReason(FinishReason.STOP)
                .build();
    }

    private static final class Model implements ChatModel {
        @Override
        public ChatResponse doChat(ChatRequest request) {
            return answer("hello");
        }
    }

    private record Named(String name, Stage stage) implements ChatLayer {
        @Override
        public ChatResponse handle(ChatCall call, Next next) {
            return next.proceed(call);
        }
    }
}
