package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.ChatResponse;

/** One of several tries at one answer; see {@link Attempts}. Thread-safe. */
public final class Attempt {

    private final Attempts attempts;
    private final ChatCall call;

    Attempt(Attempts attempts, ChatCall parent) {
        this.attempts = attempts;
        this.call =
                parent.fork(parent.stream().isLive() ? new AttemptStream(this, parent.stream()) : ResponseStream.NONE);
    }

    /** The call to pass on: the parent's request with a cancellation, stream and branch of the trace of its own. */
    public ChatCall call() {
        return call;
    }

    /**
     * Chooses this attempt for its answer.
     *
     * @return the same answer
     * @throws CallCancelled if another attempt was chosen before
     */
    public ChatResponse commit(ChatResponse answer) {
        call.cancellation().throwIfCancelled();
        if (!choose()) {
            throw new CallCancelled("another attempt was chosen");
        }
        if (call.stream() instanceof AttemptStream stream) {
            stream.releaseHeld();
        }
        return answer;
    }

    /**
     * Gives this attempt up: whatever it is waiting for ends with {@link CallCancelled}. If it was chosen before,
     * {@link Attempts#committed()} says so, and nothing else may be tried; if not, it never will be.
     */
    public void cancel() {
        attempts.giveUp(this);
        call.cancellation().cancel("another attempt was chosen, or this one given up");
    }

    boolean choose() {
        return !call.cancellation().isCancelled() && attempts.choose(this);
    }
}
