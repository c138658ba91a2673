package io.github.flywheel4j;

import static io.github.flywheel4j.Layers.passing;
import static io.github.flywheel4j.Layers.retry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatRequestOptions;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** 10,000 streams open at once: on platform threads before JDK 21, on virtual ones from then on. */
@Tag("slow")
class OpenStreamsTest {

    private static final int STREAMS = 10_000;

    private final Recorded recorded = new Recorded();
    private final ScriptedStreamingChatModel model = ScriptedStreamingChatModel.builder()
            .answers(Answer.tokens("one ", "two").rawEvents("role").hangAfterTokens(1))
            .recording(false)
            .build();
    private final ChatStack stack = ChatStack.builder()
            .streamingChatModel(model)
            .layer(passing("Outer"))
            .layer(retry(2))
            .layer(passing("Inner"))
            .interactionListener(recorded)
            .interactionQueue(2 * STREAMS)
            .build();

    @Test
    void allAreAnsweredAndNoneIsLeft() throws Exception {
        List<Caller> callers = open();

        model.release();
        for (Caller caller : callers) {
            caller.awaitEnd();
        }

        assertThat(recorded.of(stack)).hasSize(STREAMS).allMatch(each -> each.outcome() == Outcome.ANSWERED);
        assertThat(callers)
                .allMatch(
                        caller -> caller.text().equals("one two") && caller.terminals() == 1 && caller.disorder() == 0);
        assertThat(stack.droppedInteractions()).isZero();
    }

    @Test
    void allAreCancelledAndNoneIsLeft() throws Exception {
        List<Caller> callers = open();

        for (int i = 0; i < STREAMS; i++) {
            if (i % 2 == 0) {
                callers.get(i).handle().cancel();
            } else {
                assertThat(stack.cancel("turn " + i)).isOne();
            }
        }

        assertThat(recorded.of(stack))
                .hasSize(STREAMS)
                .allMatch(each ->
                        each.outcome() == Outcome.CANCELLED && each.released().equals("one "));
        assertThat(model.live()).isZero();
        assertThat(model.cancelled()).isEqualTo(STREAMS);
        assertThat(callers)
                .allMatch(caller -> caller.terminals() == 0 && caller.text().equals("one "));
    }

    private List<Caller> open() throws InterruptedException {
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            Caller caller = new Caller((event, handle) -> {});
            callers.add(caller);
            ChatRequestOptions turn =
                    CallContext.builder().turn("turn " + i).build().options();
            stack.streamingChatModel().chat(Shape.request(), turn, caller);
        }
        for (Caller caller : callers) {
            while (caller.text().isEmpty()) {
                Thread.onSpinWait();
            }
        }
        assertThat(stack.callsUnderWay()).isEqualTo(STREAMS);
        assertThat(model.hanging()).isPositive();
        return callers;
    }
}
