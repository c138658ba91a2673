package io.github.flywheel4j.adapters;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.Next;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A layer that does nothing but remember the calls that it saw. */
final class Calls implements ChatLayer {

    private final List<ChatCall> seen = new CopyOnWriteArrayList<>();

    @Override
    public ChatResponse handle(ChatCall call, Next next) {
        seen.add(call);
        return next.proceed(call);
    }

    List<ChatCall> seen() {
        return seen;
    }

    ChatCall only() {
        if (seen.size() != 1) {
            throw new AssertionError("calls: " + seen.size() + " (expected: 1)");
        }
        return seen.get(0);
    }

    static ChatRequest request(String text) {
        return ChatRequest.builder().messages(UserMessage.from(text)).build();
    }
}
