package io.github.flywheel4j;

import static io.github.flywheel4j.Layers.passing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import io.github.flywheel4j.testkit.TokenSplit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 7: where a guard cuts depends on the text, never on how it was split. */
class GuardCutRuleTest {

    private static final String NOTICE = " [removed]";

    /**
     * A guard in small: cuts an answer at a forbidden word and says so. In a stream it holds back what could still become
     * the word, and it is written as the guide says: one pure function of the text, used by the stream and the answer.
     */
    private static final class WordGuard implements ChatLayer {

        private final String word;

        WordGuard(String word) {
            this.word = word;
        }

        @Override
        public ChatResponse handle(ChatCall call, Next next) {
            ChatResponse answer = next.proceed(call.withStream(new HoldBack(call.stream())));
            String text = answer.aiMessage().text();
            int cut = text.indexOf(word);
            return cut < 0 ? answer : Shape.withText(answer, text.substring(0, cut) + NOTICE);
        }

        private final class HoldBack extends ResponseStream.Forwarding {

            private final StringBuilder seen = new StringBuilder();
            private int released;

            HoldBack(ResponseStream to) {
                super(to);
            }

            @Override
            public void text(String text) {
                seen.append(text);
                int cut = seen.indexOf(word);
                int clear = cut >= 0 ? cut : Math.max(released, seen.length() - word.length() + 1);
                super.text(seen.substring(released, clear));
                released = clear;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing to see here",
                "the secret is out, and another secret too",
                "secret",
                "secre",
                "a secsecret at the end: secret",
                "\uD83D\uDE80 secret \uD83D\uDE80",
                "ends with secr"
            })
    void aGuardReleasesTheSameTextForEverySplit(String text) throws Exception {
        int cut = text.indexOf("secret");
        String expected = cut < 0 ? text : text.substring(0, cut) + NOTICE;
        List<TokenSplit> splits =
                new ArrayList<>(List.of(TokenSplit.words(), TokenSplit.characters(), TokenSplit.whole()));
        long seed = Long.getLong("flywheel4j.seed", System.nanoTime());
        System.out.println("aGuardReleasesTheSameTextForEverySplit: seed " + seed);
        for (int i = 0; i < 200; i++) {
            splits.add(TokenSplit.random(seed + i));
        }
        for (TokenSplit split : splits) {
            Caller caller = new Caller();
            ChatStack stack = ChatStack.builder()
                    .streamingChatModel(
                            ScriptedStreamingChatModel.of(Answer.text(text).tokens(split)))
                    .layer(passing("Outer"))
                    .layer(new WordGuard("secret"))
                    .layer(passing("Inner"))
                    .build();

            stack.streamingChatModel().chat(Shape.request(), caller);

            assertThat(caller.awaitEnd().error()).isNull();
            assertThat(caller.text()).isEqualTo(expected);
            assertThat(caller.response().aiMessage().text()).isEqualTo(expected);
        }
        ChatStack blocking = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying(text))
                .layer(new WordGuard("secret"))
                .build();
        assertThat(blocking.chatModel().chat(Shape.request()).aiMessage().text())
                .isEqualTo(expected);
    }

    @Test
    void aGuardReleasesNothingOfTheWordEvenIfTheProviderBreaksInTheMiddleOfIt() throws Exception {
        RuntimeException reset = new RuntimeException("reset");
        for (int tokens = 0; tokens <= 12; tokens++) {
            Caller caller = new Caller();
            Recorded recorded = new Recorded();
            ChatStack stack = ChatStack.builder()
                    .streamingChatModel(ScriptedStreamingChatModel.of(Answer.text("a secret word")
                            .tokens(TokenSplit.characters())
                            .failAfterTokens(tokens, reset)))
                    .layer(new WordGuard("secret"))
                    .interactionListener(recorded)
                    .build();

            stack.streamingChatModel().chat(Shape.request(), caller);

            assertThat(caller.awaitEnd().error()).isSameAs(reset);
            assertThat("a ").startsWith(caller.text());
            assertThat(recorded.only(stack).released()).isEqualTo(caller.text());
        }
    }
}
