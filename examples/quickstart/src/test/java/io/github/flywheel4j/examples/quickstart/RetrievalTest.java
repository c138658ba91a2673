package io.github.flywheel4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetrievalTest {

    private static final Passage MOON = new Passage("moon.md", "Moon", "The moon is 384,400 km away from the earth.");
    private static final Passage SUN = new Passage("sun.md", "Sun", "The sun is a star of average size.");

    private final Retrieval retrieval =
            new Retrieval(new PassageIndex(List.of(MOON, SUN), new AllMiniLmL6V2QuantizedEmbeddingModel()));
    private final ScriptedChatModel model = ScriptedChatModel.saying("384,400 km [1]");

    @Test
    void putsTheFittingPassagesBeforeTheQuestion() {
        String question = "How far away is the moon?";

        assertThat(retrieval.around(model).chat(question)).isEqualTo("384,400 km [1]");

        UserMessage sent = (UserMessage) model.lastRequest().messages().get(0);
        assertThat(sent.singleText()).isEqualTo(new GroundedQuestion(List.of(MOON), question).toMessage());
    }

    @Test
    void keepsTheAttributesOfTheQuestion() {
        UserMessage question = UserMessage.from("How far away is the moon?").toBuilder()
                .attributes(Map.of("who", "me"))
                .build();

        retrieval.around(model).chat(question);

        UserMessage sent = (UserMessage) model.lastRequest().messages().get(0);
        assertThat(sent.attributes()).isEqualTo(Map.of("who", "me"));
    }

    @Test
    void saysThatItFoundNothingWithoutAskingTheModel() {
        ChatResponse answer = retrieval.around(model).chat(UserMessage.from("How do I bake bread?"));

        assertThat(answer.aiMessage().text()).isEqualTo(Retrieval.NOTHING_FOUND);
        assertThat(AnswerInfo.of(answer).orElseThrow().servedBy()).isEqualTo("Retrieval");
        assertThat(model.calls()).isZero();
    }
}
