package io.github.flywheel4j.feedback;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.Stage;

/** Layers of other patterns, as they stand in a stack. */
final class Layers {

    private Layers() {}

    static ChatLayer at(Stage stage, ChatLayer layer) {
        return new ChatLayer() {
            @Override
            public ChatResponse handle(ChatCall call, Next next) {
                return layer.handle(call, next);
            }

            @Override
            public Stage stage() {
                return stage;
            }
        };
    }
}
