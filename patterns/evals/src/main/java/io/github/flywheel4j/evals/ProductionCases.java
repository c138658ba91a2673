package io.github.flywheel4j.evals;

import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Outcome;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes cases of what users really asked: of recorded interactions, whoever recorded them, and of better answers that somebody
 * gave to some of them. Immutable; as thread-safe as the functions it was given.
 *
 * <pre>{@code
 * ProductionCases production = ProductionCases.builder()
 *         .expected(id -> Optional.ofNullable(corrections.get(id)))
 *         .sliceByTenant()
 *         .build();
 * ProductionCases.Reading reading = production.read("desk", interactions.stream());
 * reading.dataset().save(folder.resolve("desk.jsonl"));
 * }</pre>
 *
 * <p>A case has the id of the interaction, the session as its cluster and the origin {@code production}. Its input is what the
 * caller sent, without attributes and, unless told, without system messages: the prompt is what a run tries out, so a case
 * must not bring the old one along.
 *
 * <ul>
 *   <li><b>Blocked, failed and cancelled calls are cases too.</b> A dataset of answered questions alone would measure the
 *       questions that are easy.
 *   <li><b>The same question is one case.</b> Equal are inputs of one workload and tenant whose messages are equal by {@link
 *       io.github.flywheel4j.text.Spelling#fold}. The case is that of the earliest interaction, so that it stays where it is,
 *       on its side of a {@link Holdout} too, when more interactions come; its expected answer and context are the newest.
 *   <li><b>Rounds of tools are no cases.</b> The call that the user's message began is; a better answer to any round of the
 *       turn is a better answer to it.
 *   <li><b>What cannot be read is left out and counted</b>: interactions without texts, or with a hash in place of each.
 *   <li><b>Evals are not traffic.</b> Interactions that a run made, known by {@link Candidate#ATTRIBUTE}, are left out.
 * </ul>
 *
 * <p>Texts of users end up in a file: give it interactions from which personal data has been removed. All cases are held in
 * memory.
 */
public final class ProductionCases {

    private final Function<UUID, Optional<String>> expected;
    private final Function<String, Optional<String>> passages;
    private final Map<String, Function<Interaction, @Nullable String>> slices;
    private final boolean systemMessages;

    private ProductionCases(Builder builder) {
        this.expected = builder.expected;
        this.passages = builder.passages;
        this.slices = new LinkedHashMap<>(builder.slices);
        this.systemMessages = builder.systemMessages;
    }

    /**
     * What became of the interactions.
     *
     * @param dataset the cases, the earliest first
     * @param counts what was left out, and why
     */
    public record Reading(Dataset dataset, Counts counts) {}

    /**
     * How many interactions became what. Those that were read are a case, or one of the next four.
     *
     * @param read interactions that were given
     * @param evals left out: made by a run of evals
     * @param toolRounds left out: a round that a tool's result began
     * @param withoutText left out: nothing that can be read of what the user asked
     * @param repeated the same question as that of a case
     * @param contradicted cases with several better answers that differ; look at these
     */
    public record Counts(int read, int evals, int toolRounds, int withoutText, int repeated, int contradicted) {}

    /** A builder; what it is not told stays empty. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads interactions, in any order.
     *
     * @param name what the dataset is called
     * @param interactions consumed, not closed
     * @throws BadDataset if none of them is a case, with the counts
     */
    public Reading read(String name, Stream<Interaction> interactions) {
        ProductionReading reading = new ProductionReading(this);
        interactions.forEachOrdered(reading::add);
        return reading.finish(name);
    }

    Optional<String> expected(UUID interaction) {
        return expected.apply(interaction).filter(text -> !text.isBlank());
    }

    Optional<String> passage(String source) {
        return passages.apply(source);
    }

    Map<String, Function<Interaction, @Nullable String>> slices() {
        return slices;
    }

    boolean systemMessages() {
        return systemMessages;
    }

    /** Builds a {@link ProductionCases}. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Function<Interaction, @Nullable String>> slices = new LinkedHashMap<>();
        private Function<UUID, Optional<String>> expected = id -> Optional.empty();
        private Function<String, Optional<String>> passages = source -> Optional.empty();
        private boolean systemMessages;

        private Builder() {}

        /**
         * The better answer that somebody gave to an interaction, by its id; empty where there is none. The answer that was
         * served is never the expected one: nobody has said that it was right.
         */
        public Builder expected(Function<UUID, Optional<String>> correction) {
            this.expected = correction;
            return this;
        }

        /**
         * The text of a source, by the id that retrieval's decision names in its fact {@code sources}; empty where it is gone.
         * These texts are the case's context. A source that is a map with a {@code text} brings its own and is not looked up.
         * Without this, ids alone make no context: an answer could not be grounded in them.
         */
        public Builder passages(Function<String, Optional<String>> textOfSource) {
            this.passages = textOfSource;
            return this;
        }

        /** A slice for each workload, such as {@code workload:support-answers}. */
        public Builder sliceByWorkload() {
            return sliceBy("workload", interaction -> interaction.context().workload());
        }

        /** A slice for each tenant, such as {@code tenant:acme}. */
        public Builder sliceByTenant() {
            return sliceBy("tenant", interaction -> interaction.context().tenant());
        }

        /** A slice for each {@link Outcome}, such as {@code outcome:blocked}. */
        public Builder sliceByOutcome() {
            return sliceBy(
                    "outcome", interaction -> interaction.outcome().name().toLowerCase(Locale.ROOT));
        }

        /**
         * A slice for each value of something else.
         *
         * @param name stands before the value, with a colon
         * @param value of an interaction; null or blank for no slice
         */
        public Builder sliceBy(String name, Function<Interaction, @Nullable String> value) {
            slices.put(name, value);
            return this;
        }

        /** Keeps system messages in the inputs, for applications whose users or tenants each have their own. */
        public Builder keepSystemMessages() {
            this.systemMessages = true;
            return this;
        }

        /** Builds it. */
        public ProductionCases build() {
            return new ProductionCases(this);
        }
    }
}
