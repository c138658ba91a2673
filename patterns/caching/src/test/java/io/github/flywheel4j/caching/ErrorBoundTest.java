package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorBoundTest {

    private static final double[] NONE = new double[PairContext.SIZE];

    private final List<JudgedLookup> judged = new ArrayList<>();
    private final List<Double> scores = new ArrayList<>();

    private void add(int count, double score, boolean same, double weight) {
        for (int i = 0; i < count; i++) {
            judged.add(new JudgedLookup(NONE, same, weight));
            scores.add(score);
        }
    }

    private double threshold(double tolerance) {
        return threshold(tolerance, 1).score();
    }

    private ErrorBound.Threshold threshold(double tolerance, double factor) {
        return ErrorBound.threshold(
                judged, scores.stream().mapToDouble(Double::doubleValue).toArray(), tolerance, factor);
    }

    @Test
    void holdsByTheBetaDistribution() {
        // R: pbeta(0.02, 0.5, 24.5 + 100), pbeta(0.02, 1.5, 24.5 + 99)
        assertThat(ErrorBound.holds(100, 0, 0.02, 0.97)).isTrue();
        assertThat(ErrorBound.holds(100, 0, 0.02, 0.98)).isFalse();
        assertThat(ErrorBound.holds(100, 1, 0.02, 0.82)).isTrue();
        assertThat(ErrorBound.holds(100, 1, 0.02, 0.84)).isFalse();
    }

    @Test
    void servesNothingWithoutEvidence() {
        assertThat(threshold(0.02)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void servesDownToWhereTheWrongOnesBegin() {
        add(200, 6, true, 1);
        add(100, 5, true, 1);
        add(100, 1, false, 1);

        assertThat(threshold(0.02)).isEqualTo(5);
    }

    @Test
    void doesNotTrustAModelThatTheVerdictsContradict() {
        add(50, 9, true, 1);
        add(10, 9, false, 1);

        assertThat(threshold(0.02)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void doesNotTrustAFewLuckyVerdictsThatTheModelDoubts() {
        add(60, 2, true, 1);

        assertThat(threshold(0.02)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(threshold(0.2)).isEqualTo(2);
    }

    @Test
    void oneWrongOfTwentyDoesNotOverruleAModelThatExpectsNone() {
        add(19, 9, true, 1);
        add(1, 9, false, 1);

        assertThat(threshold(0.02)).isEqualTo(9);

        add(1, 9, false, 1);

        assertThat(threshold(0.02)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void asksForMoreWhereAuditsFoundTheModelTooSure() {
        add(200, 6, true, 1);
        add(200, 4, true, 1);

        assertThat(threshold(0.02, 1).score()).isEqualTo(4);
        assertThat(threshold(0.02, 3).score()).isEqualTo(6);
        assertThat(threshold(0.02, 10).score()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void tellsWhatItExpectsByTheScoresAlone() {
        add(200, 4, true, 1);

        assertThat(threshold(0.1, 3).expected()).isCloseTo(1 / (1 + Math.exp(4)), within(1e-12));
    }

    @Test
    void countsAnAuditForAllTheHitsThatItStandsFor() {
        add(400, 6, true, 1);
        add(1, 6, false, 10);

        assertThat(threshold(0.02)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(threshold(0.05)).isEqualTo(6);
    }
}
