package io.github.flywheel4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownTest {

    @Test
    void makesAPassageOfEachSectionAndKeepsTheHeadingsAboveIt() {
        List<Passage> passages = read("""
                # Guide
                One.
                ## Rules
                Two.
                ### First ###
                Three.
                # End
                Four.
                """);

        assertThat(passages)
                .extracting(Passage::headings)
                .containsExactly("Guide", "Guide › Rules", "Guide › Rules › First", "End");
        assertThat(passages).extracting(Passage::text).containsExactly("One.", "Two.", "Three.", "Four.");
        assertThat(passages.get(2).source()).isEqualTo("guide.md › First");
    }

    @Test
    void takesMarkupOffButLeavesCode() {
        assertThat(read("A **bold** and *slanted* [link](http://x) to `a*b*c` <!-- no -->")
                        .get(0)
                        .text())
                .isEqualTo("A bold and slanted link to `a*b*c`");
    }

    @Test
    void makesAParagraphOfEachListItem() {
        assertThat(read("List:\n- one\n  goes on\n- two\n1. three\n2) four")
                        .get(0)
                        .text())
                .isEqualTo("List:\n\none\n  goes on\n\ntwo\n\nthree\n\nfour");
    }

    @Test
    void namesTheColumnsInTheRowsOfATable() {
        assertThat(read("| stage | who | why |\n|---|:-:|---|\n| CACHE | cache | a hit saves |\n| CUSTOM |  | none |")
                        .get(0)
                        .text())
                .isEqualTo("CACHE — who: cache; why: a hit saves.\n\nCUSTOM — who: ; why: none.");
    }

    @Test
    void keepsCodeApartFromProse() {
        Passage passage = read("Call it:\n```java\n# no heading.\n- no item\n```\nDone, and it was easy.")
                .get(0);

        assertThat(passage.prose()).isEqualTo("Call it:\n\n\n\nDone, and it was easy.");
        assertThat(passage.text()).contains("```\n# no heading.\n- no item\n```");
    }

    @Test
    void leavesOutRowsOfLinksAndEmptySections() {
        assertThat(read("# Title\n[a](http://aaaaaaaaaaaaa) [b](http://bbbbbbbbbbbbb)\n## Empty\n\n## Full\nText."))
                .hasSize(1);
    }

    @Test
    void cutsLongTextBetweenSentences() {
        String sentence = "This sentence is here to fill the passage up. ";
        List<Passage> passages = read(sentence.repeat(60));

        assertThat(passages).hasSizeGreaterThan(2).allSatisfy(passage -> {
            assertThat(passage.text()).hasSizeLessThanOrEqualTo(900).endsWith(".");
        });
    }

    @Test
    void cutsTextWithoutSentencesWhereItMust() {
        assertThat(read("1 2 3 ".repeat(2_000)))
                .allSatisfy(passage -> assertThat(passage.text()).hasSizeLessThanOrEqualTo(900));
        assertThat(read("x".repeat(5_000))).hasSize(6);
    }

    private static List<Passage> read(String markdown) {
        return Markdown.passages("guide.md", markdown);
    }
}
