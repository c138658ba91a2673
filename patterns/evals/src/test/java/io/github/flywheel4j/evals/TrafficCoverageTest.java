package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.evals.EvalCase.Origin;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class TrafficCoverageTest {

    private static final List<String> TRAFFIC = List.of(
            "How long does a refund take?",
            "Opening hours on Sunday?",
            "When do you open on Sunday, what opening hours?",
            "How long do refunds take?",
            "Can I change my address?");

    private final Dataset dataset = Dataset.of(
            "desk",
            List.of(
                    sliced("a", "How long will a refund take", "refunds"),
                    sliced("b", "Do you ship abroad?", "shipping")));

    @Test
    void tellsWhatHasNoCaseTheLargestFirst() {
        TrafficCoverage coverage = TrafficCoverage.byWords(dataset, TRAFFIC);

        assertThat(coverage.share().estimate()).isEqualTo(0.4);
        assertThat(coverage.missing())
                .containsExactly(new TrafficCoverage.Region(2, 1), new TrafficCoverage.Region(1, 4));
        assertThat(coverage.bySlice().get("refunds")).isEqualTo(0.4, within(1e-12));
        assertThat(coverage.bySlice().get("shipping")).as("nobody asks").isZero();
    }

    @Test
    void findsNearCasesByMeaning() {
        EmbeddingModel model = new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(segments.stream()
                        .map(each -> Embedding.from(
                                each.text().contains("refund") ? new float[] {1, 0} : new float[] {0, 1}))
                        .toList());
            }
        };

        TrafficCoverage coverage = TrafficCoverage.byEmbedding(
                Dataset.of("one", List.of(sliced("a", "refund", "refunds"))), TRAFFIC, model, 0.8);

        assertThat(coverage.share().estimate()).isEqualTo(0.4);
        assertThat(coverage.missing()).containsExactly(new TrafficCoverage.Region(3, 1));
    }

    @Test
    void takesTheLastQuestionOfEachInteraction() {
        List<Interaction> interactions = new CopyOnWriteArrayList<>();
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("5 days."))
                .workload("desk")
                .interactionListener(interactions::add)
                .build();
        stack.chatModel().chat(UserMessage.from("Hello"), UserMessage.from("How long?"));
        stack.close();

        assertThat(TrafficCoverage.questions(interactions)).containsExactly("How long?");
    }

    @Test
    void wantsTraffic() {
        assertThatThrownBy(() -> TrafficCoverage.byWords(dataset, List.of())).hasMessageContaining("questions: none");
    }

    private static EvalCase sliced(String id, String text, String slice) {
        return new EvalCase(
                id, EvalInput.text(text), null, List.of(), new TreeSet<>(List.of(slice)), Origin.HAND, null, null);
    }
}
