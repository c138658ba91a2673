package io.github.flywheel4j.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ChatLayerContract;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import org.junit.jupiter.api.Test;

class RetrySnippetTest extends ChatLayerContract {

    @Override
    protected ChatLayer layer() {
        return RetrySnippet.layer();
    }

    @Test
    void triesAgain() {
        ScriptedChatModel model =
                ScriptedChatModel.of(Answer.failure(new InternalServerException("down")), Answer.text("Back."));

        assertThat(layer().around(model).chat("Are you there?")).isEqualTo("Back.");
    }

    @Test
    void doesNotTryAgainOnceTheCallerHasHeardSomething() {
        InternalServerException down = new InternalServerException("down");
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Answer.text("I was about to say").failAfterTokens(2, down), Answer.text("Back."));
        RecordingHandler heard = new RecordingHandler();

        layer().around(model)
                .chat(
                        ChatRequest.builder()
                                .messages(UserMessage.from("Are you there?"))
                                .build(),
                        heard);

        assertThat(heard.await().errors()).containsExactly(down);
        assertThat(model.calls()).isEqualTo(1);
    }
}
