package io.github.flywheel4j;

import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call from its begin to its end: what all copies of its {@link ChatCall} share, and how it is recorded. */
final class CallRun {

    private final ChatStack stack;
    private final StackModel model;
    private final ChatRequest request;
    private final ChatRequestOptions options;
    private final CallContext context;
    private final UUID id;
    private final long startedAtMillis;
    private final long startedAt = System.nanoTime();
    private final Cancellation cancellation = new Cancellation();
    private final CallTrace trace = new CallTrace();
    private volatile @Nullable Thread thread;

    CallRun(ChatStack stack, StackModel model, ChatRequest request, ChatRequestOptions options, CallContext context) {
        this.stack = stack;
        this.model = model;
        this.request = request;
        this.options = options;
        this.context = context;
        this.startedAtMillis = stack.clock().millis();
        UUID given = context.interactionId();
        this.id = given != null ? given : UuidV7.at(startedAtMillis);
    }

    UUID id() {
        return id;
    }

    /** The options for the model, without what was for the stack. */
    ChatRequestOptions options() {
        return options;
    }

    StackModel models() {
        return model;
    }

    CallContext context() {
        return context;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    /** The call as the outermost layer gets it, on the thread on which it runs. */
    ChatCall call(ResponseStream stream) {
        thread = Thread.currentThread();
        return new ChatCall(this, request, context, stack.newDeadline(), cancellation, stream, trace);
    }

    <T> Future<T> submit(Supplier<T> task) {
        return stack.submit(this, task);
    }

    /**
     * Ends what the current thread was interrupted for: the whole call on the thread that runs it, else only the part that
     * was forked to this thread, because a layer may give up one of two tasks that way.
     */
    void interrupted(Cancellation part) {
        String reason = "its thread was interrupted";
        if (Thread.currentThread().equals(thread)) {
            cancellation.cancel(reason);
        }
        if (part != cancellation) {
            part.cancel(reason);
        }
    }

    /** The answer as it leaves the stack: with the id and what else it says of itself. */
    ChatResponse stamp(ChatResponse response) {
        return AnswerInfo.stamp(response, id, model.servedBy(request, response));
    }

    /** Records a call that ended with an answer. */
    void answered(ChatResponse stamped, @Nullable UserStream stream) {
        ContextScope scope = ContextScope.current();
        if (scope == null && !stack.interactions().hasListeners()) {
            return;
        }
        AnswerInfo info = AnswerInfo.of(stamped).orElseThrow();
        if (scope != null) {
            scope.answered(info);
        }
        Outcome outcome = info.outcome();
        record(stamped, null, outcome == null ? Outcome.ANSWERED : outcome, info.servedBy(), stream);
    }

    /** Records a call that ended without an answer. */
    void failed(Throwable error, @Nullable UserStream stream) {
        cancellation.end();
        record(null, Interaction.Failure.of(error), outcome(error), "", stream);
    }

    private Outcome outcome(Throwable error) {
        if (cancellation.isCancelled() || error instanceof CallCancelled) {
            return Outcome.CANCELLED;
        }
        return error instanceof CallBlocked ? Outcome.BLOCKED : Outcome.FAILED;
    }

    private void record(
            @Nullable ChatResponse response,
            Interaction.@Nullable Failure error,
            Outcome outcome,
            String servedBy,
            @Nullable UserStream stream) {
        ContextScope scope = ContextScope.current();
        ContextScope asking = scope != null && scope.wantsInteractions() ? scope : null;
        if (asking == null && !stack.interactions().hasListeners()) {
            return;
        }
        long firstEventAt = stream == null ? 0 : stream.firstEventAt();
        TokenUsage usage = response == null ? null : response.tokenUsage();
        Interaction interaction = new Interaction(
                id,
                Instant.ofEpochMilli(startedAtMillis),
                context,
                stream != null,
                request,
                response,
                error,
                outcome,
                stream == null || response != null ? "" : stream.released(),
                servedBy,
                usage,
                usage == null ? null : stack.prices().cost(servedBy, usage).orElse(null),
                Duration.ofNanos(System.nanoTime() - startedAt),
                firstEventAt == 0 ? null : Duration.ofNanos(firstEventAt - startedAt),
                trace.decisions(),
                stack.fingerprint().value());
        if (asking != null) {
            asking.happened(interaction);
        }
        if (stack.interactions().hasListeners()) {
            stack.interactions().add(interaction);
        }
    }
}
