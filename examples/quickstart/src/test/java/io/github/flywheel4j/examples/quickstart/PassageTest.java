package io.github.flywheel4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PassageTest {

    @Test
    void saysWhatItsSentencesSay() {
        assertThat(sentences("The first sentence is here. The second sentence is there.\n\nThree is nowhere."))
                .containsExactly(
                        "The first sentence is here. [1]",
                        "The second sentence is there. [1]",
                        "Three is nowhere. [1]");
    }

    @Test
    void keepsALeadInWithWhatItLeadsTo() {
        assertThat(sentences("Waits. Wait with the call's own methods."))
                .containsExactly("Waits. Wait with the call's own methods. [1]");
    }

    @Test
    void givesAnAnnouncementItsCode() {
        assertThat(sentences("Use it like this:\n\n```\nuse(it);\n```\n\nIt works then."))
                .containsExactly("Use it like this: [1]\n\n```\nuse(it);\n```\n\n", "It works then. [1]");
    }

    @Test
    void leavesOutAnnouncementsOfAnythingElseAndMereNumbers() {
        assertThat(sentences("There are three ways:\n\nThe first is here.\n\n1 2 3 4 5 6 7."))
                .containsExactly("The first is here. [1]");
    }

    @Test
    void doesNotCutInsideInlineCode() {
        assertThat(sentences("Run `ask(\"Why? Now! a. B\")` and see it answer."))
                .containsExactly("Run `ask(\"Why? Now! a. B\")` and see it answer. [1]");
    }

    private static List<String> sentences(String text) {
        return new Passage("a.md", "A", text)
                .sentences().stream().map(sentence -> sentence.quote(1)).toList();
    }
}
