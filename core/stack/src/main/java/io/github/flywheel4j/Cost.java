package io.github.flywheel4j;

import java.math.BigDecimal;

/**
 * An amount of money.
 *
 * @param amount in units of the currency, not rounded
 * @param currency the currency's code, such as "USD"
 */
public record Cost(BigDecimal amount, String currency) {

    @Override
    public String toString() {
        return amount.stripTrailingZeros().toPlainString() + " " + currency;
    }
}
