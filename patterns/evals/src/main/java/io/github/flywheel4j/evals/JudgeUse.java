package io.github.flywheel4j.evals;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells whoever runs a scorer what its judge's model used, where no stack is around that model to tell it: on the scorer's own
 * thread, until it is closed.
 */
final class JudgeUse implements AutoCloseable {

    private static final ThreadLocal<@Nullable Consumer<Spent>> HEARS = new ThreadLocal<>();

    private JudgeUse(Consumer<Spent> hears) {
        HEARS.set(hears);
    }

    static JudgeUse tell(Consumer<Spent> hears) {
        return new JudgeUse(hears);
    }

    /** Takes note of a judge's answer; one that came through a stack is among the interactions. */
    static void note(ChatResponse response) {
        Consumer<Spent> hears = HEARS.get();
        if (hears != null && AnswerInfo.of(response).isEmpty()) {
            hears.accept(Spent.of(response.tokenUsage(), null));
        }
    }

    @Override
    public void close() {
        HEARS.remove();
    }
}
