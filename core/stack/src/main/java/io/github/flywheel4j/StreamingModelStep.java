package io.github.flywheel4j;

import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.time.Duration;

/** The end of the stack for callers that stream: starts the model's stream and waits for its terminal signal. */
final class StreamingModelStep implements Next {

    private final StreamingChatModel model;
    private final String name;
    private final Duration idleTimeout;
    private final IdleWatch idleWatch;
    private final boolean finishReasonOptional;
    private final StackFingerprint fingerprint;

    StreamingModelStep(
            StreamingChatModel model,
            Duration idleTimeout,
            boolean finishReasonOptional,
            StackFingerprint fingerprint) {
        this.model = model;
        this.name = new StackModel(model).name();
        this.idleTimeout = idleTimeout;
        this.idleWatch = new IdleWatch(idleTimeout);
        this.finishReasonOptional = finishReasonOptional;
        this.fingerprint = fingerprint;
    }

    @Override
    public StackFingerprint fingerprint() {
        return fingerprint;
    }

    @Override
    public ChatResponse proceed(ChatCall call) {
        ProviderStream stream = new ProviderStream(call, name, idleTimeout);
        try (Cancellation.Registration wake = call.cancellation().onCancel(stream::wake)) {
            start(call, stream);
            ChatResponse response = stream.await();
            if (response.finishReason() == null && !finishReasonOptional) {
                throw new StreamBroken(name, stream.released());
            }
            return response;
        } finally {
            stream.close();
        }
    }

    /** Starts the stream. A model may also stream on this very thread and come back when all is said. */
    private void start(ChatCall call, ProviderStream stream) {
        try {
            Waits.interruptibly(call, "the model", () -> {
                askWatched(call, stream);
                return stream;
            });
        } catch (CallCancelled | DeadlineExceeded | StreamStalled e) {
            stream.fail(e);
        } catch (Throwable e) {
            stream.onError(e); // counts only if the stream has not ended otherwise
        }
    }

    /** While the model holds this thread nobody can wait on it for the idle timeout, so others look at it. */
    private void askWatched(ChatCall call, ProviderStream stream) {
        Interrupter interrupter = new Interrupter();
        try (IdleWatch.Watched watch = idleWatch.watch(stream, interrupter)) {
            ask(call, stream);
            stream.throwWhatFailedHere();
        } catch (RuntimeException e) {
            throw interrupter.hasFired() ? new StreamStalled(name, idleTimeout) : e;
        } finally {
            interrupter.disarm();
        }
    }

    private void ask(ChatCall call, StreamingChatResponseHandler stream) {
        ChatRequestOptions options = call.run().options();
        if (options.listenerAttributes().isEmpty()) {
            model.chat(call.request(), stream); // some models override this method only
        } else {
            model.chat(call.request(), options, stream);
        }
    }
}
