package io.github.flywheel4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sorry, but I can't help you with that.",
                "I’m unable to share account details.",
                "I must decline this request.",
                "As an AI, I do not hold opinions on persons.",
                "It's not appropriate to guess somebody's age.",
                "That would violate our content guidelines.",
                "We won't do that.",
                "Dazu kann ich keine Auskunft geben, das geht leider nicht. Ich darf das nicht.",
                "Es tut mir leid, damit helfe ich nicht.",
                "Je ne peux pas répondre à cette demande.",
                "Lo siento, no puedo ayudarte con eso.",
                "Mi dispiace, non posso aiutarti.",
                "Não posso ajudar com isso.",
                "Ik kan je daarmee niet helpen.",
                "抱歉，我无法回答这个问题。",
                "申し訳ありませんが、お答えできません。"
            })
    void knowsARefusal(String text) {
        assertThat(Refusals.isRefusal(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I don't know.",
                "I do not have enough information to say.",
                "The documents do not mention opening hours.",
                "There is no information about that in the guide.",
                "This cannot be answered from the sources.",
                "Das weiß ich leider nicht.",
                "Dazu gibt es keine Angaben.",
                "Je ne sais pas.",
                "No lo sé.",
                "Non lo so.",
                "我不知道。",
                "わかりません。"
            })
    void knowsWhoDoesNotKnow(String text) {
        assertThat(Refusals.isAbstention(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Refunds take five working days.",
                "Yes, you can return the kettle within thirty days.",
                "The stack runs its layers in order, and no layer knows another.",
                "Nicht der Preis zählt, sondern das Alter.",
                ""
            })
    void takesAnAnswerForAnAnswer(String text) {
        assertThat(Refusals.isRefusal(text)).isFalse();
        assertThat(Refusals.isAbstention(text)).isFalse();
    }

    @Test
    void looksAtTheBeginningOnly() {
        assertThat(Refusals.isRefusal("Press the red button. ".repeat(30) + "I cannot help with the blue one."))
                .isFalse();
    }
}
