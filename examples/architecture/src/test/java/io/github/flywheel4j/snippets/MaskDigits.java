package io.github.flywheel4j.snippets;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.ResponseStream;

// snippet
/** Masks every digit of an answer. */
final class MaskDigits implements ChatLayer {

    @Override
    public ChatResponse handle(ChatCall call, Next next) {
        ChatResponse answer = next.proceed(call.withStream(new ResponseStream.Forwarding(call.stream()) {
            @Override
            public void text(String text) {
                super.text(mask(text));
            }
        }));
        AiMessage message = answer.aiMessage();
        if (message.text() == null) {
            return answer;
        }
        return answer.toBuilder()
                .aiMessage(message.toBuilder().text(mask(message.text())).build())
                .build();
    }

    private static String mask(String text) {
        return text.replaceAll("[0-9]", "#");
    }
}
// end snippet
