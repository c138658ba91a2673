package io.github.flywheel4j.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.PriceList;
import io.github.flywheel4j.caching.ResponseCache;
import io.github.flywheel4j.caching.Scope;
import io.github.flywheel4j.caching.TemperaturePolicy;
import io.github.flywheel4j.feedback.Capture;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.TextPolicy;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Capture around the response cache: hits are interactions of their own, and feedback on one evicts the answer. */
class CaptureAndCacheTest {

    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("Are you open?")).build();

    private final List<FeedbackEvent> events = new CopyOnWriteArrayList<>();
    private final ResponseCache cache = ResponseCache.builder(Scope.tenant())
            .temperature(TemperaturePolicy.any())
            .build();
    private final ScriptedChatModel model = ScriptedChatModel.answering(
            request -> Answer.text("Yes.").modelName("small").usage(10, 5));
    private final ScriptedStreamingChatModel streaming = ScriptedStreamingChatModel.answering(
            request -> Answer.text("Yes.").modelName("small").usage(10, 5));

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void aHitIsRecordedWithItsOriginAtNoCost(boolean streams) {
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .workload("support-answers")
                .prices(PriceList.builder("USD")
                        .perMillionTokens("small", "1", "1")
                        .build())
                .layer(cache)
                .layer(Capture.to(events::add, TextPolicy.full()))
                .build();
        assertThat(stack.toString()).startsWith("Capture -> ResponseCache -> ");
        AnswerInfo made = AnswerInfo.of(ask(stack, streams)).orElseThrow();
        AnswerInfo hit = AnswerInfo.of(ask(stack, streams)).orElseThrow();
        assertThat(cache.evict(hit.id())).as("negative feedback on the hit").isTrue();
        AnswerInfo anew = AnswerInfo.of(ask(stack, streams)).orElseThrow();
        stack.close();

        List<InteractionEvent> recordedOnes = events.stream()
                .filter(InteractionEvent.class::isInstance)
                .map(InteractionEvent.class::cast)
                .toList();
        assertThat(recordedOnes)
                .extracting(event -> event.info().interactionId())
                .containsExactly(made.id(), hit.id(), anew.id());
        assertThat(recordedOnes).extracting(event -> event.info().answerFrom()).containsExactly(null, made.id(), null);
        InteractionEvent recorded = recordedOnes.get(1);
        assertThat(recorded.servedBy()).isEqualTo("cache");
        assertThat(recorded.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(recorded.cost()).hasToString("0 USD");
        assertThat(recordedOnes.get(0).cost()).hasToString("0.000015 USD");
        assertThat(hit.origin()).isEqualTo(made.id());
        assertThat(anew.origin()).isNull();
    }

    private static ChatResponse ask(ChatStack stack, boolean streams) {
        CallContext context = CallContext.builder().tenant("north").user("ann").build();
        if (!streams) {
            return stack.chatModel().chat(REQUEST, context.options());
        }
        RecordingHandler heard = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, context.options(), heard);
        return heard.await().responses().get(0);
    }
}
