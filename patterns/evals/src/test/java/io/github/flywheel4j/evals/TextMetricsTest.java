package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.flywheel4j.testkit.Seeds;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values are worked out by hand from the definitions, unless a source is named. */
class TextMetricsTest {

    private static final Offset<Double> NEAR = within(1e-9);

    @Test
    void measuresSharedRunsOfWords() {
        // 5/6, 3/5, 1/4 and, smoothed, 1/2 of 1/3.
        double expected = 100 * Math.pow(5.0 / 6 * 3 / 5 * 1 / 4 * 1 / 6, 0.25);

        assertThat(Bleu.forSentences().sentence("the cat sat on the mat", List.of("the cat is on the mat")))
                .isEqualTo(expected, NEAR);
    }

    @Test
    void punishesAnswersShorterThanTheClosestReference() {
        Bleu unigrams = Bleu.forCorpus().maxOrder(1);

        assertThat(unigrams.sentence("a b", List.of("a b c"))).isEqualTo(100 * Math.exp(1 - 3.0 / 2), NEAR);
        assertThat(unigrams.sentence("a b", List.of("a b c", "x")))
                .as("one is shorter")
                .isEqualTo(100, NEAR);
        assertThat(unigrams.sentence("a b c d", List.of("a b"))).isEqualTo(50, NEAR);
    }

    @Test
    void addsUpCountsOfACorpusBeforeItDivides() {
        assertThat(Bleu.forCorpus().maxOrder(1).corpus(List.of("a", "x y z"), List.of(List.of("a"), List.of("b c z"))))
                .isEqualTo(50, NEAR);
    }

    @Test
    void smoothsLengthsWithoutAMatchAsTold() {
        Bleu two = Bleu.forCorpus().maxOrder(2);
        List<String> reference = List.of("a x b");

        assertThat(two.smoothing(Bleu.Smoothing.NONE).sentence("a b c", reference))
                .isZero();
        assertThat(two.smoothing(Bleu.Smoothing.EXPONENTIAL).sentence("a b c", reference))
                .isEqualTo(100 * Math.sqrt(2.0 / 3 * 1 / 4), NEAR);
        assertThat(two.smoothing(Bleu.Smoothing.FLOOR).sentence("a b c", reference))
                .isEqualTo(100 * Math.sqrt(2.0 / 3 * 0.1 / 2), NEAR);
        assertThat(two.smoothing(Bleu.Smoothing.ADD_K).sentence("a b c", reference))
                .isEqualTo(100 * Math.sqrt(2.0 / 3 * 1 / 3), NEAR);
        assertThat(two.smoothing(Bleu.Smoothing.ADD_K, 2).sentence("a b c", reference))
                .isEqualTo(100 * Math.sqrt(2.0 / 3 * 2 / 4), NEAR);
    }

    @Test
    void measuresShortAnswersByTheLengthsTheyHave() {
        assertThat(Bleu.forSentences().sentence("yes indeed", List.of("yes indeed")))
                .isEqualTo(100, NEAR);
        assertThat(Bleu.forCorpus().sentence("yes indeed", List.of("yes indeed")))
                .isZero();
        assertThat(Bleu.forSentences().sentence("", List.of("a"))).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NONE | a-b, c. | 2",
                "THIRTEEN_A | Tom &amp; Jo's 1,234.5 (or 7-day) end. | 12",
                "INTERNATIONAL | «Ça» 5€ – 1,5 | 7",
                "CHARACTERS | ab c | 3",
                "CHINESE | 你好,world 3.5 | 5"
            })
    void cutsTextsIntoWordsByNamedRules(Bleu.Tokenizer tokenizer, String text, int words) {
        String repeated = text + " " + text;
        Bleu unigrams = Bleu.forCorpus().tokenizer(tokenizer).maxOrder(1);

        // The whole twice against once: the brevity penalty gives the number of words away.
        assertThat(unigrams.sentence(text, List.of(repeated))).isEqualTo(100 * Math.exp(-1), NEAR);
        assertThat(unigrams.sentence(text + " 1", List.of(text))).isEqualTo(100.0 * words / (words + 1), NEAR);
    }

    @Test
    void takesCasesForEqualWhenTold() {
        assertThat(Bleu.forSentences().sentence("YES", List.of("yes"))).isZero();
        assertThat(Bleu.forSentences().lowercase(true).sentence("YES", List.of("yes")))
                .isEqualTo(100, NEAR);
        assertThat(Chrf.chrf().sentence("YES", List.of("yes"))).isZero();
        assertThat(Chrf.chrf().lowercase(true).sentence("YES", List.of("yes"))).isEqualTo(100, NEAR);
    }

    @Test
    void measuresSharedRunsOfCharacters() {
        // 2/3, 1/2 and 0/1; the text has no longer ones.
        assertThat(Chrf.chrf().sentence("abc", List.of("abd"))).isEqualTo(100 * (2.0 / 3 + 1.0 / 2) / 3, NEAR);
        assertThat(Chrf.chrf().epsilonSmoothing(true).sentence("abc", List.of("abd")))
                .isEqualTo(100 * (2.0 / 3 + 1.0 / 2) / 6, NEAR);
        // Precision 1/2, recall 1 by characters alone: with beta 2 recall weighs four times.
        assertThat(Chrf.chrf().orders(1, 0).sentence("ab", List.of("a"))).isEqualTo(100 * 5 * 0.5 / 3, NEAR);
        assertThat(Chrf.chrf().orders(1, 0).beta(1).sentence("ab", List.of("a")))
                .isEqualTo(100 * 2.0 / 3, NEAR);
    }

    @Test
    void addsWordsInItsPlusPlusForm() {
        // Characters 1/2 and 0/1, words 0/1.
        assertThat(Chrf.chrfPlusPlus().sentence("ab", List.of("ac"))).isEqualTo(100 * 0.5 / 3, NEAR);
        // A mark at the end is a word of its own: words 1 of 2, pairs 0 of 1; characters 2/3, 1/2, 0.
        assertThat(Chrf.chrfPlusPlus().sentence("ab.", List.of("ab!")))
                .isEqualTo(100 * (2.0 / 3 + 1.0 / 2 + 0 + 1.0 / 2 + 0) / 5, NEAR);
    }

    @Test
    void countsSpacesOfCharacterRunsOnlyWhenTold() {
        assertThat(Chrf.chrf().sentence("a b", List.of("ab"))).isEqualTo(100, NEAR);
        assertThat(Chrf.chrf().spaces(true).sentence("a b", List.of("ab"))).isLessThan(100);
    }

    @Test
    void takesTheBestReferenceForRunsOfCharacters() {
        assertThat(Chrf.chrf().sentence("abc", List.of("xyz", "abc"))).isEqualTo(100, NEAR);
        assertThat(Chrf.chrf().sentence("", List.of("abc"))).isZero();
    }

    /** The example of C.-Y. Lin, ROUGE, 2004, section 3.1 to 3.3; precision equals recall there. */
    @Test
    void measuresRougeAsItsAuthorDoes() {
        List<String> reference = List.of("police killed the gunman");

        assertThat(TextMetrics.rougeL("police kill the gunman", reference).recall())
                .isEqualTo(0.75);
        assertThat(TextMetrics.rougeL("the gunman kill police", reference).recall())
                .isEqualTo(0.5);
        assertThat(TextMetrics.rougeN("police kill the gunman", reference, 2).recall())
                .isEqualTo(1.0 / 3);
        assertThat(TextMetrics.rougeN("the gunman kill police", reference, 2).recall())
                .isEqualTo(1.0 / 3);
        assertThat(TextMetrics.rougeN("the gunman kill police", reference, 1))
                .isEqualTo(new TextMetrics.Overlap(0.75, 0.75, 0.75));
    }

    @Test
    void measuresRougeByPrecisionAndRecall() {
        TextMetrics.Overlap overlap = TextMetrics.rougeN("one two three four", List.of("one two"), 1);

        assertThat(overlap.precision()).isEqualTo(0.5);
        assertThat(overlap.recall()).isEqualTo(1);
        assertThat(overlap.f1()).isEqualTo(2.0 / 3, NEAR);
        assertThat(TextMetrics.rougeN("", List.of("one"), 1).f1()).isZero();
        assertThat(TextMetrics.rougeL("x", List.of("y", "X")).f1())
                .as("the best reference, any case")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "The Fox!, fox, 1, true",
        "'a red, fox', the fox, 0.6666667, false",
        "the theatre, theatre, 1, true",
        "'', '', 1, true",
        "the, an, 1, true",
        "'', fox, 0, false",
        "fox fox, fox, 0.6666667, false"
    })
    void measuresAnswersAsSquadDoes(String answer, String reference, double f1, boolean equal) {
        assertThat(TextMetrics.tokenOverlap(answer, List.of(reference)).f1()).isEqualTo(f1, within(1e-6));
        assertThat(TextMetrics.squadExactMatch(answer, List.of("none", reference)))
                .isEqualTo(equal);
    }

    @Test
    void measuresEditsAndNumbers() {
        assertThat(TextMetrics.editLikeness("kitten", List.of("x", "sitting"))).isEqualTo(1 - 3.0 / 7, NEAR);
        assertThat(TextMetrics.numericLikeness(0, 0)).isEqualTo(1);
        assertThat(TextMetrics.numericLikeness(1, 3)).isEqualTo(0.5);
        assertThat(TextMetrics.numericLikeness(-1, 1)).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"b\":\"x\"} | {\"b\":\"x\",\"a\":1} | 1",
                "{\"a\":1} | {\"a\":1,\"b\":2} | 0.5",
                "[1,2] | [1] | 0.5",
                "[1,2] | [2,1] | 0.6666666666666667",
                "{\"a\":[]} | {\"a\":[]} | 1",
                "{\"a\":null} | {\"b\":null} | 1",
                "{\"a\":null} | {\"a\":0} | 0",
                "{\"a\":\"{\\\"b\\\":1}\"} | {\"a\":{\"b\":1}} | 1",
                "{\"a\":{\"c\":1,\"b\":2}} | {\"a\":\"{'b':2\"} | 0.3076923076923077",
                "no json | no jzon | 0.8571428571428572",
                "{} | {} | 1"
            })
    void comparesJsonFieldByField(String answer, String reference, double likeness) {
        assertThat(TextMetrics.jsonLikeness(answer, reference)).isEqualTo(likeness, NEAR);
    }

    @Test
    void staysWithinItsScaleAndGivesEqualTextsTheMost() {
        Seeds seeds = Seeds.named("text metrics");
        for (int i = 0; i < 200; i++) {
            String a = seeds.text(40);
            String b = seeds.text(40);
            List<String> references = List.of(b);
            assertThat(Bleu.forSentences().sentence(a, references)).isBetween(0.0, 100.0 + 1e-9);
            assertThat(Chrf.chrfPlusPlus().sentence(a, references)).isBetween(0.0, 100.0 + 1e-9);
            assertThat(TextMetrics.rougeL(a, references).f1()).isBetween(0.0, 1.0);
            assertThat(TextMetrics.tokenOverlap(a, List.of(a)).f1()).isEqualTo(1);
            assertThat(TextMetrics.editLikeness(a, List.of(a))).isEqualTo(1);
            assertThat(TextMetrics.jsonLikeness(a, b)).isBetween(0.0, 1.0);
        }
    }

    @Test
    void wantsAReference() {
        assertThatThrownBy(() -> Bleu.forCorpus().corpus(List.of("a"), List.of(List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("references: none");
        assertThatThrownBy(() -> Chrf.chrf().corpus(List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1");
        assertThatThrownBy(() -> TextMetrics.rougeL("a", List.of())).hasMessageContaining("references: none");
        assertThatThrownBy(() -> TextMetrics.rougeN("a", List.of("a"), 0)).hasMessageContaining("n: 0");
        assertThatThrownBy(() -> Bleu.forCorpus().maxOrder(0)).hasMessageContaining("maxOrder: 0");
        assertThatThrownBy(() -> Chrf.chrf().orders(0, 1)).hasMessageContaining("orders: 0 characters");
        assertThatThrownBy(() -> Chrf.chrf().beta(0)).hasMessageContaining("beta: 0");
    }
}
