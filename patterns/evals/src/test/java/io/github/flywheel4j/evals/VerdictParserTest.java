package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flywheel4j.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictParserTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```json\n{\"verdict\": \"YES\"}\n```",
                "{\"verdict\":\"yes\"}",
                "{\"verdict\":true}",
                "{\"reason\":\"no mistake\",\"correct\":true}",
                "{\"Verdict\":\"**Yes.**\"}"
            })
    void readsAYesInJson(String words) {
        assertThat(VerdictParser.yesOrNo(words)).contains(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"verdict\":\"no\"}", "{\"pass\":false,\"why\":\"yes men\"}"})
    void readsANoInJson(String words) {
        assertThat(VerdictParser.yesOrNo(words)).contains(false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"verdict\":\"yes\",\"correct\":false}",
                "{\"verdict\":null}",
                "{\"verdict\":[\"yes\"]}",
                "{\"reason\":\"yes\"}",
                "{}",
                "[true]",
                "null",
                "{\"verdict\":\"yes\"",
                "{\"verdict\":\"yes\",\"verdict\":\"no\"}"
            })
    void readsNothingIntoOtherJson(String words) {
        assertThat(VerdictParser.yesOrNo(words)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A | A",
                "b | B",
                "[[A]] | A",
                "[[B]] | B",
                "**B** | B",
                "Answer A | A",
                "The better answer is B. | B",
                "Response B is better. | B",
                "A is better | A",
                "A wins | A",
                "A, because it is complete. | A",
                "Verdict: A | A",
                "{\"winner\":\"B\"} | B",
                "Tie | TIE",
                "It depends. | ",
                "A tie | ",
                "A or B | ",
                "A and B | ",
                "A/B | ",
                "A? | ",
                "A good answer is B | ",
                "[[C]] | TIE",
                "Both are bad | ",
                "Verdict: tie. | TIE",
                "Unentschieden | TIE",
                "(B) | B",
                "Option A - clearer | A",
                "A=B | ",
                "A, B | ",
                "'' | ",
                "AB | ",
                "a | A",
                "平局 | TIE",
                "Not A | ",
                "B > A | "
            })
    void readsTheBetterAnswer(String words, Preference expected) {
        assertThat(VerdictParser.choice(words).orElse(null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4 | 4",
                "**4** | 4",
                "4. | 4",
                "4/5 | 4",
                "4 out of 5 | 4",
                "4 / 5 - good | 4",
                "Score: 4 | 4",
                "Rating: 4/5 | 4",
                "{\"score\":4} | 4",
                "4.0 | 4",
                "4, because it is complete | 4",
                "4\\ngood | 4",
                "4.5 | ",
                "3-4 | ",
                "6 | ",
                "0 | ",
                "4/10 | ",
                "four | ",
                "4 or 5 | ",
                "-4 | ",
                "44 | ",
                "'' | ",
                "between 3 and 4 | ",
                "{\"score\":4.5} | ",
                "４ | 4",
                "1 | 1",
                "5 | 5",
                "4 (good) | 4"
            })
    void readsAWholeNumberOnTheScale(String words, Integer expected) {
        assertThat(VerdictParser.scale(words.replace("\\n", "\n"), 1, 5).stream()
                        .boxed()
                        .findFirst()
                        .orElse(null))
                .isEqualTo(expected);
    }

    @Test
    void refusesAScaleWithoutPlaces() {
        assertThatThrownBy(() -> VerdictParser.scale("1", 1, 1)).hasMessageContaining("scale: 1 to 1");
    }

    @Test
    void survivesAnyWordsAndReadsNoneIntoThem() {
        Seeds seeds = Seeds.named("verdicts");
        for (int i = 0; i < 2_000; i++) {
            String words = seeds.text(60);
            VerdictParser.choice(words);
            VerdictParser.scale(words, 1, 5);
            assertThat(VerdictParser.yesOrNo("x" + words)).isEmpty();
        }
    }
}
