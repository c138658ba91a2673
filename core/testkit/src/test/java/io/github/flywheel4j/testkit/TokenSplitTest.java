package io.github.flywheel4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSplitTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a",
                "  two  words ",
                "line\nbreak\t",
                "naïve 😀👩‍👩‍👧 text",
                "Привет, мир",
                "你好世界",
                "שלום עולם"
            })
    void givesTheTextBackWhenJoined(String text) {
        List<TokenSplit> splits = List.of(
                TokenSplit.words(),
                TokenSplit.characters(),
                TokenSplit.whole(),
                TokenSplit.random(1),
                TokenSplit.random(2));

        assertThat(splits).allSatisfy(split -> {
            List<String> tokens = split.split(text);
            assertThat(String.join("", tokens)).isEqualTo(text);
            assertThat(tokens).doesNotContain("");
            assertThat(tokens).noneMatch(token -> Character.isLowSurrogate(token.charAt(0)));
        });
    }

    @Test
    void theSameSeedCutsAtTheSamePlaces() {
        String text = "the quick brown fox jumps over the lazy dog";

        assertThat(TokenSplit.random(7).split(text))
                .isEqualTo(TokenSplit.random(7).split(text));
        assertThat(TokenSplit.random(7).split(text))
                .isNotEqualTo(TokenSplit.random(8).split(text));
    }
}
