package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RankingTest {

    /** C. D. Manning and others, Introduction to Information Retrieval, 2008, section 8.4: five relevant, ranks 1, 3, 6, 9, 10. */
    private static final List<String> TEN = List.of("r1", "n1", "r2", "n2", "n3", "r3", "n4", "n5", "r4", "r5");

    private static final Map<String, Double> FIVE = Map.of("r1", 1.0, "r2", 1.0, "r3", 1.0, "r4", 1.0, "r5", 1.0);

    @Test
    void measuresWhatTheFirstRanksHold() {
        assertThat(Ranking.precisionAt(3, TEN, FIVE)).isEqualTo(2.0 / 3);
        assertThat(Ranking.recallAt(3, TEN, FIVE)).isEqualTo(0.4);
        assertThat(Ranking.precisionAt(20, TEN, FIVE))
                .as("empty places are not relevant")
                .isEqualTo(0.25);
        assertThat(Ranking.recallAt(20, TEN, FIVE)).isEqualTo(1);
    }

    @Test
    void averagesThePrecisionAtRelevantRanks() {
        assertThat(Ranking.averagePrecision(TEN, FIVE))
                .isEqualTo((1 + 2.0 / 3 + 3.0 / 6 + 4.0 / 9 + 5.0 / 10) / 5, within(1e-12));
        assertThat(Ranking.averagePrecision(List.of("r1"), FIVE)).isEqualTo(0.2);
    }

    @Test
    void takesTheRankOfTheFirstRelevantSource() {
        assertThat(Ranking.reciprocalRank(TEN, FIVE)).isEqualTo(1);
        assertThat(Ranking.reciprocalRank(List.of("n1", "n2", "r1"), FIVE)).isEqualTo(1.0 / 3);
        assertThat(Ranking.reciprocalRank(List.of("n1"), FIVE)).isZero();
    }

    /** The usual example: grades 3, 2, 3, 0, 1, 2 in this order; DCG 6.861, ideal 7.141, quotient 0.961. */
    @Test
    void discountsGradesByRank() {
        Map<String, Double> grades = Map.of("a", 3.0, "b", 2.0, "c", 3.0, "d", 0.0, "e", 1.0, "f", 2.0);

        assertThat(Ranking.ndcgAt(6, List.of("a", "b", "c", "d", "e", "f"), grades))
                .isEqualTo(0.9608, within(5e-5));
        assertThat(Ranking.ndcgAt(6, List.of("a", "c", "b", "f", "e", "d"), grades))
                .isEqualTo(1, within(1e-12));
        assertThat(Ranking.ndcgAt(1, List.of("b"), grades)).isEqualTo(2.0 / 3, within(1e-12));
        assertThat(Ranking.ndcgAt(3, List.of("x"), grades)).isZero();
    }

    @Test
    void countsASourceThatStandsThereTwiceOnce() {
        Map<String, Double> one = Map.of("a", 1.0);

        assertThat(Ranking.precisionAt(2, List.of("a", "a"), one)).isEqualTo(0.5);
        assertThat(Ranking.averagePrecision(List.of("a", "a"), one)).isEqualTo(1);
        assertThat(Ranking.ndcgAt(2, List.of("a", "a"), one)).isEqualTo(1);
    }

    @Test
    void wantsSomethingRelevantAndAtLeastOneRank() {
        assertThatThrownBy(() -> Ranking.recallAt(1, TEN, Map.of("x", 0.0))).hasMessageContaining("nothing relevant");
        assertThatThrownBy(() -> Ranking.reciprocalRank(TEN, Map.of())).hasMessageContaining("nothing relevant");
        assertThatThrownBy(() -> Ranking.ndcgAt(0, TEN, FIVE)).hasMessageContaining("k: 0");
        assertThatThrownBy(() -> Ranking.precisionAt(0, TEN, FIVE)).hasMessageContaining("k: 0");
    }
}
