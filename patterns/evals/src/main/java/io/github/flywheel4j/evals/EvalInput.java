package io.github.flywheel4j.evals;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a case asks: a text, a conversation, or the variables of a prompt that the candidate fills in. Immutable. */
public sealed interface EvalInput {

    /** A text, as a user would send it. */
    record Text(String text) implements EvalInput {}

    /** A conversation up to the turn that is to be answered; the last message is the user's or a tool's. */
    record Conversation(List<ChatMessage> messages) implements EvalInput {
        /**
         * Copies the messages.
         *
         * @throws IllegalArgumentException if there are none
         */
        public Conversation {
            messages = List.copyOf(messages);
            if (messages.isEmpty()) {
                throw new IllegalArgumentException("messages: none (expected: at least the user's)");
            }
        }
    }

    /** Values by name, for a candidate that has a prompt template. */
    record Variables(Map<String, String> values) implements EvalInput {
        /** Copies the values, in their order. */
        public Variables {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    /** A text, as a user would send it. */
    static EvalInput text(String text) {
        return new Text(text);
    }

    /**
     * The messages to send to a chat model.
     *
     * @throws IllegalStateException if these are variables, which only a candidate with a template can turn into messages
     */
    default List<ChatMessage> messages() {
        if (this instanceof Text text) {
            return List.of(UserMessage.from(text.text()));
        }
        if (this instanceof Conversation conversation) {
            return conversation.messages();
        }
        throw new IllegalStateException(
                "the case has variables and no messages (expected: a candidate that fills them into its prompt)");
    }
}
