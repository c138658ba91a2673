package io.github.flywheel4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonParseException;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How each failure arrives through langchain4j-open-ai 1.19 over the JDK's HTTP client. */
class OpenAiFailuresTest {

    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("hi")).build();
    private static final StubReply FOUR_TOKENS = StubReply.text("a b c d");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    private static OpenAiChatModel chatModel(OpenAiStubServer server, Duration timeout) {
        return OpenAiChatModel.builder()
                .baseUrl(server.baseUrl())
                .apiKey("demo")
                .modelName("m")
                .maxRetries(0)
                .timeout(timeout)
                .build();
    }

    private static RecordingHandler stream(OpenAiStubServer server, Duration timeout) {
        RecordingHandler heard = new RecordingHandler();
        OpenAiStreamingChatModel.builder()
                .baseUrl(server.baseUrl())
                .apiKey("demo")
                .modelName("m")
                .timeout(timeout)
                .build()
                .chat(REQUEST, heard);
        return heard;
    }

    private static List<String> withoutRaw(RecordingHandler heard) {
        return heard.events().stream()
                .filter(event -> !event.startsWith("raw:"))
                .toList();
    }

    static Stream<Arguments> statuses() {
        return Stream.of(
                Arguments.of(StubReply.tooManyRequests(Duration.ofMillis(1_200)), RateLimitException.class),
                Arguments.of(StubReply.serverError(), InternalServerException.class),
                Arguments.of(StubReply.error(503, "server_error", "overloaded"), InternalServerException.class),
                Arguments.of(StubReply.error(400, "invalid_request_error", "bad"), InvalidRequestException.class),
                Arguments.of(StubReply.error(401, "invalid_api_key", "bad"), AuthenticationException.class));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void aStatusArrivesAsItsExceptionBlockingAndStreaming(StubReply reply, Class<? extends Throwable> expected)
            throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.replying(reply)) {
            assertThatThrownBy(() -> chatModel(server, LONG).chat(REQUEST)).isInstanceOf(expected);

            RecordingHandler heard = stream(server, LONG).await();
            assertThat(heard.events()).containsExactly("error");
            assertThat(heard.errors().get(0)).isInstanceOf(expected);
        }
    }

    @Test
    void tooManyRequestsSaysWhenToComeBack() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.tooManyRequests(Duration.ofMillis(1_200)))) {
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(server.baseUrl() + "/chat/completions"))
                                    .POST(HttpRequest.BodyPublishers.ofString(
                                            "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.headers().firstValue("Retry-After")).contains("2");
            assertThat(response.headers().firstValue("retry-after-ms")).contains("1200");
        }
    }

    @Test
    void aResetArrivesAsAnIoFailure() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.reset())) {
            assertThatThrownBy(() -> chatModel(server, LONG).chat(REQUEST))
                    .isExactlyInstanceOf(RuntimeException.class)
                    .hasCauseInstanceOf(IOException.class)
                    .hasRootCauseInstanceOf(SocketException.class);

            RecordingHandler heard = stream(server, LONG).await();
            assertThat(heard.events()).containsExactly("error");
            assertThat(heard.errors().get(0)).hasRootCauseInstanceOf(SocketException.class);
        }
    }

    @Test
    void aClosedPortRefusesUntilItIsReopened() {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.text("back"))) {
            server.refuse();

            assertThatThrownBy(() -> chatModel(server, LONG).chat(REQUEST))
                    .hasStackTraceContaining(ConnectException.class.getName());
            assertThat(stream(server, LONG).await().events()).containsExactly("error");

            server.reopen();
            assertThat(chatModel(server, LONG).chat("hi")).isEqualTo("back");
        }
    }

    @Test
    void garbageFailsABlockingCallAndOnlyInterruptsAStream() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.replying(
                StubReply.garbage(), StubReply.garbage(), FOUR_TOKENS.garbageAfterTokens(2))) {
            assertThatThrownBy(() -> chatModel(server, LONG).chat(REQUEST))
                    .hasCauseInstanceOf(JsonParseException.class);

            RecordingHandler first = stream(server, LONG);
            await().untilAsserted(() -> assertThat(withoutRaw(first)).containsExactly("error", "complete"));
            RecordingHandler middle = stream(server, LONG);
            await().untilAsserted(() -> assertThat(withoutRaw(middle))
                    .containsExactly("text:a", "text: b", "error", "text: c", "text: d", "complete"));
            assertThat(middle.responses().get(0).finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void aStreamThatEndsEarlyCompletesWithoutAFinishReason() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.replying(FOUR_TOKENS.endAfterTokens(2))) {
            RecordingHandler heard = stream(server, LONG).await();

            assertThat(withoutRaw(heard)).containsExactly("text:a", "text: b", "complete");
            assertThat(heard.responses().get(0).finishReason()).isNull();
            assertThat(heard.responses().get(0).tokenUsage()).isNull();
            assertThat(heard.responses().get(0).aiMessage().text()).isEqualTo("a b");
        }
    }

    @Test
    void aStreamThatIsDisconnectedFailsAndCompletes() {
        try (OpenAiStubServer server = OpenAiStubServer.replying(FOUR_TOKENS.hangAfterTokens(2))) {
            RecordingHandler heard = stream(server, LONG);
            await().until(() -> heard.text().equals("a b"));
            server.disconnect();

            await().untilAsserted(() -> assertThat(withoutRaw(heard))
                    .as("two terminals")
                    .containsExactly("text:a", "text: b", "error", "complete"));
            assertThat(heard.errors().get(0)).hasRootCauseInstanceOf(EOFException.class);
            assertThat(heard.responses().get(0).finishReason()).isNull();
            assertThat(server.abandoned())
                    .as("requests that the client gave up")
                    .isZero();
        }
    }

    @Test
    void aStreamThatIsCutFailsAndCompletesAndMayLoseItsLastTokens() {
        try (OpenAiStubServer server =
                OpenAiStubServer.replying(FOUR_TOKENS.resetAfterTokens(2), FOUR_TOKENS.dropAfterTokens(2))) {
            for (Class<? extends Throwable> cause : List.of(SocketException.class, EOFException.class)) {
                RecordingHandler heard = stream(server, LONG);

                // The failure may overtake tokens that the client has not read.
                await().untilAsserted(() -> assertThat(withoutRaw(heard))
                        .filteredOn(event -> !event.startsWith("text:"))
                        .containsExactly("error", "complete"));
                assertThat("a b").startsWith(heard.text());
                assertThat(heard.errors().get(0)).hasRootCauseInstanceOf(cause);
            }
        }
    }

    @Test
    void aBodyCutInTheMiddleFailsABlockingCall() {
        try (OpenAiStubServer server = OpenAiStubServer.replying(
                FOUR_TOKENS.endAfterTokens(0),
                FOUR_TOKENS.dropAfterTokens(0),
                FOUR_TOKENS.resetAfterTokens(0),
                FOUR_TOKENS.garbageAfterTokens(0))) {
            OpenAiChatModel model = chatModel(server, LONG);

            assertThatThrownBy(() -> model.chat(REQUEST)).hasRootCauseInstanceOf(EOFException.class);
            assertThatThrownBy(() -> model.chat(REQUEST)).hasRootCauseInstanceOf(EOFException.class);
            assertThatThrownBy(() -> model.chat(REQUEST)).hasRootCauseInstanceOf(SocketException.class);
            assertThatThrownBy(() -> model.chat(REQUEST)).hasStackTraceContaining("Unexpected end-of-input");
        }
    }

    @Test
    void aHangBeforeTheHeadersRunsIntoTheTimeout() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.hanging())) {
            assertThatThrownBy(() -> chatModel(server, SHORT).chat(REQUEST)).isInstanceOf(TimeoutException.class);
            assertThat(stream(server, SHORT).await().errors().get(0)).isInstanceOf(TimeoutException.class);

            await().untilAsserted(() -> assertThat(server.abandoned()).isEqualTo(2));
        }
    }

    @Test
    void aReleasedHangEndsWithServiceUnavailable() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.hanging())) {
            RecordingHandler heard = stream(server, LONG);
            await().until(() -> server.live() == 1);
            server.release();

            assertThat(heard.await().errors().get(0)).isInstanceOf(InternalServerException.class);
        }
    }

    @Test
    void aHangAfterTheHeadersHasNoTimeout() throws Exception {
        try (OpenAiStubServer server =
                OpenAiStubServer.replying(FOUR_TOKENS.hangAfterTokens(2), FOUR_TOKENS.hangAfterTokens(0))) {
            RecordingHandler heard = stream(server, SHORT);
            await().until(() -> heard.text().equals("a b"));
            AtomicReference<String> said = new AtomicReference<>();
            OpenAiChatModel model = chatModel(server, SHORT);
            Thread blocking = ScriptedChatModelTest.start(() -> said.set(model.chat("hi")));
            await().until(() -> server.live() == 2);

            // Several times the client's timeout: nothing can be seen to happen but by waiting.
            await().during(Duration.ofMillis(1_200))
                    .until(() -> heard.terminals() == 0 && blocking.isAlive() && server.abandoned() == 0);

            server.release();
            assertThat(heard.await().text()).isEqualTo("a b c d");
            blocking.join(10_000);
            assertThat(said.get()).isEqualTo("a b c d");
        }
    }

    @Test
    void anInterruptEndsABlockingCallAndItsConnection() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.hanging(), FOUR_TOKENS.hangAfterTokens(0))) {
            OpenAiChatModel model = chatModel(server, LONG);
            for (int call = 1; call <= 2; call++) {
                AtomicReference<Throwable> thrown = new AtomicReference<>();
                AtomicReference<Boolean> flag = new AtomicReference<>();
                Thread caller = ScriptedChatModelTest.start(() -> {
                    thrown.set(catchThrowable(() -> model.chat(REQUEST)));
                    flag.set(Thread.currentThread().isInterrupted());
                });
                await().until(() -> server.live() == 1);

                caller.interrupt();
                caller.join(10_000);

                assertThat(thrown.get())
                        .isExactlyInstanceOf(RuntimeException.class)
                        .hasRootCauseInstanceOf(InterruptedException.class);
                assertThat(flag.get()).as("the client sets the flag again").isTrue();
                int abandoned = call;
                await().untilAsserted(() -> assertThat(server.abandoned()).isEqualTo(abandoned));
            }
        }
    }

    @Test
    void aCancelFromAnotherThreadEndsASilentStreamWithAnError() throws Exception {
        try (OpenAiStubServer server = OpenAiStubServer.replying(FOUR_TOKENS.hangAfterTokens(2))) {
            RecordingHandler heard = stream(server, LONG);
            await().until(() -> heard.text().equals("a b"));

            heard.cancel();

            await().untilAsserted(() -> assertThat(server.abandoned()).isEqualTo(1));
            await().until(() -> server.live() == 0);
            assertThat(withoutRaw(heard.await())).containsExactly("text:a", "text: b", "error");
            assertThat(heard.errors().get(0)).hasRootCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void slowTokensArriveOneByOneAndACancelStopsThem() {
        try (OpenAiStubServer server = OpenAiStubServer.replying(
                StubReply.answer(Answer.text("x".repeat(1_000)).tokens(TokenSplit.characters()))
                        .delay(Duration.ofMillis(10))
                        .slow(Duration.ofMillis(20)))) {
            RecordingHandler heard = stream(server, LONG);
            await().until(() -> heard.text().length() >= 3);

            heard.cancel();

            await().untilAsserted(() -> assertThat(server.abandoned()).isEqualTo(1));
            assertThat(heard.text().length()).isLessThan(1_000);
            assertThat(heard.responses()).isEmpty();
        }
    }
}
