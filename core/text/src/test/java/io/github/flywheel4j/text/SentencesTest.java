package io.github.flywheel4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencesTest {

    @Test
    void endAtFullStopsQuestionMarksAndExclamationMarks() {
        assertThat(Sentences.of("One. Two? Three! (Four.) \"Five.\" Six"))
                .containsExactly("One.", "Two?", "Three!", "(Four.)", "\"Five.\"", "Six");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "It works, e.g. With Ollama.",
                "Dr. Smith, i.e. M. F. Porter, wrote it.",
                "See fig. 3 and No. 5 vs. No. 6.",
                "It costs 3.5 USD in the U.S. Market.",
                "Version 1.19.0 is out.",
                "Each layer writes to call.stream() at once.",
            })
    void doNotEndInsideNumbersNamesAndAbbreviations(String sentence) {
        assertThat(Sentences.of(sentence)).containsExactly(sentence);
    }

    @Test
    void endAfterAShortWordThatOnlyLooksLikeAnAbbreviation() {
        assertThat(Sentences.of("She said no. It was I. He left."))
                .containsExactly("She said no.", "It was I.", "He left.");
    }

    @Test
    void runOverLineBreaksButNotOverEmptyLines() {
        assertThat(Sentences.of("A line\r\n  and  its end. A title\n \nNext"))
                .containsExactly("A line and its end.", "A title", "Next");
    }

    @Test
    void areFoundInOtherLanguages() {
        assertThat(Sentences.of("第一句。第二句。")).containsExactly("第一句。", "第二句。");
        assertThat(Sentences.of("Größe zählt. Warum?")).containsExactly("Größe zählt.", "Warum?");
    }

    @Test
    void areNoneInAnEmptyText() {
        assertThat(Sentences.of("")).isEmpty();
        assertThat(Sentences.of(" \n\n ")).isEmpty();
    }
}
