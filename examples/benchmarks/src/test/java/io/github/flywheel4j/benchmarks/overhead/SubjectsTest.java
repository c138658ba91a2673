package io.github.flywheel4j.benchmarks.overhead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.ChatLayer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClientResponse;

/** The subjects do what the bench says they do. */
class SubjectsTest {

    private final Subjects subjects = new Subjects();

    @AfterEach
    void close() {
        subjects.close();
    }

    @Test
    void putsTheIdOnTheAnswerBehindTenLayers() {
        ChatResponse response = subjects.tenLayers().chat(StubModel.REQUEST);

        assertThat(response.aiMessage().text()).isEqualTo(StubModel.ANSWER);
        assertThat(AnswerInfo.of(response)).isPresent();
    }

    @Test
    void callsEachOfTheTenLayersAsAClassOfItsOwn() {
        assertThat(DoNothing.layers(10))
                .extracting(ChatLayer::getClass)
                .doesNotHaveDuplicates()
                .hasSize(10);
    }

    @Test
    void givesTheSameAnswerThroughThePeer() {
        SpringAiPeer peer = new SpringAiPeer();

        assertThat(peer.throughChain()).isInstanceOf(ChatClientResponse.class);
        assertThat(peer.throughChain().chatResponse().getResult().getOutput().getText())
                .isEqualTo(StubModel.ANSWER);
        assertThat(peer.throughClient().chatResponse().getResult().getOutput().getText())
                .isEqualTo(StubModel.ANSWER);
    }

    @Test
    void runsEverySubject() {
        assertThat(subjects.all()).extracting(subject -> subject.call().call()).doesNotContainNull();
        assertThat(subjects.keys()).doesNotHaveDuplicates();
    }
}
