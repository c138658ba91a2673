package io.github.flywheel4j;

import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What tokens cost, by model. The library ships no prices, because they change without notice; write down the ones of
 * your contract.
 *
 * <pre>{@code
 * PriceList prices = PriceList.builder("USD")
 *         .perMillionTokens("small-model", "0.15", "0.60")
 *         .perMillionTokens("large-model", "2.50", "10.00")
 *         .build();
 * }</pre>
 *
 * <p>A model is found by its exact name, else by the longest listed name that it begins with, so that "small-model" also
 * prices "small-model-2026-07-18". Immutable and thread-safe.
 */
public final class PriceList {

    private static final PriceList EMPTY = builder("").build();
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    private final String currency;
    private final TreeMap<String, Price> prices;

    private PriceList(Builder builder) {
        this.currency = builder.currency;
        this.prices = new TreeMap<>(builder.prices);
    }

    /** A list without prices: every cost is unknown. */
    public static PriceList empty() {
        return EMPTY;
    }

    /** A builder of a list in the given currency, such as "USD". */
    public static Builder builder(String currency) {
        return new Builder(currency);
    }

    /**
     * What the usage cost; empty if the model is not listed or the provider did not count tokens. No tokens cost nothing,
     * whoever answered: an answer from a cache.
     */
    public Optional<Cost> cost(String model, TokenUsage usage) {
        if (!prices.isEmpty() && isNone(usage.inputTokenCount()) && isNone(usage.outputTokenCount())) {
            return Optional.of(new Cost(BigDecimal.ZERO, currency));
        }
        Price price = price(model);
        if (price == null || usage.inputTokenCount() == null || usage.outputTokenCount() == null) {
            return Optional.empty();
        }
        BigDecimal millionfold = price.input
                .multiply(BigDecimal.valueOf(usage.inputTokenCount()))
                .add(price.output.multiply(BigDecimal.valueOf(usage.outputTokenCount())));
        return Optional.of(new Cost(millionfold.divide(MILLION), currency));
    }

    private static boolean isNone(@Nullable Integer tokens) {
        return tokens != null && tokens == 0;
    }

    private @Nullable Price price(String model) {
        for (Map.Entry<String, Price> each :
                prices.headMap(model, true).descendingMap().entrySet()) {
            if (model.startsWith(each.getKey())) {
                return each.getValue();
            }
        }
        return null;
    }

    private record Price(BigDecimal input, BigDecimal output) {}

    /** Builds price lists. Not thread-safe. */
    public static final class Builder {

        private final String currency;
        private final TreeMap<String, Price> prices = new TreeMap<>();

        private Builder(String currency) {
            this.currency = currency;
        }

        /**
         * Lists a model.
         *
         * @param model its name, or what its name begins with
         * @param input the price of a million input tokens, as a decimal number
         * @param output the price of a million output tokens, as a decimal number
         */
        public Builder perMillionTokens(String model, String input, String output) {
            if (model.isBlank()) {
                throw new IllegalArgumentException("model: blank (expected: the name of a model)");
            }
            prices.put(model, new Price(decimal("input", input), decimal("output", output)));
            return this;
        }

        /** Builds the list. */
        public PriceList build() {
            return new PriceList(this);
        }

        private static BigDecimal decimal(String name, String number) {
            BigDecimal value;
            try {
                value = new BigDecimal(number);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(name + ": " + number + " (expected: a decimal number)", e);
            }
            if (value.signum() < 0) {
                throw new IllegalArgumentException(name + ": " + number + " (expected: >= 0)");
            }
            return value;
        }
    }
}
