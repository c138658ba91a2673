package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AnswerInfoTest {

    private static final UUID ID = UUID.fromString("0190f7a0-0000-7000-8000-000000000001");
    private static final UUID OTHER = UUID.fromString("0190f7a0-0000-7000-8000-000000000002");

    @Test
    void saysThatAFreshAnswerWasAnsweredByTheModel() {
        ChatResponse stamped = AnswerInfo.stamp(answer(), ID, "model");

        assertThat(AnswerInfo.of(stamped)).hasValue(new AnswerInfo(ID, Outcome.ANSWERED, "model", List.of(), null));
        assertThat(stamped.aiMessage().text()).isEqualTo("hello");
    }

    @Test
    void keepsWhatLayersSaid() {
        ChatResponse layered = AnswerInfo.note(
                AnswerInfo.servedBy(AnswerInfo.degraded(answer(), "fallback model used"), "small-model"),
                "from a document of 2023");

        assertThat(AnswerInfo.of(AnswerInfo.stamp(layered, ID, "model")))
                .hasValue(new AnswerInfo(
                        ID,
                        Outcome.DEGRADED,
                        "small-model",
                        List.of("fallback model used", "from a document of 2023"),
                        null));
    }

    @Test
    void marksARefusal() {
        ChatResponse stamped = AnswerInfo.stamp(AnswerInfo.blocked(answer(), "off topic"), ID, "model");

        assertThat(AnswerInfo.of(stamped))
                .hasValue(new AnswerInfo(ID, Outcome.BLOCKED, "model", List.of("off topic"), null));
    }

    @Test
    void namesTheInteractionInWhichAnAnswerThatIsServedAgainWasMade() {
        ChatResponse first = AnswerInfo.stamp(answer(), ID, "model");
        ChatResponse again = AnswerInfo.stamp(AnswerInfo.servedAgain(first, "cache", ID), OTHER, "model");

        assertThat(AnswerInfo.of(again)).hasValue(new AnswerInfo(OTHER, Outcome.ANSWERED, "cache", List.of(), ID));
    }

    @Test
    void givesAnAnswerThatPassesASecondStackTheIdOfTheOuterOne() {
        ChatResponse inner = AnswerInfo.stamp(AnswerInfo.degraded(answer(), "stale"), ID, "inner");

        assertThat(AnswerInfo.of(AnswerInfo.stamp(inner, OTHER, "outer")))
                .hasValue(new AnswerInfo(OTHER, Outcome.DEGRADED, "inner", List.of("stale"), null));
    }

    @Test
    void keepsTheProvidersOwnAttributes() {
        ChatResponse response = ChatResponse.builder()
                .aiMessage(AiMessage.builder()
                        .text("hello")
                        .thinking("hm")
                        .attributes(Map.of("provider", "own"))
                        .build())
                .build();

        AiMessage stamped = AnswerInfo.stamp(response, ID, "model").aiMessage();

        assertThat(stamped.attributes()).containsEntry("provider", "own").containsKey(CallContext.KEY);
        assertThat(stamped.thinking()).isEqualTo("hm");
    }

    @Test
    void survivesAMemoryThatStoresJson() {
        AiMessage message = AnswerInfo.stamp(AnswerInfo.degraded(answer(), "stale"), ID, "model")
                .aiMessage();

        AiMessage read =
                (AiMessage) ChatMessageDeserializer.messageFromJson(ChatMessageSerializer.messageToJson(message));

        assertThat(AnswerInfo.of(read)).isEqualTo(AnswerInfo.of(message)).isPresent();
    }

    @Test
    void isEmptyForAnswersThatCameThroughNoStack() {
        assertThat(AnswerInfo.of(answer())).isEmpty();
        assertThat(AnswerInfo.of(AnswerInfo.note(answer(), "a layer alone gives no id")))
                .isEmpty();
        assertThat(AnswerInfo.of(marked("no map"))).isEmpty();
        assertThat(AnswerInfo.of(marked(Map.of("id", 17)))).isEmpty();
        assertThat(AnswerInfo.of(marked(Map.of("id", "no id")))).isEmpty();
    }

    @Test
    void readsWhatANewerVersionWroteAsFarAsItKnowsIt() {
        AiMessage message =
                marked(Map.of("id", ID.toString(), "outcome", "SOMETHING_NEW", "notes", "one", "origin", "no id"));

        assertThat(AnswerInfo.of(message)).hasValue(new AnswerInfo(ID, null, "", List.of(), null));
    }

    @Test
    void knowsTheIdOfARunningStream() {
        CallHandle handle = new CallHandle(ID, new Cancellation());

        assertThat(AnswerInfo.of(new PartialResponseContext(handle)))
                .hasValue(new AnswerInfo(ID, null, "", List.of(), null));
        assertThat(AnswerInfo.of(new PartialResponseContext(new StreamingHandle() {
                    @Override
                    public void cancel() {}

                    @Override
                    public boolean isCancelled() {
                        return false;
                    }
                })))
                .isEmpty();
    }

    private static ChatResponse answer() {
        return ChatResponse.builder().aiMessage(AiMessage.from("hello")).build();
    }

    private static AiMessage marked(Object stamp) {
        return AiMessage.builder()
                .text("hello")
                .attributes(Map.of(CallContext.KEY, stamp))
                .build();
    }
}
