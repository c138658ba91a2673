package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The stream of an attempt: mute until the attempt is chosen, and for ever if another one is. */
final class AttemptStream implements ResponseStream {

    /** Held raw events; providers send a role event or two before the first token. Older ones are dropped beyond. */
    private static final int MOST_HELD = 256;

    private final Attempt attempt;
    private final ResponseStream to;
    private @Nullable Queue<Object> held = new ArrayDeque<>(2);

    AttemptStream(Attempt attempt, ResponseStream to) {
        this.attempt = attempt;
        this.to = to;
    }

    @Override
    public void text(String text) {
        if (!text.isEmpty() && choose()) {
            to.text(text);
        }
    }

    @Override
    public void thinking(PartialThinking thinking) {
        if (choose()) {
            to.thinking(thinking);
        }
    }

    @Override
    public void partialToolCall(PartialToolCall toolCall) {
        if (choose()) {
            to.partialToolCall(toolCall);
        }
    }

    @Override
    public void toolCall(CompleteToolCall toolCall) {
        if (choose()) {
            to.toolCall(toolCall);
        }
    }

    @Override
    public void raw(Object event) {
        synchronized (this) {
            if (held != null) {
                if (held.size() == MOST_HELD) {
                    held.remove();
                }
                held.add(event);
                return;
            }
        }
        to.raw(event);
    }

    @Override
    public String released() {
        return to.released();
    }

    @Override
    public boolean isLive() {
        return true;
    }

    void releaseHeld() {
        Queue<Object> events;
        synchronized (this) {
            events = held;
            held = null;
        }
        if (events != null) {
            events.forEach(to::raw);
        }
    }

    private boolean choose() {
        if (!attempt.choose()) {
            return false;
        }
        releaseHeld();
        return true;
    }
}
