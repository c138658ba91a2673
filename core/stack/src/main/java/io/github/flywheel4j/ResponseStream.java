package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;

/**
 * Where the parts of an answer go while it is still being made: the provider's thread hands each event to
 * {@link ChatCall#stream()}, and it goes on to the caller at once.
 *
 * <p>A layer that must see or change what is released wraps the stream of the call that it passes on:
 *
 * <pre>{@code
 * ChatCall watched = call.withStream(new ResponseStream.Forwarding(call.stream()) {
 *     @Override
 *     public void text(String text) {
 *         counter.add(text.length());
 *         super.text(text);
 *     }
 * });
 * return next.proceed(watched);
 * }</pre>
 *
 * <p>In a blocking call, and in an attempt that was not chosen, nobody listens: events vanish. A layer need not ask.
 * Code in a stream runs on the provider's thread and must never block. Thread-safe.
 */
public interface ResponseStream {

    /** The stream of a call to which nobody listens. */
    ResponseStream NONE = new NoStream();

    /** The next part of the answer's text; an empty one is ignored. */
    void text(String text);

    /** The next part of the model's thinking. */
    void thinking(PartialThinking thinking);

    /** The next part of a tool call's arguments. */
    void partialToolCall(PartialToolCall toolCall);

    /** A tool call with its whole arguments; the caller may run the tool at once. */
    void toolCall(CompleteToolCall toolCall);

    /** An event of the provider's own kind, as it came; outside the rule of the prefix. */
    void raw(Object event);

    /** The text that the caller has by now; empty where nobody listens. */
    String released();

    /** Whether somebody listens: false in blocking calls. */
    boolean isLive();

    /** Hands everything on to another stream; subclasses change what they care about. */
    abstract class Forwarding implements ResponseStream {

        private final ResponseStream to;

        /** Forwards to the given stream. */
        protected Forwarding(ResponseStream to) {
            this.to = to;
        }

        @Override
        public void text(String text) {
            to.text(text);
        }

        @Override
        public void thinking(PartialThinking thinking) {
            to.thinking(thinking);
        }

        @Override
        public void partialToolCall(PartialToolCall toolCall) {
            to.partialToolCall(toolCall);
        }

        @Override
        public void toolCall(CompleteToolCall toolCall) {
            to.toolCall(toolCall);
        }

        @Override
        public void raw(Object event) {
            to.raw(event);
        }

        @Override
        public String released() {
            return to.released();
        }

        @Override
        public boolean isLive() {
            return to.isLive();
        }
    }
}
