package io.github.flywheel4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OfflineModelTest {

    private static final List<Passage> PASSAGES = List.of(
            new Passage("sun.md", "Sun", "The sun is a star of average size. It shines."),
            new Passage("moon.md", "Moon", "The moon is 384,400 km away from the earth. Nobody lives on it."));

    private final ExtractiveAnswer answer = new ExtractiveAnswer(new AllMiniLmL6V2QuantizedEmbeddingModel());

    @Test
    void quotesTheSentenceThatAnswersWithTheNumberOfItsPassage() {
        assertThat(ask("How far away is the moon?").aiMessage().text())
                .startsWith("The moon is 384,400 km away from the earth. [2]");
    }

    @Test
    void saysSoWhenNoSentenceFits() {
        assertThat(ask("How do I bake bread?").aiMessage().text()).isEqualTo(ExtractiveAnswer.NOTHING_FITS);
    }

    @Test
    void saysSoWhenItWasGivenNoPassages() {
        assertThat(new OfflineModel(answer).chat("How far away is the moon?"))
                .isEqualTo(ExtractiveAnswer.NOTHING_GIVEN);
    }

    @Test
    void streamsWhatItWouldAnswer() {
        List<String> parts = new ArrayList<>();
        List<ChatResponse> whole = new ArrayList<>();
        new OfflineStreamingModel(answer)
                .chat(request("How far away is the moon?"), new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String part) {
                        parts.add(part);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        whole.add(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        throw new AssertionError(error);
                    }
                });

        assertThat(whole).containsExactly(ask("How far away is the moon?"));
        assertThat(parts).hasSizeGreaterThan(5);
        assertThat(String.join("", parts)).isEqualTo(whole.get(0).aiMessage().text());
    }

    @Test
    void saysWhoItIsAndThatItCostsNothing() {
        ChatResponse response = ask("How far away is the moon?");

        assertThat(response.modelName()).isEqualTo("offline-extractive");
        assertThat(response.tokenUsage().totalTokenCount()).isZero();
    }

    private ChatResponse ask(String question) {
        return new OfflineModel(answer).chat(request(question));
    }

    private static ChatRequest request(String question) {
        return ChatRequest.builder()
                .messages(UserMessage.from(new GroundedQuestion(PASSAGES, question).toMessage()))
                .build();
    }
}
