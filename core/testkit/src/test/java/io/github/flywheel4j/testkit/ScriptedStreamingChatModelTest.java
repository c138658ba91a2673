package io.github.flywheel4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScriptedStreamingChatModelTest {

    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("hello")).build();

    private static ScriptedStreamingChatModel onCallersThread(Answer... answers) {
        return ScriptedStreamingChatModel.builder()
                .answers(answers)
                .onCallersThread()
                .build();
    }

    private static RecordingHandler play(Answer answer) {
        RecordingHandler heard = new RecordingHandler();
        onCallersThread(answer).chat(REQUEST, heard);
        return heard;
    }

    @Test
    void streamsByWordsOnAThreadOfItsOwn() throws Exception {
        RecordingHandler heard = new RecordingHandler();
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.saying("Paris is lovely");

        model.chat(REQUEST, heard);
        heard.await();

        assertThat(heard.events()).containsExactly("text:Paris", "text: is", "text: lovely", "complete");
        assertThat(heard.thread().orElseThrow()).isNotSameAs(Thread.currentThread());
        assertThat(heard.thread().orElseThrow().isDaemon()).isTrue();
        assertThat(heard.responses().get(0).aiMessage().text()).isEqualTo("Paris is lovely");
        await().until(() -> model.live() == 0);
    }

    @Test
    void streamsOnTheCallersThreadOrOnAnExecutor() throws Exception {
        assertThat(play(Answer.text("hi")).thread().orElseThrow()).isSameAs(Thread.currentThread());

        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
        try {
            RecordingHandler heard = new RecordingHandler();
            ScriptedStreamingChatModel.builder()
                    .answers(Answer.text("hi"))
                    .executor(executor)
                    .build()
                    .chat(REQUEST, heard);
            assertThat(heard.await().thread().orElseThrow().getName()).isEqualTo("mine");
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void givesItsEventsInAProvidersOrder() {
        RecordingHandler heard = play(Answer.text("see")
                .thinking("let me")
                .andToolCall("weather", "{\"a\": 1}")
                .andToolCall("time", "{}")
                .rawEvents("role", "ping"));

        assertThat(heard.events())
                .containsExactly(
                        "raw:role",
                        "raw:ping",
                        "thinking:let",
                        "thinking: me",
                        "text:see",
                        "partial-tool-call:weather:{\"a\":",
                        "partial-tool-call:weather: 1}",
                        "tool-call:weather:{\"a\": 1}",
                        "partial-tool-call:time:{}",
                        "tool-call:time:{}",
                        "complete");
        assertThat(heard.responses().get(0).finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    }

    @Test
    void tellsOfToolCallsAsMuchAsTheProviderDoes() {
        Answer answer = Answer.toolCall("time", "{}");

        assertThat(play(answer.toolCallEvents(ToolCallEvents.COMPLETE_ONLY)).events())
                .containsExactly("tool-call:time:{}", "complete");
        RecordingHandler silent = play(answer.toolCallEvents(ToolCallEvents.NONE));
        assertThat(silent.events()).containsExactly("complete");
        assertThat(silent.responses().get(0).aiMessage().hasToolExecutionRequests())
                .isTrue();
    }

    @Test
    void cutsTheTextAsTold() {
        assertThat(play(Answer.text("añ😀").tokens(TokenSplit.characters())).events())
                .containsExactly("text:a", "text:ñ", "text:😀", "complete");
        assertThat(play(Answer.text("a b").tokens(TokenSplit.whole())).events())
                .containsExactly("text:a b", "complete");
        assertThat(play(Answer.tokens("Hel", "", "lo")).events()).containsExactly("text:Hel", "text:lo", "complete");
        assertThat(play(Answer.text("")).events()).containsExactly("complete");
    }

    @Test
    void failsBeforeAnythingOrInTheMiddle() {
        IOException failure = new IOException("reset");

        RecordingHandler before = play(Answer.failure(failure));
        assertThat(before.events()).containsExactly("error");
        assertThat(before.errors()).containsExactly(failure);

        assertThat(play(Answer.text("a b c").thinking("hm").failAfterTokens(2, failure))
                        .events())
                .containsExactly("thinking:hm", "text:a", "text: b", "error");
        assertThat(play(Answer.text("a").failAfterTokens(9, failure)).events()).containsExactly("text:a", "error");
    }

    @Test
    void endsByTheSignalsThatItIsToldToGive() {
        IOException failure = new IOException("reset");
        Answer fails = Answer.text("a").failAfterTokens(1, failure);

        assertThat(play(fails.terminals(Terminal.ERROR, Terminal.COMPLETE, Terminal.ERROR))
                        .events())
                .containsExactly("text:a", "error", "complete", "error");
        assertThat(play(fails.terminals()).events()).containsExactly("text:a");
        assertThat(play(fails.lateTokens("late")).events()).containsExactly("text:a", "error", "text:late");
    }

    @Test
    void throwsOutOfChatOnTheCallersThread() {
        IOException failure = new IOException("refused");
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Answer.failure(failure).terminals(Terminal.THROW),
                Answer.failure(failure).terminals(Terminal.ERROR, Terminal.THROW));
        RecordingHandler thrown = new RecordingHandler();
        RecordingHandler both = new RecordingHandler();

        assertThatThrownBy(() -> model.chat(REQUEST, thrown)).isSameAs(failure);
        assertThatThrownBy(() -> model.chat(REQUEST, both)).isSameAs(failure);

        assertThat(thrown.events()).isEmpty();
        assertThat(both.events()).containsExactly("error");
        assertThat(model.live()).isZero();
    }

    @Test
    void breaksOffWithoutAFinishReason() {
        RecordingHandler heard = play(Answer.text("a b c").usage(1, 3).breakOffAfterTokens(2));

        assertThat(heard.events()).containsExactly("text:a", "text: b", "complete");
        ChatResponse response = heard.responses().get(0);
        assertThat(response.aiMessage().text()).isEqualTo("a b");
        assertThat(response.finishReason()).isNull();
        assertThat(response.tokenUsage()).isNull();
    }

    @Test
    void completesWithNullWhenTold() {
        RecordingHandler heard = play(Answer.none());

        assertThat(heard.events()).containsExactly("complete");
        assertThat(heard.responses()).containsOnlyNulls();
    }

    @Test
    void goesSilentOnceCancelled() {
        RecordingHandler heard = new RecordingHandler(soFar -> {
            if (soFar.text().equals("a b")) {
                soFar.cancel();
                soFar.cancel();
            }
        });
        ScriptedStreamingChatModel model = onCallersThread(Answer.text("a b c d"));

        model.chat(REQUEST, heard);

        assertThat(heard.events()).containsExactly("text:a", "text: b");
        assertThat(heard.handle().orElseThrow().isCancelled()).isTrue();
        assertThat(model.cancelled()).isEqualTo(1);
        assertThat(model.live()).isZero();
    }

    @Test
    void streamsOnWhenItIgnoresACancel() {
        RecordingHandler heard = new RecordingHandler(RecordingHandler::cancel);
        ScriptedStreamingChatModel model = onCallersThread(Answer.text("a b").ignoringCancel());

        model.chat(REQUEST, heard);

        assertThat(heard.events()).containsExactly("text:a", "text: b", "complete");
        assertThat(model.cancelled()).isEqualTo(1);
    }

    @Test
    void reportsItsCancelAsAFailureWhenTold() throws Exception {
        IOException closed = new IOException("closed");
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Answer.text("a b").hangAfterTokens(1).failOnCancel(closed));
        RecordingHandler heard = new RecordingHandler();

        model.chat(REQUEST, heard);
        await().until(() -> model.hanging() == 1);
        heard.cancel();

        assertThat(heard.await().events()).containsExactly("text:a", "error");
        assertThat(heard.errors()).containsExactly(closed);
        await().until(() -> model.live() == 0);
    }

    @Test
    void givesNoHandleWhenTheProviderHasNone() {
        RecordingHandler heard =
                play(Answer.text("a").thinking("t").andToolCall("x", "{}").withoutHandle());

        assertThat(heard.events())
                .containsExactly("thinking:t", "text:a", "partial-tool-call:x:{}", "tool-call:x:{}", "complete");
        assertThat(heard.handle()).isEmpty();
    }

    @Test
    void hangsInTheMiddleUntilReleased() throws Exception {
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.text("a b c").hangAfterTokens(2));
        RecordingHandler heard = new RecordingHandler();

        model.chat(REQUEST, heard);
        await().until(() -> model.hanging() == 1);
        assertThat(heard.events()).containsExactly("text:a", "text: b");
        model.release();

        assertThat(heard.await().events()).containsExactly("text:a", "text: b", "text: c", "complete");
        await().until(() -> model.live() == 0);
    }

    @Test
    void aHangingStreamIsCancelledFromAnotherThread() {
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.text("a b").hangAfterTokens(1));
        RecordingHandler heard = new RecordingHandler();

        model.chat(REQUEST, heard);
        await().until(() -> model.hanging() == 1);
        heard.cancel();

        assertThat(model.live()).isZero();
        model.release();
        assertThat(heard.events()).containsExactly("text:a");
    }

    @Test
    void aStreamThatHangsOnTheCallersThreadIsCancelledFromAnother() throws Exception {
        ScriptedStreamingChatModel model = onCallersThread(Answer.text("a b").hangAfterTokens(1));
        RecordingHandler heard = new RecordingHandler();
        Thread caller = ScriptedChatModelTest.start(() -> model.chat(REQUEST, heard));

        await().until(() -> model.hanging() == 1);
        heard.cancel();
        caller.join(10_000);

        assertThat(caller.isAlive()).isFalse();
        assertThat(heard.events()).containsExactly("text:a");
        assertThat(model.live()).isZero();
    }

    @Test
    void anInterruptEndsAHangWithAnError() throws Exception {
        ScriptedStreamingChatModel model = onCallersThread(Answer.text("a b").hangAfterTokens(1));
        RecordingHandler heard = new RecordingHandler();
        Thread caller = ScriptedChatModelTest.start(() -> model.chat(REQUEST, heard));

        await().until(() -> model.hanging() == 1);
        caller.interrupt();
        caller.join(10_000);

        assertThat(heard.events()).containsExactly("text:a", "error");
        assertThat(heard.errors().get(0))
                .isExactlyInstanceOf(RuntimeException.class)
                .hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void tenThousandHangingStreamsHoldNoThread() {
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.text("a b").hangAfterTokens(1));
        int before = Thread.activeCount();

        List<RecordingHandler> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            RecordingHandler heard = new RecordingHandler();
            all.add(heard);
            model.chat(REQUEST, heard);
        }
        await().until(() -> model.hanging() == 10_000);
        await().until(() -> Thread.activeCount() <= before + 10);
        model.release();

        await().atMost(30, TimeUnit.SECONDS).until(() -> model.live() == 0);
        assertThat(all).allSatisfy(heard -> assertThat(heard.events()).endsWith("complete"));
    }

    @Test
    void waitsInTheMiddleForALatchAndDelaysByTheSleeper() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        TestSleeper sleeper = new TestSleeper();
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.builder()
                .answers(Answer.text("a b")
                        .delay(Duration.ofSeconds(2))
                        .delayPerToken(Duration.ofMillis(20))
                        .waitAfterTokens(1, latch))
                .sleeper(sleeper)
                .build();
        RecordingHandler heard = new RecordingHandler();

        model.chat(REQUEST, heard);
        await().until(() -> heard.events().size() == 1);
        latch.countDown();

        assertThat(heard.await().events()).containsExactly("text:a", "text: b", "complete");
        assertThat(sleeper.sleeps())
                .containsExactly(Duration.ofSeconds(2), Duration.ofMillis(20), Duration.ofMillis(20));
    }

    @Test
    void reportsAHandlersExceptionToItAndStreamsOn() {
        RuntimeException thrown = new RuntimeException("handler");
        RecordingHandler heard = new RecordingHandler(soFar -> {
            if (soFar.text().equals("a")) {
                throw thrown;
            }
        });

        onCallersThread(Answer.text("a b")).chat(REQUEST, heard);

        assertThat(heard.events()).containsExactly("text:a", "error", "text: b", "complete");
        assertThat(heard.errors()).containsExactly(thrown);
    }

    @Test
    void recordsRequestsAndOptionsAndLeavesTheRestToLangChain4j() {
        List<String> listened = new ArrayList<>();
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.builder()
                .answers(Answer.text("Paris"))
                .onCallersThread()
                .defaultRequestParameters(
                        ChatRequestParameters.builder().modelName("small").build())
                .listeners(ScriptedChatModelTest.listener(listened))
                .build();
        ChatRequestOptions options =
                ChatRequestOptions.builder().addListenerAttribute("k", "v").build();
        RecordingHandler heard = new RecordingHandler();

        model.chat(REQUEST, options, heard);

        assertThat(model.lastRequest().parameters().modelName()).isEqualTo("small");
        assertThat(heard.responses().get(0).modelName()).isEqualTo("small");
        assertThat(model.options()).containsExactly(options);
        assertThat(listened).containsExactly("request", "response");
    }

    @Test
    void canOverrideNothingButChat() {
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.builder()
                .answers(Answer.text("Paris"))
                .onCallersThread()
                .chatOnly()
                .build();
        RecordingHandler heard = new RecordingHandler();

        model.chat(REQUEST, heard);

        assertThat(heard.events()).containsExactly("text:Paris", "complete");
        assertThatThrownBy(() -> model.chat(REQUEST, ChatRequestOptions.EMPTY, heard))
                .hasMessage("Not implemented");
        assertThatThrownBy(() -> model.doChat(REQUEST, heard)).hasMessage("Not implemented");
    }
}
