package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.Attempt;
import io.github.flywheel4j.Attempts;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.ResponseStream;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cache beside each of its neighbours, blocking and streaming. */
class CompositionTest {

    private static final String SECRET = "4111-1111";

    private final List<Interaction> interactions = new CopyOnWriteArrayList<>();
    private final ResponseCache cache = Caches.shared().build();
    private final ScriptedChatModel model = ScriptedChatModel.answering(request -> answer(request));
    private final ScriptedStreamingChatModel streaming =
            ScriptedStreamingChatModel.answering(request -> answer(request));
    private final List<ChatStack> stacks = new ArrayList<>();

    @AfterEach
    void close() {
        stacks.forEach(ChatStack::close);
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void behindAGuardOfTheInputItSeesNoSecret(boolean streams) {
        ChatLayer masking = (call, next) -> next.proceed(call.withRequest(masked(call.request())));
        ChatStack stack = stack(builder().layerBefore(Stage.CACHE, masking));
        ask(stack, "My card is " + SECRET, streams);
        ChatResponse hit = ask(stack, "My card is 5500-2222", streams);

        assertThat(calls())
                .as("both are the same question once they are masked")
                .isEqualTo(1);
        assertThat(hit.aiMessage().text()).doesNotContain(SECRET);
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void behindAGuardOfTheInputThatBlocksItIsNotAsked(boolean streams) {
        ChatLayer blocking = (call, next) -> {
            throw new IllegalStateException("blocked by a test");
        };
        ChatStack stack = stack(builder().layerBefore(Stage.CACHE, blocking));
        assertThatThrownBy(() -> ask(stack, "hi", streams)).isInstanceOf(IllegalStateException.class);

        assertThat(cache.stats().misses()).isZero();
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void beforeAGuardOfTheOutputItStoresWhatTheGuardMadeOfIt(boolean streams) {
        AtomicInteger checks = new AtomicInteger();
        ChatLayer shouting = (call, next) -> {
            checks.incrementAndGet();
            ChatResponse answer = next.proceed(call.withStream(new ResponseStream.Forwarding(call.stream()) {
                @Override
                public void text(String text) {
                    super.text(text.toUpperCase(Locale.ROOT));
                }
            }));
            return answer.toBuilder()
                    .aiMessage(answer.aiMessage().toBuilder()
                            .text(answer.aiMessage().text().toUpperCase(Locale.ROOT))
                            .build())
                    .build();
        };
        ChatStack stack = stack(builder().layerAfter(Stage.CACHE, shouting));
        assertThat(ask(stack, "hi", streams).aiMessage().text()).isEqualTo("ANSWER TO HI");
        assertThat(ask(stack, "hi", streams).aiMessage().text()).isEqualTo("ANSWER TO HI");
        assertThat(ask(stack, "hi", !streams).aiMessage().text()).isEqualTo("ANSWER TO HI");

        assertThat(checks).hasValue(1);
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void beforeRetrievalItSavesItAndMissesOnNewKnowledge(boolean streams) {
        AtomicInteger searches = new AtomicInteger();
        ChatLayer retrieval = (call, next) -> {
            searches.incrementAndGet();
            call.trace().record("Retrieval", "found", Map.of("sources", List.of("handbook")), Duration.ZERO);
            List<ChatMessage> messages = new ArrayList<>(call.request().messages());
            messages.add(0, SystemMessage.from("Passages: " + call.context().knowledgeVersion()));
            return next.proceed(call.withRequest(
                    call.request().toBuilder().messages(messages).build()));
        };
        ChatStack stack = stack(builder().layerAfter(Stage.OUTPUT, retrieval));
        CallContext first = CallContext.builder().knowledgeVersion("v1").build();
        CallContext second = CallContext.builder().knowledgeVersion("v2").build();
        ask(stack, "hi", streams, first);
        ask(stack, "hi", streams, first);
        assertThat(searches).hasValue(1);
        ask(stack, "hi", streams, second);
        assertThat(searches).hasValue(2);
        assertThat(cache.evictSource("handbook")).isEqualTo(2);
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void beforeRetriesItStoresTheAnswerOfTheTryThatSucceeded(boolean streams) {
        AtomicInteger tries = new AtomicInteger();
        ChatLayer flaky = (call, next) -> {
            if (tries.incrementAndGet() == 1) {
                call.trace().record("Flaky", "failed");
                throw new RateLimitException("scripted");
            }
            return next.proceed(call);
        };
        ChatStack stack = stack(builder().layerAfter(Stage.ROUTE, retry()).layerAfter(Stage.RESILIENCE, flaky));
        assertThat(ask(stack, "hi", streams).aiMessage().text()).isEqualTo("answer to hi");
        ask(stack, "hi", streams);

        assertThat(tries).hasValue(2);
        assertThat(calls()).isEqualTo(1);
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void insideRetriesEachTryIsACallOfItsOwn(boolean streams) {
        AtomicInteger tries = new AtomicInteger();
        ChatLayer flaky = (call, next) -> {
            if (tries.incrementAndGet() == 1) {
                throw new RateLimitException("scripted");
            }
            return next.proceed(call);
        };
        ChatStack stack = stack(builder().layerBefore(Stage.CACHE, retry()).layerAfter(Stage.CACHE, flaky));
        assertThat(ask(stack, "hi", streams).aiMessage().text()).isEqualTo("answer to hi");
        assertThat(ask(stack, "hi", streams).aiMessage().text()).isEqualTo("answer to hi");

        assertThat(tries).hasValue(2);
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void whatListensFurtherOutSeesHitsWithTheirOrigin(boolean streams) {
        AtomicReference<ChatResponse> passing = new AtomicReference<>();
        ChatLayer capture = (call, next) -> {
            ChatResponse answer = next.proceed(call);
            passing.set(answer);
            return answer;
        };
        ChatStack stack = stack(builder().layerBefore(Stage.CACHE, capture));
        ChatResponse made = ask(stack, "hi", streams);
        ChatResponse hit = ask(stack, "hi", streams);
        stack.close();

        AnswerInfo info = AnswerInfo.of(hit).orElseThrow();
        assertThat(info.origin()).isEqualTo(AnswerInfo.of(made).orElseThrow().id());
        assertThat(passing.get().tokenUsage().totalTokenCount()).isZero();
        Interaction recorded = interactions.get(1);
        assertThat(recorded.id()).isEqualTo(info.id());
        assertThat(recorded.servedBy()).isEqualTo("cache");
        assertThat(recorded.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(AnswerInfo.of(recorded.response()).orElseThrow().origin()).isEqualTo(info.origin());
        assertThat(Interaction.fromJson(recorded.toJson()).toJson()).isEqualTo(recorded.toJson());
    }

    private static ChatLayer retry() {
        return (call, next) -> {
            Attempts attempts = call.attempts();
            for (int left = 3; ; left--) {
                Attempt attempt = attempts.start();
                try {
                    return attempt.commit(next.proceed(attempt.call()));
                } catch (RetriableException e) {
                    call.cancellation().throwIfCancelled();
                    if (attempts.committed() || left == 1) {
                        throw e;
                    }
                }
            }
        };
    }

    private static ChatRequest masked(ChatRequest request) {
        UserMessage asked = (UserMessage) request.messages().get(0);
        return request.toBuilder()
                .messages(UserMessage.from(asked.singleText().replaceAll("[0-9]+-[0-9]+", "<card>")))
                .build();
    }

    private static Answer answer(ChatRequest request) {
        List<ChatMessage> messages = request.messages();
        return Answer.text("answer to " + ((UserMessage) messages.get(messages.size() - 1)).singleText())
                .usage(3, 2);
    }

    private ChatStack.Builder builder() {
        return ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .layer(cache)
                .interactionListener(interactions::add);
    }

    private ChatStack stack(ChatStack.Builder builder) {
        ChatStack stack = builder.build();
        stacks.add(stack);
        return stack;
    }

    private long calls() {
        return model.calls() + streaming.calls();
    }

    private static ChatResponse ask(ChatStack stack, String question, boolean streams) {
        return ask(stack, question, streams, CallContext.empty());
    }

    private static ChatResponse ask(ChatStack stack, String question, boolean streams, CallContext context) {
        return Asking.ask(
                stack,
                ChatRequest.builder().messages(UserMessage.from(question)).build(),
                context,
                streams);
    }
}
