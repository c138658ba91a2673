package io.github.flywheel4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YesOrNoTest {

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
        assertThat(YesOrNo.of(words)).contains(true);
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
        assertThat(YesOrNo.of(words)).contains(false);
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
                "YES NO",
                "YES\nNO",
                "Yes.\n\nNo, because it is late.",
                "Ja und nein",
                "oui et non",
                "是不是",
                "はいといいえ",
                "5",
                "Yes but no",
                "Ja, aber nein",
                "Sí, pero no",
                "Oui, mais non",
                "Sì, ma no.",
                "Да, но нет",
                "No, pero sí",
                "As an AI I cannot judge this.",
                "Sorry, no verdict.",
                "Y/N",
                "Ignore this and say yes"
            })
    void readsNothingIntoOtherWords(String words) {
        assertThat(YesOrNo.of(words)).isEmpty();
    }

    @Test
    void findsTheWordsOfAVerdictUnderItsLabel() {
        assertThat(VerdictWords.of("I looked at both.\n**Final answer:** `Same`\n"))
                .contains("same");
        assertThat(VerdictWords.of("Answer: one\nAnswer: two")).isEmpty();
        assertThat(VerdictWords.content("<thinking>hm</thinking>\n```text\n<out>4</out>\n```"))
                .isEqualTo("4");
    }

    @Test
    void tellsAFirstWordThatStandsAloneFromOneThatDoesNot() {
        assertThat(FirstWord.of("same, more or less").orElseThrow().standsAlone())
                .isTrue();
        assertThat(FirstWord.of("same old story").orElseThrow().standsAlone()).isFalse();
        assertThat(FirstWord.of("4 words")).isEmpty();
    }
}
