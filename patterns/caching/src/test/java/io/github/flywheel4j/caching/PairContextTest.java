package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flywheel4j.caching.PairContext.Near;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairContextTest {

    private static final int MARGIN = 1;
    private static final int COMPETITION = 2;
    private static final int NEIGHBOURS_SURPRISE = 5;
    private static final int GROUP_SURPRISE = 6;

    private final TextShape text = TextShape.of("How do I cancel my order?");
    private final RareWords words = new RareWords();

    private Near near(double similarity, Object group) {
        return new Near(similarity, group, 0.5, text, 0, 0, 0, 0);
    }

    private double[] features(Near... neighbours) {
        return PairContext.features(text, 0, List.of(neighbours), words);
    }

    @Test
    void fillsEveryFeatureWithANumber() {
        double[] alone = features(near(0.9, "a"));

        assertThat(alone).hasSize(PairContext.SIZE).doesNotContain(Double.NaN, Double.NEGATIVE_INFINITY);
        assertThat(alone[PairContext.COSINE]).isEqualTo(0.9);
    }

    @Test
    void anEqualRivalCompetes() {
        assertThat(features(near(0.9, "a"), near(0.9, "b"))[COMPETITION])
                .isGreaterThan(features(near(0.9, "a"), near(0.6, "b"))[COMPETITION]);
        assertThat(features(near(0.9, "a"), near(0.9, "b"))[MARGIN]).isZero();
    }

    @Test
    void anEntryOfTheSameGroupDoesNotCompete() {
        assertThat(features(near(0.9, "a"), near(0.9, "a"))[COMPETITION]).isZero();
    }

    @Test
    void verdictsOnNeighboursCountMoreTheNearerTheyAre() {
        Near far = new Near(0.6, "b", 0.5, text, -1, 1, 0, 0);
        Near close = new Near(0.9, "b", 0.5, text, -1, 1, 0, 0);

        double byFar = features(near(0.95, "a"), far)[NEIGHBOURS_SURPRISE];
        double byClose = features(near(0.95, "a"), close)[NEIGHBOURS_SURPRISE];

        assertThat(byClose).isLessThan(byFar).isNegative();
        assertThat(byFar).isNegative();
    }

    @Test
    void manyVerdictsThatWereNearlyCertainSayMoreThanOneThatWasInDoubt() {
        Near doubted = new Near(0.9, "a", 0.5, text, 0, 0, 0.5, 0.25);
        Near proven = new Near(0.9, "a", 0.5, text, 0, 0, 40 * 0.05, 40 * 0.05 * 0.95);

        assertThat(features(proven)[GROUP_SURPRISE]).isGreaterThan(features(doubted)[GROUP_SURPRISE]);
        assertThat(features(doubted)[GROUP_SURPRISE]).isPositive();
    }

    @Test
    void comparesWordsByTheirRarity() {
        List<TextShape> seen = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            seen.add(TextShape.of("cancel order " + i));
        }
        seen.forEach(words::add);
        TextShape common = TextShape.of("cancel a basket");
        TextShape rare = TextShape.of("order a basket cancel zither");

        assertThat(TextShape.of("cancel order").rarestUnshared(TextShape.of("cancel"), words))
                .isLessThan(common.rarestUnshared(TextShape.of("cancel"), words));
        assertThat(common.overlap(common, words)).isEqualTo(1);
        assertThat(common.overlap(rare, words)).isBetween(0.0, 1.0);
        assertThat(TextShape.of("").overlap(TextShape.of(""), words)).isEqualTo(1);
    }

    @Test
    void seesThatTheSameWordsStandInAnotherOrder() {
        TextShape there = TextShape.of("trains from paris to rome");
        TextShape back = TextShape.of("trains from rome to paris");

        assertThat(there.pairOverlap(there)).isEqualTo(1);
        assertThat(there.pairOverlap(back)).isLessThan(0.5);
        assertThat(there.lengthGap(back)).isZero();
        assertThat(there.asksLike(back)).isTrue();
        assertThat(TextShape.of("why?").asksLike(TextShape.of("when?"))).isFalse();
    }
}
