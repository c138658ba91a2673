package io.github.flywheel4j.testkit;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One stream that is played from its plan; resumable, so that a hanging one needs no thread. */
final class ScriptedStream implements StreamingHandle {

    private final Script script;
    private final Answer answer;
    private final @Nullable String requestedModel;
    private final StreamingChatResponseHandler handler;
    private final @Nullable Executor executor;
    private final Object[] plan;
    private final PartialResponseContext context;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final Runnable wake = this::resume;
    private final AtomicBoolean ended = new AtomicBoolean();

    private volatile @Nullable CountDownLatch callersThread;

    // Touched by one thread at a time: the gate and the executor hand it on.
    private int next;

    ScriptedStream(
            Script script,
            Answer answer,
            @Nullable String requestedModel,
            StreamingChatResponseHandler handler,
            @Nullable Executor executor) {
        this.script = script;
        this.answer = answer;
        this.requestedModel = requestedModel;
        this.handler = handler;
        this.executor = executor;
        this.plan = answer.plan();
        this.context = new PartialResponseContext(this);
    }

    void start() {
        script.live.incrementAndGet();
        resume();
    }

    private void resume() {
        if (executor == null) {
            play();
            return;
        }
        try {
            executor.execute(this::play);
        } catch (RuntimeException refused) {
            end();
            throw refused;
        }
    }

    private void play() {
        boolean parked = false;
        try {
            parked = playSteps();
        } catch (InterruptedException e) {
            RuntimeException failure = Script.interrupted(e);
            safely(() -> handler.onError(failure));
        } finally {
            if (!parked) {
                end();
            }
        }
    }

    /** Returns true when the stream was parked at the gate, to be resumed by another thread. */
    private boolean playSteps() throws InterruptedException {
        while (next < plan.length) {
            if (isStopped()) {
                Throwable failure = answer.cancelFailure();
                if (failure != null) {
                    safely(() -> handler.onError(failure));
                }
                return false;
            }
            Object step = plan[next++];
            if (step == Answer.Step.HANG) {
                if (hang()) {
                    return true;
                }
            } else if (step instanceof Answer.Step wait) {
                pause(wait);
            } else if (step == Terminal.THROW) {
                throw Script.<RuntimeException>rethrow(answer.failureOrDefault());
            } else {
                deliver(step);
            }
        }
        return false;
    }

    private boolean hang() throws InterruptedException {
        if (executor == null) {
            CountDownLatch woken = new CountDownLatch(1);
            callersThread = woken;
            Runnable open = woken::countDown;
            if (script.gate.enter(open)) {
                try {
                    if (!isStopped()) {
                        woken.await();
                    }
                } finally {
                    script.gate.leave(open);
                }
            }
            return false;
        }
        if (!script.gate.enter(wake)) {
            return false;
        }
        // A cancel between the check above and the entry would find nobody to wake.
        return !(isStopped() && script.gate.leave(wake));
    }

    private void pause(Answer.Step step) throws InterruptedException {
        switch (step) {
            case DELAY -> script.sleep(requireNonNull(answer.delay()));
            case TOKEN_DELAY -> script.sleep(requireNonNull(answer.tokenDelay()));
            case LATCH -> requireNonNull(answer.latch()).await();
            case HANG -> throw new AssertionError(step);
        }
    }

    private void deliver(Object event) {
        try {
            signal(event);
        } catch (Exception thrownByHandler) {
            // langchain4j-open-ai reports it and streams on; so do we.
            safely(() -> handler.onError(thrownByHandler));
        }
    }

    // A scripted null breaks LangChain4j's promise on purpose.
    @SuppressWarnings("NullAway")
    private void signal(Object event) {
        boolean withHandle = answer.hasHandle();
        if (event instanceof PartialResponse text) {
            if (withHandle) {
                handler.onPartialResponse(text, context);
            } else {
                handler.onPartialResponse(text.text());
            }
        } else if (event instanceof PartialThinking thinking) {
            if (withHandle) {
                handler.onPartialThinking(thinking, new PartialThinkingContext(this));
            } else {
                handler.onPartialThinking(thinking);
            }
        } else if (event instanceof PartialToolCall call) {
            if (withHandle) {
                handler.onPartialToolCall(call, new PartialToolCallContext(this));
            } else {
                handler.onPartialToolCall(call);
            }
        } else if (event instanceof CompleteToolCall call) {
            handler.onCompleteToolCall(call);
        } else if (event instanceof Answer.RawEvent raw) {
            handler.onUnmappedRawEvent(raw.event());
        } else if (event == Terminal.COMPLETE) {
            handler.onCompleteResponse(answer.response(requestedModel));
        } else if (event == Terminal.ERROR) {
            Throwable failure = answer.failureOrDefault();
            safely(() -> handler.onError(failure));
        } else {
            throw new AssertionError(event);
        }
    }

    private static void safely(Runnable signal) {
        try {
            signal.run();
        } catch (RuntimeException ignored) {
            // There is nobody left to tell: langchain4j-open-ai logs it and goes on.
        }
    }

    private boolean isStopped() {
        return cancelled.get() && !answer.ignoresCancel();
    }

    @Override
    public void cancel() {
        if (!cancelled.compareAndSet(false, true)) {
            return;
        }
        script.cancelled.incrementAndGet();
        if (answer.ignoresCancel()) {
            return;
        }
        CountDownLatch waiting = callersThread;
        if (waiting != null) {
            waiting.countDown();
        }
        if (script.gate.leave(wake)) {
            // It holds no thread. There is something left to play only when it reports its cancel.
            if (answer.cancelFailure() == null) {
                end();
            } else {
                resume();
            }
        }
    }

    @Override
    public boolean isCancelled() {
        return cancelled.get();
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            script.live.decrementAndGet();
        }
    }
}
