package io.github.flywheel4j.snippets;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.Next;
import java.util.List;
import java.util.Map;

// snippet
/** Answers the questions whose answer never changes, and asks no model for them. */
final class FixedAnswers implements ChatLayer {

    private final Map<String, String> answers;

    FixedAnswers(Map<String, String> answers) {
        this.answers = Map.copyOf(answers);
    }

    @Override
    public ChatResponse handle(ChatCall call, Next next) {
        List<ChatMessage> messages = call.request().messages();
        String question = messages.get(messages.size() - 1) instanceof UserMessage user ? user.singleText() : "";
        String answer = answers.get(question);
        if (answer == null) {
            return next.proceed(call);
        }
        call.trace().record(name(), "answered");
        return AnswerInfo.servedBy(
                ChatResponse.builder().aiMessage(AiMessage.from(answer)).build(), name());
    }
}
// end snippet
