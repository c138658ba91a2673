package io.github.flywheel4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * One call on its way through the stack: what is asked, by whom, until when, and where the answer goes.
 *
 * <p>Immutable and thread-safe; the {@code with} methods return changed copies. Requests are rewritten only through
 * {@code request().toBuilder()}, so that a provider's own kind of parameters survives.
 */
public final class ChatCall {

    private final CallRun run;
    private final ChatRequest request;
    private final CallContext context;
    private final Deadline deadline;
    private final Cancellation cancellation;
    private final ResponseStream stream;
    private final CallTrace trace;

    ChatCall(
            CallRun run,
            ChatRequest request,
            CallContext context,
            Deadline deadline,
            Cancellation cancellation,
            ResponseStream stream,
            CallTrace trace) {
        this.run = run;
        this.request = request;
        this.context = context;
        this.deadline = deadline;
        this.cancellation = cancellation;
        this.stream = stream;
        this.trace = trace;
    }

    /** The interaction id (UUID version 7): on the answer, in the records, and what feedback names. */
    public UUID id() {
        return run.id();
    }

    /** What the model is asked, as the layers further out left it. */
    public ChatRequest request() {
        return request;
    }

    /**
     * The parameters that the stack's model will use: its defaults, overridden by the request's. Keys, prices and budgets
     * are built from these.
     */
    public ChatRequestParameters parameters() {
        return run.models().effectiveParameters(request);
    }

    /** Who made the stack's model. */
    public ModelProvider provider() {
        return run.models().provider();
    }

    /** Who asks and for what. */
    public CallContext context() {
        return context;
    }

    /** Until when an answer is of use. */
    public Deadline deadline() {
        return deadline;
    }

    /** Whether the answer is still wanted. */
    public Cancellation cancellation() {
        return cancellation;
    }

    /** Where the parts of a streamed answer go; {@link ResponseStream#NONE} if the caller blocks. */
    public ResponseStream stream() {
        return stream;
    }

    /** What the layers decided so far. */
    public CallTrace trace() {
        return trace;
    }

    /** Several tries at the answer of this call, of which the caller hears one. */
    public Attempts attempts() {
        return new Attempts(this);
    }

    /**
     * This call for an answer of which the caller hears nothing as it comes: for samples and comparisons beside the real
     * answer. It has a branch of the trace and a cancellation of its own.
     */
    public ChatCall unheard() {
        return fork(ResponseStream.NONE);
    }

    /**
     * This call for work that may outlive it: an answer that other calls wait for too, or the refresh of one that was just
     * served. Its cancellation is its own, so that neither the cancellation nor the deadline of this call ends it; whoever
     * starts such work cancels it when nobody needs it. It has a branch of the trace of its own, and what it decides after
     * this call has ended is in no interaction. Run it in {@link #submit}.
     *
     * @param stream where the parts of its answer go; {@link ResponseStream#NONE} if nobody listens
     */
    public ChatCall detached(ResponseStream stream) {
        return new ChatCall(run, request, context, Deadline.none(), new Cancellation(), stream, trace.fork());
    }

    /** This call with another request. */
    public ChatCall withRequest(ChatRequest request) {
        return new ChatCall(run, request, context, deadline, cancellation, stream, trace);
    }

    /** This call in another context. */
    public ChatCall withContext(CallContext context) {
        return new ChatCall(run, request, context, deadline, cancellation, stream, trace);
    }

    /** This call with the given deadline or its own, whichever comes first. */
    public ChatCall withDeadline(Deadline deadline) {
        return new ChatCall(run, request, context, this.deadline.earlier(deadline), cancellation, stream, trace);
    }

    /** This call with another stream, as a rule one that wraps {@link #stream()}. */
    public ChatCall withStream(ResponseStream stream) {
        return new ChatCall(run, request, context, deadline, cancellation, stream, trace);
    }

    /**
     * Waits.
     *
     * @throws CallCancelled as soon as the call is cancelled or the thread interrupted (its flag is set again)
     * @throws DeadlineExceeded as soon as the deadline passes
     */
    public void sleep(Duration duration) {
        Waits.sleep(this, duration);
    }

    /**
     * Starts a task on the stack's executor, in the call's context: how a layer does two things at once. Wait for it with
     * {@link #await}.
     */
    public <T> Future<T> submit(Supplier<T> task) {
        return run.submit(task);
    }

    /**
     * Waits for a task that this layer started; cancels it if the call ends first.
     *
     * @return the task's result
     * @throws CallCancelled as soon as the call is cancelled or the thread interrupted (its flag is set again)
     * @throws DeadlineExceeded as soon as the deadline passes
     * @throws RuntimeException what the task threw, as the same instance if unchecked
     */
    public <T> T await(Future<T> task) {
        return Waits.await(this, task);
    }

    /**
     * Runs something that blocks and heeds interrupts, such as I/O, on this thread; it is interrupted when the call is
     * cancelled or its deadline passes, and no interrupt is left behind.
     *
     * @throws CallCancelled if the action failed after the call was cancelled
     * @throws DeadlineExceeded if the action failed after the deadline passed
     */
    public <T> T interruptibly(Supplier<T> action) {
        return Waits.interruptibly(this, "a step of a layer", action);
    }

    ChatCall fork(ResponseStream stream) {
        return new ChatCall(run, request, context, deadline, cancellation.child(), stream, trace.fork());
    }

    ChatCall onBranch() {
        return new ChatCall(run, request, context, deadline, cancellation, stream, trace.fork());
    }

    CallRun run() {
        return run;
    }

    @Override
    public String toString() {
        return "ChatCall(" + id() + ", " + request.messages().size() + " messages)";
    }
}
