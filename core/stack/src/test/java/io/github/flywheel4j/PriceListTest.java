package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class PriceListTest {

    private static final PriceList PRICES = PriceList.builder("USD")
            .perMillionTokens("small", "0.15", "0.60")
            .perMillionTokens("small-pro", "2.50", "10")
            .perMillionTokens("zebra", "1", "1")
            .build();

    @Test
    void chargesInputAndOutputTokensExactly() {
        assertThat(PRICES.cost("small", new TokenUsage(1_000, 500))).hasValueSatisfying(cost -> {
            assertThat(cost.amount()).isEqualByComparingTo(new BigDecimal("0.00045"));
            assertThat(cost.currency()).isEqualTo("USD");
            assertThat(cost).hasToString("0.00045 USD");
        });
    }

    @Test
    void pricesADatedModelByTheLongestNameItBeginsWith() {
        TokenUsage usage = new TokenUsage(1_000_000, 0);

        assertThat(PRICES.cost("small-2026-07-18", usage))
                .hasValueSatisfying(cost -> assertThat(cost.amount()).isEqualByComparingTo("0.15"));
        assertThat(PRICES.cost("small-pro-2026-07-18", usage))
                .hasValueSatisfying(cost -> assertThat(cost.amount()).isEqualByComparingTo("2.5"));
        assertThat(PRICES.cost("small-pro", usage))
                .hasValueSatisfying(cost -> assertThat(cost.amount()).isEqualByComparingTo("2.5"));
    }

    @Test
    void knowsNoCostRatherThanAWrongOne() {
        assertThat(PRICES.cost("smal", new TokenUsage(1, 1))).isEmpty();
        assertThat(PRICES.cost("", new TokenUsage(1, 1))).isEmpty();
        assertThat(PRICES.cost("yak", new TokenUsage(1, 1))).isEmpty();
        assertThat(PRICES.cost("small", new TokenUsage(null, 1))).isEmpty();
        assertThat(PRICES.cost("small", new TokenUsage(1, null))).isEmpty();
        assertThat(PriceList.empty().cost("small", new TokenUsage(1, 1))).isEmpty();
    }

    @Test
    void refusesBadPrices() {
        PriceList.Builder builder = PriceList.builder("USD");

        assertThatThrownBy(() -> builder.perMillionTokens(" ", "1", "1"))
                .hasMessage("model: blank (expected: the name of a model)");
        assertThatThrownBy(() -> builder.perMillionTokens("m", "-1", "1")).hasMessage("input: -1 (expected: >= 0)");
        assertThatThrownBy(() -> builder.perMillionTokens("m", "1", "1,5"))
                .hasMessage("output: 1,5 (expected: a decimal number)");
    }

    @Test
    void staysAsItWasBuilt() {
        PriceList.Builder builder = PriceList.builder("EUR").perMillionTokens("m", "1", "1");
        PriceList prices = builder.build();

        builder.perMillionTokens("n", "1", "1");

        assertThat(prices.cost("n", new TokenUsage(1, 1))).isEmpty();
    }
}
