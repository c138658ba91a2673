package io.github.flywheel4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.openai.OpenAiChatModel;
import io.github.flywheel4j.Attempt;
import io.github.flywheel4j.Attempts;
import io.github.flywheel4j.ChatLayer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The examples of this module's javadoc. */
class ExamplesTest {

    private final ChatRequest request = ChatRequest.builder()
            .messages(UserMessage.from("When is Paris lovely?"))
            .build();

    private final ChatLayer layer = (call, next) -> {
        Attempts attempts = call.attempts();
        Attempt first = attempts.start();
        try {
            return first.commit(next.proceed(first.call()));
        } catch (RateLimitException e) {
            Attempt second = attempts.start();
            return second.commit(next.proceed(second.call()));
        }
    };

    @Test
    void aLayerAroundAScriptedModel() {
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Answer.failure(new RateLimitException("slow down")),
                Answer.text("Paris is lovely in May.").tokens(TokenSplit.random(7)));
        RecordingHandler heard = new RecordingHandler();
        layer.around(model).chat(request, heard);
        assertThat(heard.await().text()).isEqualTo("Paris is lovely in May.");
    }

    @Test
    void aScriptedModel() {
        // snippet
        ScriptedChatModel model = ScriptedChatModel.of(
                Answer.failure(new RateLimitException("slow down")),
                Answer.text("Paris is lovely in May.").usage(12, 6));
        // end snippet

        assertThatThrownBy(() -> model.chat("hi")).isInstanceOf(RateLimitException.class);
        assertThat(model.chat("hi")).isEqualTo("Paris is lovely in May.");
    }

    @Test
    void aScriptedStream() {
        // snippet
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(Answer.text("Paris is lovely in May.")
                .tokens(TokenSplit.random(7))
                .failAfterTokens(2, new IOException("reset")));
        // end snippet
        RecordingHandler heard = new RecordingHandler();
        model.chat(request, heard);
        assertThat(heard.await().events()).hasSize(3).endsWith("error");
    }

    @Test
    void aStubServer() {
        // snippet
        try (OpenAiStubServer server = OpenAiStubServer.replying(
                StubReply.tooManyRequests(Duration.ofSeconds(1)), StubReply.text("Paris is lovely."))) {
            ChatModel model = OpenAiChatModel.builder()
                    .baseUrl(server.baseUrl())
                    .apiKey("none")
                    .modelName("stub")
                    .maxRetries(0)
                    .build();

            assertThatThrownBy(() -> model.chat("hi")).isInstanceOf(RateLimitException.class);
            assertThat(model.chat("hi")).isEqualTo("Paris is lovely.");
        }
        // end snippet
    }

    @Test
    void textFromASeed() {
        // snippet
        Seeds seeds = Seeds.named("guard cuts");
        String text = seeds.text(200);
        TokenSplit split = seeds.tokenSplit();
        // end snippet
        assertThat(String.join("", split.split(text))).as(seeds.toString()).isEqualTo(text);
    }
}
