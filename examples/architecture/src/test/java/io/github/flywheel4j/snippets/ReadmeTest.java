package io.github.flywheel4j.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    @Test
    void aLayerAStackAndTheIdOnTheAnswer() {
        ScriptedChatModel openAi = ScriptedChatModel.saying("A wheel that turns with use.");
        List<String> log = new CopyOnWriteArrayList<>();

        // snippet
        ChatLayer honest = (call, next) -> AnswerInfo.note(next.proceed(call), "written by a machine");
        ChatStack stack = ChatStack.builder()
                .chatModel(openAi) // any ChatModel, and any StreamingChatModel beside it
                .workload("support-answers")
                .layer(honest)
                .interactionListener(interaction -> log.add(interaction.toJson()))
                .build();
        ChatResponse answer = stack.chatModel().chat(UserMessage.from("What is a data flywheel?"));
        UUID id = AnswerInfo.of(answer).orElseThrow().id(); // what feedback on this answer will name
        // end snippet

        stack.close();
        assertThat(answer.aiMessage().text()).isEqualTo("A wheel that turns with use.");
        assertThat(AnswerInfo.of(answer).orElseThrow().notes()).containsExactly("written by a machine");
        assertThat(log).hasSize(1);
        assertThat(Interaction.fromJson(log.get(0)).id()).isEqualTo(id);
        assertThat(Interaction.fromJson(log.get(0)).context().workload()).isEqualTo("support-answers");
    }
}
