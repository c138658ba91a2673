package io.github.flywheel4j;

import java.math.BigDecimal;

/**
 * An amount of money.
 *
 * @param amount in units of the currency, not rounded
 * @param currency the currency's code, such as "USD"
 */
public record Cost(BigDecimal amount, String currency) {

    /**
     * This and another amount of the same currency. Two currencies are never added: nobody here knows what one is worth in
     * the other.
     *
     * @throws IllegalArgumentException if the other is of another currency
     */
    public Cost plus(Cost other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("cost: " + other + " to be added to " + this + " (expected: one in "
                    + currency + "; keep the sums of two currencies apart)");
        }
        return new Cost(amount.add(other.amount), currency);
    }

    @Override
    public String toString() {
        return amount.stripTrailingZeros().toPlainString() + " " + currency;
    }
}
