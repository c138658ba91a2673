package io.github.flywheel4j.evals;

import io.github.flywheel4j.Cost;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The most that a run may use, answers, judges and what failed together: money, tokens, time. When it is used up no further case is asked;
 * those under way are finished, so that as many answers as there are workers may come on top. Immutable.
 *
 * <p>Tokens are counted as providers count them, money as the price list of a stack says: of the answers, of calls before one
 * that failed, and of judges, also where their words were unreadable. A run with a limit on money fails when an answer used
 * tokens and has no price, because no sum would ever end it. Elsewhere, where nobody says anything nothing is counted: a judge's
 * model costs money only behind a stack with prices, a call that failed or was blocked only what its provider told, and work
 * that a candidate or scorer does on threads of its own is not seen. Nor are calls that it makes in a scope within that of the
 * case ({@link io.github.flywheel4j.CallContext#call}, {@link io.github.flywheel4j.CallContext#open}): the inner scope keeps
 * their interactions for itself. What an answer uses that was cancelled or timed out counts as long as the run is not ended,
 * and is remembered by its journal.
 *
 * @param money the most money; null for no limit
 * @param tokens the most tokens, of input and output together; null for no limit
 * @param time the most time, over all parts of a resumed run; null for no limit
 */
public record Budget(
        @Nullable Cost money,
        @Nullable Long tokens,
        @Nullable Duration time) {

    private static final Budget UNLIMITED = new Budget(null, null, null);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public Budget {
        if (money != null && money.amount().signum() <= 0) {
            throw new IllegalArgumentException("money: " + money + " (expected: > 0)");
        }
        if (tokens != null && tokens <= 0) {
            throw new IllegalArgumentException("tokens: " + tokens + " (expected: > 0)");
        }
        if (time != null && (time.isNegative() || time.isZero())) {
            throw new IllegalArgumentException("time: " + time + " (expected: > 0)");
        }
    }

    /** No limits. */
    public static Budget unlimited() {
        return UNLIMITED;
    }

    /** This budget with a limit on money: an amount such as "2.50" of a currency such as "USD". */
    public Budget withMoney(String amount, String currency) {
        return new Budget(new Cost(new BigDecimal(amount), currency), tokens, time);
    }

    /** This budget with a limit on tokens. */
    public Budget withTokens(long tokens) {
        return new Budget(money, tokens, time);
    }

    /** This budget with a limit on time. */
    public Budget withTime(Duration time) {
        return new Budget(money, tokens, time);
    }

    /**
     * Checks that a limit on money would be noticed: no sum reaches it where the answers have no price, or one in another
     * currency.
     *
     * @param unpriced the model of answers that used tokens and have no price; null if there is none
     * @throws IllegalStateException if it would not
     */
    void requireCounted(Spent spent, @Nullable String unpriced) {
        if (money == null) {
            return;
        }
        if (spent.costs().stream().anyMatch(cost -> !cost.currency().equals(money.currency()))) {
            throw new IllegalStateException("budget in " + money.currency() + ", prices in "
                    + spent.costs().stream().map(Cost::currency).collect(Collectors.joining(" and "))
                    + " (expected: one currency)");
        }
        if (unpriced != null) {
            throw new IllegalStateException("budget of " + money + ", but the answers of '" + unpriced
                    + "' have no price (expected: a stack with prices(PriceList...), or withTokens)");
        }
    }

    /** Which limit is reached, in words; null if none is. */
    @Nullable
    String reachedBy(Spent spent, Duration elapsed) {
        if (tokens != null && spent.tokens() >= tokens) {
            return "tokens";
        }
        if (time != null && elapsed.compareTo(time) >= 0) {
            return "time";
        }
        if (money == null) {
            return null;
        }
        Cost used = spent.cost();
        return used != null && used.amount().compareTo(money.amount()) >= 0 ? "money" : null;
    }
}
