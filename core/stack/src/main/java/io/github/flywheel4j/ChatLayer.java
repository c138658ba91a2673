package io.github.flywheel4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;

/**
 * One pattern that acts on a call: it may change the call, answer it, pass it on to {@link Next} zero, one or several
 * times, and change the answer.
 *
 * <p>A layer is plain blocking code. It never learns whether its caller blocks, streams or holds a future: the
 * {@link ChatStack} runs it on a thread that may block and translates. Tokens of a streamed answer do not pass through
 * {@code handle}; they go from the provider's thread to {@link ChatCall#stream()}, which a layer may wrap.
 *
 * <pre>{@code
 * ChatLayer timing = (call, next) -> {
 *     long start = System.nanoTime();
 *     ChatResponse answer = next.proceed(call);
 *     call.trace().record("Timing", "measured", Map.of(), Duration.ofNanos(System.nanoTime() - start));
 *     return answer;
 * };
 * }</pre>
 *
 * <p>Rules that every layer keeps (the stack checks them and names the layer that breaks one):
 * <ul>
 *   <li>what it emits to {@link ChatCall#stream()} is a prefix of the text of the answer that it returns;
 *   <li>a layer that may call {@code next} more than once takes each call from {@link ChatCall#attempts()};
 *   <li>it returns an answer or throws an unchecked exception, never {@code null};
 *   <li>it waits with {@link ChatCall#sleep}, {@link ChatCall#await} or {@link ChatCall#interruptibly}, so that
 *       cancellation and the deadline reach it.
 * </ul>
 *
 * <p>A layer is shared by all calls of its stack and must be thread-safe. A layer that is also an
 * {@link InteractionListener} is told of every interaction of the stacks it stands in.
 */
@FunctionalInterface
public interface ChatLayer {

    /**
     * Handles one call.
     *
     * @param call what is asked, by whom, until when
     * @param next the rest of the stack
     * @return the answer, never {@code null}
     */
    ChatResponse handle(ChatCall call, Next next);

    /** Where the layer stands in the stack; {@link Stage#CUSTOM} unless told. */
    default Stage stage() {
        return Stage.CUSTOM;
    }

    /** The layer's name in {@link ChatStack#toString()}, decisions and errors; the simple class name unless told. */
    default String name() {
        String name = getClass().getSimpleName();
        int lambda = name.indexOf("$$Lambda");
        if (lambda >= 0) {
            return "lambda";
        }
        return name.isEmpty() ? "anonymous" : name;
    }

    /**
     * Everything that changes what the layer does, in one line, for the {@link StackFingerprint}; empty unless told. Two
     * layers with the same name and settings behave the same. Never holds a secret.
     */
    default String settings() {
        return "";
    }

    /** This layer alone around a model; equal to a {@link ChatStack} of one layer. */
    default ChatModel around(ChatModel model) {
        return ChatStack.builder().chatModel(model).layer(this).build().chatModel();
    }

    /** This layer alone around a streaming model; equal to a {@link ChatStack} of one layer. */
    default StreamingChatModel around(StreamingChatModel model) {
        return ChatStack.builder().streamingChatModel(model).layer(this).build().streamingChatModel();
    }
}
