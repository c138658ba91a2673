package io.github.flywheel4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void writesPlainNumbersInTheOrderTheyWerePut() {
        Figures figures = new Figures()
                .put("store", "a \"b\"\n")
                .put("large", 10_000.0)
                .put("third", 1.0 / 3)
                .put("none", 0.0)
                .put("count", 12_345_678_901L);

        assertThat(figures.toJson())
                .isEqualTo("{\"store\":\"a \\\"b\\\"\\n\",\"large\":10000,\"third\":0.333,\"none\":0,"
                        + "\"count\":12345678901}");
    }

    @Test
    void refusesWhatJsonCannotHold() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Figures().put("rate", Double.NaN))
                .withMessage("rate: NaN (expected: a finite number)");
    }

    @Test
    void refusesAKeyThatIsTaken() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Figures().put("rate", 1).put("rate", 2));
    }
}
