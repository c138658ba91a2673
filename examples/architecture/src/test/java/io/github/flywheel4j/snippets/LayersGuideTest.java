package io.github.flywheel4j.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.Answered;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LayersGuideTest {

    private final ScriptedChatModel openAi = ScriptedChatModel.saying("Ask me tomorrow.");

    interface Assistant {
        String ask(String question);
    }

    @Test
    void aLayerAlone() {
        // snippet
        ChatModel model = new FixedAnswers(Map.of("Are you open today?", "Yes, until six.")).around(openAi);
        // end snippet

        assertThat(model.chat("Are you open today?")).isEqualTo("Yes, until six.");
        assertThat(model.chat("Are you open tomorrow?")).isEqualTo("Ask me tomorrow.");
        assertThat(openAi.calls()).isEqualTo(1);
    }

    @Test
    void changesTheQuestion() {
        // snippet
        ChatLayer brief = (call, next) -> {
            List<ChatMessage> messages = new ArrayList<>(call.request().messages());
            messages.add(0, SystemMessage.from("Answer in one sentence."));
            return next.proceed(call.withRequest(
                    call.request().toBuilder().messages(messages).build()));
        };
        // end snippet

        brief.around(openAi).chat("Why?");

        assertThat(openAi.lastRequest().messages())
                .containsExactly(SystemMessage.from("Answer in one sentence."), UserMessage.from("Why?"));
    }

    @Test
    void readsTheMarkOfAnAnswer() {
        ChatModel model = new FixedAnswers(Map.of("Are you open today?", "Yes, until six.")).around(openAi);
        List<String> out = new ArrayList<>();

        // snippet
        ChatResponse answer = model.chat(UserMessage.from("Are you open today?"));
        AnswerInfo info = AnswerInfo.of(answer).orElseThrow();
        out.add(info.servedBy() + " answered, outcome " + info.outcome() + ", id " + info.id());
        // end snippet

        assertThat(info.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(out.get(0)).isEqualTo("FixedAnswers answered, outcome ANSWERED, id " + info.id());
    }

    @Test
    void asksInAContext() {
        List<CallContext> seen = new ArrayList<>();
        ChatModel model = remembering(seen).around(openAi);

        // snippet
        CallContext context = CallContext.builder().user("u-17").session("s-4").build();
        Answered<String> answered = CallContext.call(context, () -> model.chat("Are you open today?"));
        UUID id = answered.info().orElseThrow().id();
        // end snippet

        assertThat(answered.value()).isEqualTo("Ask me tomorrow.");
        assertThat(id).isNotNull();
        assertThat(seen).extracting(CallContext::user).containsExactly("u-17");
    }

    @Test
    void asksAnAiServiceInAContext() {
        List<CallContext> seen = new ArrayList<>();
        ChatModel model = remembering(seen).around(openAi);
        CallContext context = CallContext.builder().user("u-17").build();

        // snippet
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(model)
                .registerListener(CallContext.listener())
                .build();
        String answer = CallContext.call(context, () -> assistant.ask("Are you open today?"))
                .value();
        // end snippet

        assertThat(answer).isEqualTo("Ask me tomorrow.");
        assertThat(seen).extracting(CallContext::user).containsExactly("u-17");
        assertThat(seen.get(0).turn()).isNotNull();
    }

    private static ChatLayer remembering(List<CallContext> seen) {
        return new ChatLayer() {
            @Override
            public ChatResponse handle(ChatCall call, Next next) {
                seen.add(call.context());
                return next.proceed(call);
            }
        };
    }
}
