package io.github.flywheel4j;

import static io.github.flywheel4j.Layers.hedge;
import static io.github.flywheel4j.Layers.passing;
import static io.github.flywheel4j.Layers.retry;
import static io.github.flywheel4j.Layers.rewriting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.OpenAiStubServer;
import io.github.flywheel4j.testkit.StubReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules of the stream with a real client and a real connection, and all that these do of their own. */
class RulesOverHttpTest {

    private final OpenAiStubServer server = OpenAiStubServer.replying(StubReply.text("one two three four"));
    private final Recorded recorded = new Recorded();

    @AfterEach
    void closeServer() {
        server.close();
    }

    @Test
    void theRestOfTheAnswerFollowsWhatTheServerStreamed() throws Exception {
        ChatStack stack = stack().layer(rewriting("Polite", text -> text + "!")).build();

        Caller caller = ask(stack);

        assertThat(caller.error()).isNull();
        assertThat(caller.text()).isEqualTo("one two three four!");
        assertThat(Shape.BLOCKING.text(stack)).isEqualTo("one two three four!");
    }

    @Test
    void theRoleChunkCommitsNoAttempt() throws Exception {
        server.enqueue(StubReply.text("one two").endAfterTokens(0), StubReply.serverError(), StubReply.text("three"));
        ChatStack stack = stack().layer(retry(3)).build();

        Caller caller = ask(stack);

        assertThat(caller.error()).isNull();
        assertThat(caller.text()).isEqualTo("three");
        assertThat(server.chatRequests()).hasSize(3);
    }

    @Test
    void aStreamThatTheServerEndsEarlyIsBrokenOffAndNotRetried() throws Exception {
        server.enqueue(StubReply.text("one two three").endAfterTokens(2));
        ChatStack stack = stack().layer(retry(3)).build();

        Caller caller = ask(stack);

        assertThat(caller.error()).isNotNull();
        assertThat(caller.text()).isEqualTo("one two");
        assertThat(server.chatRequests()).hasSize(1);
        assertThat(recorded.only(stack)).satisfies(interaction -> {
            assertThat(interaction.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(interaction.released()).isEqualTo("one two");
        });
    }

    @Test
    void aConnectionThatIsResetHasOneTerminal() throws Exception {
        for (StubReply reply : new StubReply[] {
            StubReply.text("one two three").resetAfterTokens(1),
            StubReply.text("one two three").dropAfterTokens(1),
            StubReply.text("one two three").garbageAfterTokens(1),
            StubReply.reset(),
            StubReply.garbage()
        }) {
            server.enqueue(reply);
            Caller caller = ask(stack().layer(passing("Outer")).build());

            assertThat(caller.error()).as(reply.toString()).isNotNull();
            assertThat("one two three").startsWith(caller.text());
        }
    }

    @Test
    void aServerThatFallsSilentStallsAndIsLetGo() throws Exception {
        server.enqueue(StubReply.text("one two three").hangAfterTokens(1));
        ChatStack stack = stack().idleTimeout(Duration.ofSeconds(1)).build();

        Caller caller = ask(stack);

        assertThat(caller.error()).isInstanceOf(StreamStalled.class);
        assertThat(caller.text()).isEqualTo("one");
    }

    @Test
    void aCancelledStreamClosesItsConnection() throws Exception {
        server.enqueue(StubReply.text("one two three four").hangAfterTokens(1));
        ChatStack stack = stack().layer(passing("Outer")).build();
        Caller caller = new Caller();
        stack.streamingChatModel().chat(Shape.request(), caller);
        await().until(() -> !caller.text().isEmpty());

        caller.handle().cancel();

        Interaction interaction = recorded.only(stack);
        assertThat(interaction.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(interaction.released()).isEqualTo("one");
        assertThat(caller.terminals()).isZero();
        server.release();
        await().until(() -> server.live() == 0);
        assertThat(caller.terminals()).isZero();
        assertThat(caller.text()).isEqualTo("one");
    }

    @Test
    void aBlockingCallThatHangsIsCancelledByItsTurnAndLeavesNoInterrupt() throws Exception {
        server.enqueue(StubReply.hanging());
        ChatStack stack = stack().layer(retry(3)).build();
        AtomicInteger strays = new AtomicInteger();
        FutureTask<ChatResponse> call = new FutureTask<>(() -> {
            try {
                return stack.chatModel()
                        .chat(
                                Shape.request(),
                                CallContext.builder().turn("turn").build().options());
            } finally {
                strays.addAndGet(Thread.interrupted() ? 1 : 0);
            }
        });
        Thread caller = new Thread(call);
        caller.setDaemon(true);
        caller.start();
        await().until(() -> server.live() == 1);

        assertThat(stack.cancel("turn")).isOne();

        assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(CallCancelled.class);
        assertThat(strays).hasValue(0);
        assertThat(server.chatRequests()).hasSize(1);
        await().until(() -> server.abandoned() == 1);
    }

    @Test
    void aDeadlineEndsACallToAServerThatHangs() throws Exception {
        server.enqueue(StubReply.hanging(), StubReply.hanging());
        ChatStack stack = stack().deadline(Duration.ofMillis(200)).build();

        assertThatThrownBy(() -> stack.chatModel().chat(Shape.request())).isInstanceOf(DeadlineExceeded.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(ask(stack).error()).isInstanceOf(DeadlineExceeded.class);
    }

    @Test
    void hedgesOverHttpNeverMix() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        String[] texts = {"a a a a a a", "b b b b b b"};
        try (OpenAiStubServer racing =
                OpenAiStubServer.answering(request -> StubReply.text(texts[asked.getAndIncrement() % 2]))) {
            ChatStack stack = stack(racing).layer(hedge(2)).build();
            for (int race = 0; race < 50; race++) {
                Caller caller = ask(stack);

                assertThat(caller.error()).isNull();
                assertThat(caller.text()).isIn((Object[]) texts);
            }
        }
    }

    interface Assistant {
        TokenStream ask(String question);
    }

    static final class Weather {
        final AtomicInteger asked = new AtomicInteger();

        @Tool
        String weather(String city) {
            asked.incrementAndGet();
            return "sunny in " + city;
        }
    }

    @Test
    void aTokenStreamWithAToolRunsOnceThroughRetriesAndHedges() throws Exception {
        server.enqueue(
                StubReply.serverError(),
                StubReply.answer(Answer.toolCall("weather", "{\"arg0\":\"Paris\"}")),
                StubReply.text("It is sunny"));
        Weather weather = new Weather();
        ChatStack stack = stack().layer(passing("Outer"))
                .layer(retry(2))
                .layer(passing("Inner"))
                .build();
        CompletableFuture<ChatResponse> end = new CompletableFuture<>();
        List<String> heard = new CopyOnWriteArrayList<>();

        AiServices.builder(Assistant.class)
                .streamingChatModel(stack.streamingChatModel())
                .tools(weather)
                .build()
                .ask("How is the weather in Paris?")
                .onPartialResponse(heard::add)
                .onCompleteResponse(end::complete)
                .onError(end::completeExceptionally)
                .start();

        assertThat(end.get(20, TimeUnit.SECONDS).aiMessage().text()).isEqualTo("It is sunny");
        assertThat(String.join("", heard)).isEqualTo("It is sunny");
        assertThat(weather.asked).hasValue(1);
        assertThat(recorded.of(stack))
                .extracting(Interaction::outcome)
                .containsExactly(Outcome.ANSWERED, Outcome.ANSWERED);
    }

    private ChatStack.Builder stack() {
        return stack(server);
    }

    private ChatStack.Builder stack(OpenAiStubServer to) {
        return ChatStack.builder()
                .chatModel(OpenAiChatModel.builder()
                        .baseUrl(to.baseUrl())
                        .apiKey("none")
                        .modelName("stub")
                        .maxRetries(0)
                        .timeout(Duration.ofSeconds(30))
                        .build())
                .streamingChatModel(OpenAiStreamingChatModel.builder()
                        .baseUrl(to.baseUrl())
                        .apiKey("none")
                        .modelName("stub")
                        .timeout(Duration.ofSeconds(30))
                        .build())
                .interactionListener(recorded);
    }

    private static Caller ask(ChatStack stack) throws InterruptedException {
        Caller caller = new Caller();
        stack.streamingChatModel()
                .chat(
                        ChatRequest.builder()
                                .messages(UserMessage.from("question"))
                                .build(),
                        caller);
        caller.awaitEnd();
        assertThat(caller.terminals()).isOne();
        assertThat(caller.disorder()).isZero();
        Recorded.idle(stack);
        return caller;
    }
}
