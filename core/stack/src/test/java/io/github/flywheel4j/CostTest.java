package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class CostTest {

    private final Cost dollars = new Cost(new BigDecimal("1.20"), "USD");

    @Test
    void addsAmountsOfOneCurrencyWithoutRounding() {
        assertThat(dollars.plus(new Cost(new BigDecimal("0.00345"), "USD"))).hasToString("1.20345 USD");
    }

    @Test
    void refusesToAddAnotherCurrency() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dollars.plus(new Cost(new BigDecimal("3"), "EUR")))
                .withMessage("cost: 3 EUR to be added to 1.2 USD (expected: one in USD; keep the sums of two currencies"
                        + " apart)");
    }
}
