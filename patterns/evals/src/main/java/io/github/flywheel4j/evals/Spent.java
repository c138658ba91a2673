package io.github.flywheel4j.evals;

import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.Cost;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was used: tokens, and money by currency. Amounts of two currencies stay apart, because nobody here knows what one is
 * worth in the other. Immutable.
 *
 * @param tokens tokens of input and output together, as far as providers say
 * @param costs an amount for each currency, by its code; empty if no price is known
 */
public record Spent(long tokens, List<Cost> costs) {

    /** Nothing, as far as anybody says. */
    public static final Spent NOTHING = new Spent(0, List.of());

    /** Adds up the amounts of each currency and puts them in order. */
    public Spent {
        SortedMap<String, Cost> byCurrency = new TreeMap<>();
        costs.forEach(cost -> byCurrency.merge(cost.currency(), cost, Cost::plus));
        costs = List.copyOf(byCurrency.values());
    }

    /** What one answer used; null where nobody says. */
    static Spent of(@Nullable TokenUsage usage, @Nullable Cost cost) {
        Integer tokens = usage == null ? null : usage.totalTokenCount();
        return tokens == null && cost == null
                ? NOTHING
                : new Spent(tokens == null ? 0 : tokens, cost == null ? List.of() : List.of(cost));
    }

    /** What an answer used; nothing for none. */
    static Spent of(@Nullable Output output) {
        return output == null ? NOTHING : of(output.usage(), output.cost());
    }

    /** What the answers of a run used. */
    static Spent byAnswers(EvalRun run) {
        Spent sum = NOTHING;
        for (CaseResult result : run.results()) {
            sum = sum.plus(of(result.output()));
        }
        return sum;
    }

    /** This and that. */
    public Spent plus(Spent other) {
        if (other.equals(NOTHING)) {
            return this;
        }
        return new Spent(
                tokens + other.tokens,
                Stream.concat(costs.stream(), other.costs.stream()).toList());
    }

    /** The money, if all of it is of one currency; null if there is none, or it is of several. */
    public @Nullable Cost cost() {
        return costs.size() == 1 ? costs.get(0) : null;
    }

    /** Whether there is money of two currencies or more. */
    public boolean isOfSeveralCurrencies() {
        return costs.size() > 1;
    }

    /** The amounts, such as "1.2 EUR and 3 USD". */
    String moneyInWords() {
        return costs.stream().map(Cost::toString).collect(Collectors.joining(" and "));
    }
}
