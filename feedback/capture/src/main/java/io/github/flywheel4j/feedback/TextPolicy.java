package io.github.flywheel4j.feedback;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of texts when they are recorded. There is no default: it is a choice that somebody has to answer for.
 *
 * <p>It holds for every text: questions, answers, thinking, arguments and results of tools, error messages, and what was
 * shown of a broken answer. Lengths are kept always. Immutable; thread-safe if the redacting function is.
 */
public final class TextPolicy {

    private final InteractionEvent.Texts state;
    private final UnaryOperator<String> function;

    private TextPolicy(InteractionEvent.Texts state, UnaryOperator<String> function) {
        this.state = state;
        this.function = function;
    }

    /** Texts as they are. */
    public static TextPolicy full() {
        return new TextPolicy(InteractionEvent.Texts.FULL, UnaryOperator.identity());
    }

    /**
     * Texts as the function returns them. If it throws, the interaction is recorded without texts and the failure counted.
     *
     * @param redaction thread-safe; called on the sink's thread where that is an {@link AsyncSink}
     */
    public static TextPolicy redacted(UnaryOperator<String> redaction) {
        return new TextPolicy(InteractionEvent.Texts.REDACTED, Objects.requireNonNull(redaction, "redaction"));
    }

    /**
     * A hash with a key in place of each text: equal texts are seen to be equal, and nothing else.
     *
     * @param key at least 32 random bytes. Without a key, short texts could be found by trying
     */
    public static TextPolicy hashed(byte[] key) {
        Hashing.Keyed hash = new Hashing.Keyed(key);
        return new TextPolicy(InteractionEvent.Texts.HASHED, hash::of);
    }

    /** No texts. */
    public static TextPolicy none() {
        return new TextPolicy(InteractionEvent.Texts.NONE, text -> "");
    }

    InteractionEvent.Texts state() {
        return state;
    }

    @Nullable
    String apply(@Nullable String text) {
        return text == null || state == InteractionEvent.Texts.NONE ? null : function.apply(text);
    }

    /** Facts of decisions and attributes: names and numbers stay, what may be a sentence is treated as text. */
    @Nullable
    Object applyToFact(@Nullable Object value) {
        if (!(value instanceof String text) || state == InteractionEvent.Texts.FULL) {
            return value;
        }
        if (state == InteractionEvent.Texts.REDACTED) {
            return function.apply(text);
        }
        return isWord(text) ? text : null;
    }

    private static boolean isWord(String text) {
        return text.length() <= 64 && text.chars().noneMatch(Character::isWhitespace);
    }

    /** Names the choice. */
    @Override
    public String toString() {
        return "TextPolicy(" + state + ")";
    }
}
