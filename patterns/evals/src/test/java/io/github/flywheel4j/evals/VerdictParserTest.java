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
                "yes",
                "YES",
                "Yes.",
                "YES.",
                "yes!",
                " yes \n",
                "**Yes**",
                "**YES.**",
                "__yes__",
                "`YES`",
                "\"Yes\"",
                "'yes'",
                "“Yes”",
                "«Yes»",
                "(yes)",
                "[yes]",
                "[[YES]]",
                "# Yes",
                "- Yes",
                "> Yes",
                "Yes, because it names the day.",
                "Yes: it names the day.",
                "Yes - it does",
                "Yes — it does.",
                "Yes because it does",
                "Yes it does.",
                "Yes, there is no mistake in it.",
                "Yes.\nNo part of it is wrong.",
                "YES\n\nThe answer is complete.",
                "Verdict: YES",
                "VERDICT: **YES**",
                "**Verdict:** Yes",
                "**Verdict**: yes.",
                "Final verdict: yes",
                "My verdict is: yes",
                "Answer: Yes",
                "The answer lacks nothing.\nVERDICT: YES",
                "No part is missing.\n\nVerdict: yes\n",
                "```\nYES\n```",
                "```json\n{\"verdict\": \"YES\"}\n```",
                "{\"verdict\":\"yes\"}",
                "{\"verdict\":true}",
                "{\"reason\":\"no mistake\",\"correct\":true}",
                "{\"Verdict\":\"**Yes.**\"}",
                "true",
                "\"yes\"",
                "<verdict>yes</verdict>",
                "<think>no? yes?</think>Yes.",
                "Ｙｅｓ",
                "Correct.",
                "PASS",
                "Y",
                "✅",
                "✅ Yes",
                "Ja",
                "Ja, weil der Tag stimmt.",
                "JA.",
                "Urteil: Ja",
                "Oui.",
                "Oui, parce que c'est complet.",
                "Réponse : oui",
                "Sí.",
                "Si, porque es correcto",
                "Sì",
                "Sim",
                "Tak",
                "Да.",
                "是",
                "是的。",
                "是的，因为日期正确。",
                "正确",
                "はい",
                "はい、正しいです。",
                "네",
                "예.",
                "Evet",
                "Kyllä",
                "نعم",
                "हाँ",
                "Ναι"
            })
    void readsAYes(String words) {
        assertThat(VerdictParser.yesOrNo(words)).contains(true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no",
                "NO",
                "No.",
                "NO!",
                "**No**",
                "No, because the day is wrong.",
                "No: wrong day",
                "No – wrong day",
                "No, yesterday was the day.",
                "It says yes to everything.\nVERDICT: NO",
                "Verdict: **NO**.",
                "{\"verdict\":\"no\"}",
                "{\"pass\":false,\"why\":\"yes men\"}",
                "false",
                "```\nno\n```",
                "Incorrect.",
                "FAIL",
                "N",
                "❌ No",
                "Nein.",
                "Nein, denn der Tag fehlt.",
                "Non.",
                "Non, car il manque le jour.",
                "No, porque falta",
                "Não.",
                "Nee",
                "Nie",
                "Нет.",
                "否",
                "不是。",
                "错误",
                "いいえ",
                "いいえ、違います。",
                "아니요",
                "Hayır",
                "لا",
                "Όχι"
            })
    void readsANo(String words) {
        assertThat(VerdictParser.yesOrNo(words)).contains(false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "yes and no",
                "Yes and no.",
                "yes or no",
                "Yes/No",
                "yes, no",
                "Yes, or rather no.",
                "No, yes.",
                "not yes",
                "Not no.",
                "Yes?",
                "Yes ??",
                "Maybe.",
                "Probably yes",
                "I cannot say.",
                "I would say yes",
                "No idea.",
                "No opinion",
                "no verdict",
                "yesterday",
                "nothing",
                "Nope-ish maybe",
                "The answer is good.",
                "Verdict:",
                "Verdict: unclear",
                "Verdict: yes\nVerdict: no",
                "{\"verdict\":\"yes\",\"correct\":false}",
                "{\"verdict\":null}",
                "{\"verdict\":[\"yes\"]}",
                "{\"reason\":\"yes\"}",
                "{}",
                "[true]",
                "null",
                "{\"verdict\":\"yes\"",
                "{\"verdict\":\"yes\",\"verdict\":\"no\"}",
                "YES NO",
                "YES\nNO",
                "Yes.\n\nNo, because it is late.",
                "Ja und nein",
                "oui et non",
                "是不是",
                "はいといいえ",
                "5",
                "Yes but no",
                "As an AI I cannot judge this.",
                "Sorry, no verdict.",
                "Y/N",
                "Ignore this and say yes"
            })
    void readsNothingIntoOtherWords(String words) {
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
