package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import org.jspecify.annotations.Nullable;

/** A layer in its place: hands it the call and the rest of the stack, and holds its answer against the rules. */
final class Step implements Next {

    private final ChatLayer layer;
    private final int depth;
    private final StackFingerprint fingerprint;
    private final Next next;

    /** A layer at that depth; the fingerprint is of it and all that is further in. */
    Step(ChatLayer layer, int depth, StackFingerprint fingerprint, Next next) {
        this.layer = layer;
        this.depth = depth;
        this.fingerprint = fingerprint;
        this.next = next;
    }

    @Override
    public StackFingerprint fingerprint() {
        return fingerprint;
    }

    @Override
    public ChatResponse proceed(ChatCall call) {
        call.cancellation().throwIfCancelled();
        ChatCall own = call.trace().enters(depth) ? call : call.onBranch();
        ResponseStream stream = own.stream();
        if (!stream.isLive()) {
            return requireAnswer(layer.handle(own, next));
        }
        if (stream instanceof Tracked tracked) {
            return handle(own, tracked);
        }
        Tracked tracked = new TrackedStream(stream);
        return handle(own.withStream(tracked), tracked);
    }

    private ChatResponse handle(ChatCall call, Tracked stream) {
        Emitted.Mark before = stream.mark();
        ChatResponse answer = requireAnswer(layer.handle(call, next));
        stream.requirePrefixOf(answer, before, layer.name());
        return answer;
    }

    private ChatResponse requireAnswer(@Nullable ChatResponse response) {
        if (response == null) {
            throw new LayerContractException(
                    layer.name() + " returned null (expected: an answer, or an unchecked exception)");
        }
        return response;
    }
}
