package io.github.flywheel4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ScriptedChatModelTest {

    private static final ChatRequest REQUEST = request("hello");

    private static ChatRequest request(String text) {
        return ChatRequest.builder().messages(UserMessage.from(text)).build();
    }

    @Test
    void saysTheSameThingAgainAndAgain() {
        ScriptedChatModel model = ScriptedChatModel.saying("Paris");

        assertThat(model.chat("one")).isEqualTo("Paris");
        assertThat(model.chat("two")).isEqualTo("Paris");
        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void givesItsAnswersInOrderAndRepeatsTheLast() {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.text("a"), Answer.text("b"));

        assertThat(List.of(model.chat("1"), model.chat("2"), model.chat("3"))).containsExactly("a", "b", "b");
    }

    @Test
    void answersByAFunctionOfTheRequest() {
        ScriptedChatModel model = ScriptedChatModel.answering(request ->
                Answer.text("You said " + ((UserMessage) request.messages().get(0)).singleText()));

        assertThat(model.chat("hi")).isEqualTo("You said hi");
    }

    @Test
    void needsEitherAnswersOrAFunction() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScriptedChatModel.builder().build())
                .withMessageContaining("answers: 0, function: none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScriptedChatModel.builder()
                        .answers(Answer.text("a"))
                        .answering(request -> Answer.text("b"))
                        .build())
                .withMessageContaining("answers: 1, function: given");
    }

    @Test
    void fillsTheResponse() {
        ChatResponse response = ScriptedChatModel.of(Answer.text("Paris")
                        .thinking("capital of France")
                        .usage(10, 5)
                        .id("r-1")
                        .modelName("small")
                        .attributes(Map.of("k", "v")))
                .chat(REQUEST);

        assertThat(response.aiMessage().text()).isEqualTo("Paris");
        assertThat(response.aiMessage().thinking()).isEqualTo("capital of France");
        assertThat(response.aiMessage().attributes()).containsEntry("k", "v");
        assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(10, 5));
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.id()).isEqualTo("r-1");
        assertThat(response.modelName()).isEqualTo("small");
    }

    @Test
    void asksForToolsWithTheFinishReasonThatGoesWithThem() {
        ChatResponse response = ScriptedChatModel.of(
                        Answer.toolCall("weather", "{\"city\":\"Paris\"}").andToolCall("time", "{}"))
                .chat(REQUEST);

        assertThat(response.aiMessage().text()).isNull();
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(response.aiMessage().toolExecutionRequests())
                .extracting(call -> call.id() + " " + call.name() + " " + call.arguments())
                .containsExactly("call_1 weather {\"city\":\"Paris\"}", "call_2 time {}");
    }

    @Test
    void namesTheModelThatTheRequestAsksFor() {
        Answer answer = Answer.text("Paris");
        ScriptedChatModel model = ScriptedChatModel.of(answer);
        ChatRequest large = REQUEST.toBuilder()
                .parameters(ChatRequestParameters.builder().modelName("large").build())
                .build();

        assertThat(model.chat(REQUEST).modelName()).isEqualTo("scripted");
        assertThat(model.chat(large).modelName()).isEqualTo("large");
        assertThat(model.chat(REQUEST).modelName()).isEqualTo("scripted");
    }

    @Test
    void endsWithoutAFinishReasonOrWithAnother() {
        assertThat(ScriptedChatModel.of(Answer.text("Par").withoutFinishReason())
                        .chat(REQUEST)
                        .finishReason())
                .isNull();
        assertThat(ScriptedChatModel.of(Answer.text("Par").finishReason(FinishReason.LENGTH))
                        .chat(REQUEST)
                        .finishReason())
                .isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void handsOverAResponseAsItIs() {
        ChatResponse response =
                ChatResponse.builder().aiMessage(AiMessage.from("as it is")).build();

        assertThat(ScriptedChatModel.of(Answer.of(response)).chat(REQUEST)).isSameAs(response);
        assertThat(ScriptedChatModel.of(Answer.of(response).usage(1, 2))
                        .chat(REQUEST)
                        .tokenUsage())
                .isEqualTo(new TokenUsage(1, 2));
    }

    @Test
    void returnsNullWhenTold() {
        assertThat(ScriptedChatModel.of(Answer.none()).doChat(REQUEST)).isNull();
    }

    @Test
    void throwsTheSameInstanceEvenOfACheckedException() {
        IOException failure = new IOException("reset");

        assertThatThrownBy(() -> ScriptedChatModel.of(Answer.failure(failure)).chat(REQUEST))
                .isSameAs(failure);
        assertThatThrownBy(() -> ScriptedChatModel.of(Answer.text("a b c").failAfterTokens(2, failure))
                        .chat(REQUEST))
                .isSameAs(failure);
        assertThatThrownBy(() -> ScriptedChatModel.of(Answer.failure(failure).terminals(Terminal.THROW))
                        .chat(REQUEST))
                .isSameAs(failure);
    }

    @Test
    void failsFirstAndAnswersThen() {
        RuntimeException failure = new RuntimeException("busy");
        ScriptedChatModel model = ScriptedChatModel.of(Answer.failure(failure), Answer.text("Paris"));

        assertThatThrownBy(() -> model.chat(REQUEST)).isSameAs(failure);
        assertThat(model.chat("again")).isEqualTo("Paris");
    }

    @Test
    void delaysByTheGivenSleeper() {
        TestSleeper sleeper = new TestSleeper();
        ScriptedChatModel model = ScriptedChatModel.builder()
                .answers(Answer.text("late").delay(Duration.ofHours(1)))
                .sleeper(sleeper)
                .build();

        assertThat(model.chat("hi")).isEqualTo("late");
        assertThat(sleeper.sleeps()).containsExactly(Duration.ofHours(1));
    }

    @Test
    void refusesToDelayWithoutASleeper() {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.text("late").delay(Duration.ofSeconds(1)));

        assertThatThrownBy(() -> model.chat("hi"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PT1S")
                .hasMessageContaining("sleeper(");
    }

    @Test
    void waitsForALatch() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        ScriptedChatModel model = ScriptedChatModel.of(Answer.text("late").waitFor(latch));
        AtomicReference<String> said = new AtomicReference<>();
        Thread caller = start(() -> said.set(model.chat("hi")));

        await().until(() -> model.live() == 1);
        assertThat(said.get()).isNull();
        latch.countDown();
        caller.join(10_000);

        assertThat(said.get()).isEqualTo("late");
        assertThat(model.live()).isZero();
    }

    @Test
    void hangsUntilReleased() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.text("at last").hang());
        AtomicReference<String> said = new AtomicReference<>();
        Thread caller = start(() -> said.set(model.chat("hi")));

        await().until(() -> model.live() == 1);
        model.release();
        caller.join(10_000);

        assertThat(said.get()).isEqualTo("at last");
        assertThat(model.chat("again")).as("nothing hangs after the release").isEqualTo("at last");
    }

    @Test
    void anInterruptEndsAHangLikeAnHttpCall() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.hanging());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread caller = start(() -> {
            try {
                model.chat("hi");
            } catch (Throwable e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
            }
        });

        await().until(() -> model.live() == 1);
        caller.interrupt();
        caller.join(10_000);

        assertThat(thrown.get())
                .isExactlyInstanceOf(RuntimeException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(flag.get()).isTrue();
        assertThat(model.live()).isZero();
    }

    @Test
    void recordsRequestsAndOptions() {
        ScriptedChatModel model = ScriptedChatModel.saying("Paris");
        ChatRequestOptions options = ChatRequestOptions.builder()
                .addListenerAttribute("tenant", "acme")
                .build();

        model.chat(request("one"));
        model.chat(request("two"), options);

        assertThat(model.requests()).containsExactly(request("one"), request("two"));
        assertThat(model.lastRequest()).isEqualTo(request("two"));
        assertThat(model.options()).containsExactly(ChatRequestOptions.EMPTY, options);
    }

    @Test
    void recordsNothingWhenSwitchedOff() {
        ScriptedChatModel model = ScriptedChatModel.builder()
                .answers(Answer.text("Paris"))
                .recording(false)
                .build();

        model.chat("one");

        assertThat(model.requests()).isEmpty();
        assertThat(model.options()).isEmpty();
        assertThat(model.calls()).isEqualTo(1);
        assertThatThrownBy(model::lastRequest).hasMessage("recording is switched off");
    }

    @Test
    void leavesDefaultsAndListenersToLangChain4j() {
        List<String> heard = new ArrayList<>();
        ScriptedChatModel model = ScriptedChatModel.builder()
                .answers(Answer.text("Paris"), Answer.failure(new RuntimeException("busy")))
                .defaultRequestParameters(ChatRequestParameters.builder()
                        .modelName("small")
                        .temperature(0.0)
                        .build())
                .capabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .provider(ModelProvider.OPEN_AI)
                .listeners(listener(heard))
                .build();

        ChatResponse response = model.chat(REQUEST);
        assertThatThrownBy(() -> model.chat(REQUEST)).hasMessage("busy");

        assertThat(response.modelName()).isEqualTo("small");
        assertThat(model.requests().get(0).parameters().temperature()).isZero();
        assertThat(model.supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        assertThat(model.provider()).isEqualTo(ModelProvider.OPEN_AI);
        assertThat(heard).containsExactly("request", "response", "request", "error");
    }

    @Test
    void canOverrideNothingButChat() {
        List<String> heard = new ArrayList<>();
        ScriptedChatModel model = ScriptedChatModel.builder()
                .answers(Answer.text("Paris"))
                .chatOnly()
                .defaultRequestParameters(
                        ChatRequestParameters.builder().modelName("small").build())
                .listeners(listener(heard))
                .build();

        assertThat(model.chat(REQUEST).modelName()).isEqualTo("scripted");
        assertThat(model.chat("hi")).isEqualTo("Paris");
        assertThat(heard).isEmpty();
        assertThatThrownBy(() -> model.chat(REQUEST, ChatRequestOptions.EMPTY)).hasMessage("Not implemented");
        assertThatThrownBy(() -> model.doChat(REQUEST)).hasMessage("Not implemented");
    }

    @Test
    void servesSixtyFourThreads() throws Exception {
        Answer[] answers = new Answer[6_400];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = Answer.text("answer " + i);
        }
        ScriptedChatModel model = ScriptedChatModel.of(answers);
        ExecutorService threads = Executors.newFixedThreadPool(64);
        List<String> said = new ArrayList<>();
        try {
            List<Future<List<String>>> futures = new ArrayList<>();
            for (int t = 0; t < 64; t++) {
                futures.add(threads.submit(() -> {
                    List<String> mine = new ArrayList<>();
                    for (int i = 0; i < 100; i++) {
                        mine.add(model.chat("hi"));
                    }
                    return mine;
                }));
            }
            for (Future<List<String>> future : futures) {
                said.addAll(future.get());
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(said).as("each answer is given once").doesNotHaveDuplicates().hasSize(6_400);
        assertThat(model.requests()).hasSize(6_400);
    }

    @Test
    void neverShowsTheTextOfAnAnswerInItsName() {
        assertThat(Answer.text("secret").andToolCall("t", "{}").failAfterTokens(1, new IOException("x")))
                .hasToString("Answer[6 characters, 1 tool calls, fails with IOException]");
    }

    static Thread start(Runnable task) {
        Thread thread = new Thread(task, "test-caller");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static ChatModelListener listener(List<String> heard) {
        return new ChatModelListener() {
            @Override
            public void onRequest(ChatModelRequestContext context) {
                heard.add("request");
            }

            @Override
            public void onResponse(ChatModelResponseContext context) {
                heard.add("response");
            }

            @Override
            public void onError(ChatModelErrorContext context) {
                heard.add("error");
            }
        };
    }
}
