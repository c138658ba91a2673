package io.github.flywheel4j.evals;

import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A model that says which of two answers is better. It is always asked in both orders, because models favour a place; where
 * the two verdicts differ, the pair is a tie. Everything else is as with {@link RubricJudge}: a pinned model of another family,
 * marked data, strict reading. Thread-safe as its model is.
 */
public final class PairwiseJudge {

    private static final String FORM = """

            The material holds a QUESTION, ANSWER A and ANSWER B. The order of the answers says nothing, nor does their length.
            Give your reasons in at most three sentences. Then write on a line of its own VERDICT: followed by A, B or TIE and \
            nothing else.""";

    private final String name;
    private final JudgeModel model;
    private final String instructions;
    private final boolean reference;
    private final boolean context;

    private PairwiseJudge(Builder builder, JudgeModel model) {
        this.name = builder.name;
        this.model = model;
        this.instructions = "You say which of two answers is better, by this alone:\n" + builder.question + FORM;
        this.reference = builder.reference;
        this.context = builder.context;
    }

    /**
     * A builder.
     *
     * @param name the metric's name
     * @param question by what the better answer is told
     */
    public static Builder builder(String name, String question) {
        return new Builder(name, question);
    }

    /**
     * Asks in both orders.
     *
     * @throws IllegalStateException if the case lacks what is judged by, or another model answered
     */
    public PairVerdict compare(EvalCase evalCase, Output a, Output b) {
        return compare(evalCase, a, b, new TreeSet<>());
    }

    /** The same, and adds which models say that they answered. */
    PairVerdict compare(EvalCase evalCase, Output a, Output b, Set<String> models) {
        Preference forward = ask(evalCase, a, b, models).orElse(null);
        Preference reverse =
                ask(evalCase, b, a, models).map(PairwiseJudge::swapped).orElse(null);
        return new PairVerdict(
                evalCase.id(), forward, reverse, 2, a.text().length(), b.text().length());
    }

    private Optional<Preference> ask(EvalCase evalCase, Output first, Output second, Set<String> models) {
        Map<String, String> parts = JudgePrompt.parts(evalCase, reference, context);
        parts.put("ANSWER A", first.text());
        parts.put("ANSWER B", second.text());
        ChatResponse response = model.ask(name, JudgePrompt.of(instructions, parts), first, second);
        models.add(model.answering(response));
        return VerdictParser.choice(JudgeModel.words(response));
    }

    private static Preference swapped(Preference shown) {
        return switch (shown) {
            case A -> Preference.B;
            case B -> Preference.A;
            case TIE -> Preference.TIE;
        };
    }

    /**
     * A scorer that compares each answer with another one to the same case: 1 if it is better, 0 if the other is, 0.5 for a
     * tie. It throws {@link UnreadableVerdict} where a verdict cannot be read. Lossy.
     *
     * @param baseline the other answer of each case
     * @param version names the baseline, for the fingerprint
     */
    public Scorer against(Function<EvalCase, Output> baseline, String version) {
        return new PairwiseScorer(this, baseline, fingerprint() + " against " + version);
    }

    String name() {
        return name;
    }

    void requireOtherFamily(String candidateModel) {
        model.requireOtherFamily(name, candidateModel);
    }

    /** The model's id and a hash of prompt, question and settings. */
    public String fingerprint() {
        return model.fingerprint() + " " + ContentHash.of(JudgePrompt.VERSION, instructions, "" + reference + context);
    }

    @Override
    public String toString() {
        return "PairwiseJudge(" + name + ", " + model.id() + ")";
    }

    /** Builds a {@link PairwiseJudge}. Not thread-safe. */
    public static final class Builder extends JudgeBuilder<Builder> {

        private Builder(String name, String question) {
            super(name, question);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Builds the judge.
         *
         * @throws IllegalArgumentException if a setting is of no use, with what was expected
         */
        public PairwiseJudge build() {
            return new PairwiseJudge(this, judgeModel());
        }
    }
}
