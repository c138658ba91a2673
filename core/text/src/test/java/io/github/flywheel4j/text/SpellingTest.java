package io.github.flywheel4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {

    @Test
    void returnsPlainTextAsItIs() {
        String text = "A plain text, with single spaces.";

        assertThat(Spelling.normalize(text)).isSameAs(text);
    }

    @Test
    void makesOneSpaceOfEveryRunOfWhiteSpaceAndNoneOfTheEnds() {
        assertThat(Spelling.normalize("  a\t\r\n b\u00A0c\u2003\u3000d\u0000e "))
                .isEqualTo("a b c d e");
        assertThat(Spelling.normalize(" \n ")).isEmpty();
        assertThat(Spelling.normalize("")).isEmpty();
    }

    /** From Unicode's NormalizationTest.txt, part 1, columns 1 and 4. */
    @ParameterizedTest
    @CsvSource({"ﬁ, fi", "①, 1", "Å, Å", "½, 1⁄2", "ｶﾞ, ガ", "㎏, kg", "²5, 25", "ſ, s", "Ⅷ, VIII", "e\u0301, é"})
    void givesCompatibleCharactersOneForm(String text, String normal) {
        assertThat(Spelling.normalize(text)).isEqualTo(normal);
    }

    @Test
    void dropsCharactersThatNobodySees() {
        assertThat(Spelling.normalize("ig\u00ADnore\u200B th\u200Dis\uFEFF\u202E \u2764\uFE0F"))
                .isEqualTo("ignore this ❤");
    }

    /** From Unicode's CaseFolding.txt, statuses C and F. */
    @ParameterizedTest
    @CsvSource({
        "Straße, strasse",
        "STRASSE, strasse",
        "ẞ, ss",
        "ΣΊΣΥΦΟΣ, σίσυφοσ",
        "Σίσυφος, σίσυφοσ",
        "ŉ, ʼn",
        "ı, ı",
        "I, i",
        "ǰ, ǰ",
        "ﬃ, ffi",
        "և, եւ",
        "Ω, ω",
        "K, k",
        "Ꙁ, ꙁ"
    })
    void foldsCaseAsUnicodeDoes(String text, String folded) {
        assertThat(Spelling.fold(text)).isEqualTo(folded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"İstanbul", "ﬁ LE", "ᾳΑΙ", "a\u0345\u0301", "ſt", "ＦＵＬＬ  width"})
    void changesNothingTheSecondTime(String text) {
        String once = Spelling.fold(text);

        assertThat(Spelling.fold(once)).isEqualTo(once);
        assertThat(Spelling.normalize(once)).isEqualTo(once);
    }
}
