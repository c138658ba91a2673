package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What may be stored, and what never. */
class StorableTest {

    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("Are you open?")).build();

    @ParameterizedTest
    @EnumSource(
            value = FinishReason.class,
            names = {"LENGTH", "CONTENT_FILTER", "OTHER", "TOOL_EXECUTION"})
    void nothingThatEndedInAnotherWay(FinishReason reason) {
        assertStoresNot(Answer.text("Yes, until").finishReason(reason), "finish reason " + reason);
    }

    @Test
    void nothingWithoutAFinishReason() {
        assertStoresNot(Answer.text("Yes.").withoutFinishReason(), "no finish reason");
    }

    @Test
    void nothingWithoutAWord() {
        assertStoresNot(Answer.text(" "), "no text");
    }

    @Test
    void nothingTooLarge() {
        ResponseCache cache = Caches.shared().maximumAnswerBytes(1000).build();
        askTwice(cache, Answer.text("yes ".repeat(200)), 2);
        assertThat(cache.stats().notStored()).containsEntry("size", 2L);
    }

    @Test
    void noFailure() {
        ScriptedChatModel model = ScriptedChatModel.of(
                Answer.failure(new RateLimitException("scripted")), Answer.text("Yes."), Answer.text("No."));
        ResponseCache cache = Caches.shared().build();
        ChatStack stack = ChatStack.builder().chatModel(model).layer(cache).build();
        Assertions.assertThatThrownBy(() -> stack.chatModel().chat(REQUEST)).isInstanceOf(RateLimitException.class);

        assertThat(stack.chatModel().chat(REQUEST).aiMessage().text()).isEqualTo("Yes.");
        assertThat(stack.chatModel().chat(REQUEST).aiMessage().text()).isEqualTo("Yes.");
    }

    @Test
    void noStreamThatBrokeOff() {
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Answer.text("Yes, until six.").breakOffAfterTokens(2), Answer.text("Yes, until seven."));
        ResponseCache cache = Caches.shared().build();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(model)
                .idleTimeout(Duration.ofMillis(200))
                .layer(cache)
                .build();
        RecordingHandler first = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, first);
        assertThat(first.await().errors()).hasSize(1);
        RecordingHandler second = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, second);
        assertThat(second.await().text()).isEqualTo("Yes, until seven.");
    }

    @Test
    void noToolCallUnlessItsToolIsPure() {
        Answer call = Answer.toolCall("hours", "{}");
        assertStoresNot(call, "tool call");
        assertStoresNot(call.andToolCall("order", "{}"), "tool call");

        ResponseCache cache = Caches.shared().pureTools("hours").build();
        askTwice(cache, call, 1);
        askTwice(Caches.shared().pureTools("hours").build(), call.andToolCall("order", "{}"), 2);
    }

    @Test
    void aStreamHearsThePureToolCallsOfAHit() {
        ResponseCache cache = Caches.shared().pureTools("hours").build();
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(Answer.toolCall("hours", "{\"day\":1}"));
        ChatStack stack =
                ChatStack.builder().streamingChatModel(model).layer(cache).build();
        RecordingHandler first = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, first);
        first.await();
        RecordingHandler hit = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, hit);
        hit.await();

        assertThat(model.calls()).isEqualTo(1);
        assertThat(hit.toolCalls()).isEqualTo(first.toolCalls()).hasSize(1);
        assertThat(hit.responses().get(0).finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    }

    static Stream<Arguments> layersThatObject() {
        return Stream.of(
                Arguments.of("degraded", layer((call, next) -> AnswerInfo.degraded(next.proceed(call), "a guess"))),
                Arguments.of("blocked", layer((call, next) -> AnswerInfo.blocked(next.proceed(call), "not for you"))),
                Arguments.of("objection of a layer", layer((call, next) -> {
                    ChatResponse answer = next.proceed(call);
                    call.trace().record("Guard", "blocked");
                    return answer;
                })));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layersThatObject")
    void nothingThatALayerFurtherInObjectsTo(String reason, ChatLayer guard) {
        for (boolean streams : List.of(false, true)) {
            ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("Yes."));
            ScriptedStreamingChatModel streaming = ScriptedStreamingChatModel.answering(request -> Answer.text("Yes."));
            ResponseCache cache = Caches.shared().build();
            ChatStack stack = ChatStack.builder()
                    .chatModel(model)
                    .streamingChatModel(streaming)
                    .layer(cache)
                    .layerAfter(Stage.CACHE, guard)
                    .build();
            for (int i = 0; i < 2; i++) {
                if (streams) {
                    RecordingHandler heard = new RecordingHandler();
                    stack.streamingChatModel().chat(REQUEST, heard);
                    assertThat(heard.await().errors()).isEmpty();
                } else {
                    stack.chatModel().chat(REQUEST);
                }
            }
            assertThat(model.calls() + streaming.calls()).isEqualTo(2);
            assertThat(cache.stats().notStored()).containsEntry(reason, 2L);
        }
    }

    @Test
    void storesWhatALayerFurtherOutMarks() {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.text("Yes."));
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .layer(Caches.shared().build())
                .layerBefore(Stage.CACHE, layer((call, next) -> {
                    call.trace().record("Guard", "blocked"); // some other question of the same turn
                    return next.proceed(call);
                }))
                .build();
        stack.chatModel().chat(REQUEST);
        stack.chatModel().chat(REQUEST);

        assertThat(model.calls()).isEqualTo(1);
    }

    @Test
    void asksTheTemperatureOfTheRequestAndOfTheModel() {
        ChatRequest warm = REQUEST.toBuilder()
                .parameters(ChatRequestParameters.builder().temperature(0.7).build())
                .build();
        ChatRequest cold = REQUEST.toBuilder()
                .parameters(ChatRequestParameters.builder().temperature(0.0).build())
                .build();
        ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("Yes."));
        ResponseCache cache = ResponseCache.builder(Scope.shared("a test"))
                .temperature(TemperaturePolicy.atMost(0))
                .build();
        ChatStack stack = ChatStack.builder().chatModel(model).layer(cache).build();
        for (ChatRequest request : List.of(warm, warm, REQUEST, REQUEST, cold, cold)) {
            stack.chatModel().chat(request);
        }
        assertThat(model.calls()).isEqualTo(5);
        assertThat(cache.stats().bypasses()).isEqualTo(Map.of("temperature", 4L));

        ScriptedChatModel coldByDefault = ScriptedChatModel.builder()
                .answering(request -> Answer.text("Yes."))
                .defaultRequestParameters(
                        ChatRequestParameters.builder().temperature(0.0).build())
                .build();
        ChatStack other =
                ChatStack.builder().chatModel(coldByDefault).layer(cache).build();
        other.chatModel().chat(REQUEST);
        other.chatModel().chat(REQUEST);
        assertThat(coldByDefault.calls()).isLessThanOrEqualTo(1);
    }

    @Test
    void letsACallPassThatAsksForIt() {
        ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("Yes."));
        ResponseCache cache = Caches.shared().build();
        ChatStack stack = ChatStack.builder().chatModel(model).layer(cache).build();
        CallContext repeat =
                CallContext.builder().attribute(ResponseCache.BYPASS, true).build();
        for (int i = 0; i < 3; i++) {
            stack.chatModel().chat(REQUEST, repeat.options());
        }

        assertThat(model.calls()).isEqualTo(3);
        assertThat(cache.stats().bypasses()).isEqualTo(Map.of("asked for", 3L));
        assertThat(cache.stats().answers()).isZero();
    }

    private static void assertStoresNot(Answer answer, String reason) {
        ResponseCache cache = Caches.shared().build();
        askTwice(cache, answer, 2);
        assertThat(cache.stats().notStored()).containsEntry(reason, 2L);
        assertThat(cache.stats().answers()).isZero();
    }

    private static void askTwice(ResponseCache cache, Answer answer, int calls) {
        ScriptedChatModel model = ScriptedChatModel.answering(request -> answer);
        ChatStack stack = ChatStack.builder().chatModel(model).layer(cache).build();
        ChatRequest request = REQUEST.toBuilder()
                .toolSpecifications(
                        ToolSpecification.builder().name("hours").build(),
                        ToolSpecification.builder().name("order").build())
                .build();
        stack.chatModel().chat(request);
        stack.chatModel().chat(request);
        assertThat(model.calls()).isEqualTo(calls);
    }

    private static ChatLayer layer(ChatLayer lambda) {
        return lambda;
    }
}
