package io.github.flywheel4j.evals;

import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A model that judges one answer by one question: yes or no, or a place on a scale whose places are described.
 *
 * <pre>{@code
 * RubricJudge judge = RubricJudge.yesOrNo("complete", "Does the answer name every step of the reference?")
 *         .model(model, "judge-large-2026-05-01")
 *         .candidateModel("small-chat-2026-07-18")
 *         .withReference()
 *         .build();
 * }</pre>
 *
 * <p>Prefer yes or no with a question that two people would answer alike; a scale needs words for each of its places, or every
 * judge makes up its own. What is judged goes to the model as marked data, so that an answer cannot give the judge orders.
 * Words without a plain verdict are an {@link UnreadableVerdict}, never a no. Until {@link CalibratedJudge} has measured it on
 * labels of people its scores are advice: it is lossy. Thread-safe as its model is.
 *
 * <p>The value is the share of yes over the repeats, or the mean place scaled to 0 and 1; where the provider returns
 * probabilities of tokens, it is the expected value under them. The fingerprint holds the model's id, the prompt and the
 * rubric.
 */
public final class RubricJudge implements Scorer {

    /** The probability that words with a plain verdict must have together. */
    private static final double LEAST_MASS = 0.5;

    private final String name;
    private final JudgeModel model;
    private final String instructions;
    private final SortedMap<Integer, String> anchors;
    private final boolean reference;
    private final boolean context;
    private final int repeats;
    private final double passAt;
    private final @Nullable Function<ChatResponse, Map<String, Double>> probabilities;

    private RubricJudge(Builder builder, JudgeModel model) {
        this.name = builder.name;
        this.model = model;
        this.anchors = builder.anchors;
        this.reference = builder.reference;
        this.context = builder.context;
        this.repeats = builder.repeats;
        this.passAt = builder.passAt;
        this.probabilities = builder.probabilities;
        this.instructions = builder.instructions();
    }

    /** A judge that answers a question about the answer with yes, which passes it, or no. */
    public static Builder yesOrNo(String name, String question) {
        return new Builder(name, question, new TreeMap<>());
    }

    /**
     * A judge that gives a place on a scale.
     *
     * @param anchors what each place means, from 0 or 1 on, without gaps
     */
    public static Builder scale(String name, String question, Map<Integer, String> anchors) {
        return new Builder(name, question, new TreeMap<>(anchors));
    }

    /** Whether everything that the answer says stands in the case's context. */
    public static Builder faithfulness() {
        return yesOrNo(
                        "faithful",
                        "Is every statement of the ANSWER supported by the PASSAGES, without anything added, changed or"
                                + " contradicted? An answer that only says that it does not know is supported.")
                .withContext();
    }

    /** Whether the answer answers the question that was asked. */
    public static Builder relevance() {
        return yesOrNo(
                "relevant",
                "Does the ANSWER address what the QUESTION asks, directly and without leaving its subject? Judge the subject,"
                        + " not whether it is true.");
    }

    /** Whether the case's context holds what is needed to answer the question: a measure of retrieval, not of the answer. */
    public static Builder contextRelevance() {
        return yesOrNo(
                        "context-relevant",
                        "Do the PASSAGES hold what is needed to answer the QUESTION? Ignore the ANSWER.")
                .withContext();
    }

    /** Whether the answer says the same as the expected answer. */
    public static Builder sameAsReference() {
        return yesOrNo(
                        "same-as-reference",
                        "Does the ANSWER say the same as the REFERENCE ANSWER on everything that the QUESTION asks? Other words"
                                + " and further true details are allowed; a missing or different fact is not.")
                .withReference();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String fingerprint() {
        return name + " " + model.fingerprint() + " "
                + ContentHash.of(
                        JudgePrompt.VERSION,
                        instructions,
                        "" + reference + context + repeats + passAt + (probabilities == null));
    }

    @Override
    public boolean lossy() {
        return true;
    }

    /**
     * Asks the model as often as told.
     *
     * @throws UnreadableVerdict if its words hold no plain verdict
     * @throws IllegalStateException if the case lacks what is judged by, or another model answered
     * @throws IllegalArgumentException if the answer's model is of the judge's own family and no reason was given for that
     */
    @Override
    public Score score(EvalCase evalCase, Output output) {
        Map<String, String> parts = JudgePrompt.parts(evalCase, reference, context);
        parts.put("ANSWER", output.text());
        JudgePrompt prompt = JudgePrompt.of(instructions, parts);
        List<Double> values = new ArrayList<>();
        List<String> words = new ArrayList<>();
        SortedSet<String> models = new TreeSet<>();
        for (int i = 0; i < repeats; i++) {
            ChatResponse response = model.ask(name, prompt, output);
            words.add(JudgeModel.words(response));
            models.add(model.answering(response));
            values.add(
                    probabilities == null ? read(JudgeModel.words(response)) : expected(probabilities.apply(response)));
        }
        double value =
                values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        boolean passed = value >= passAt;
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("verdicts", values);
        facts.put("words", words);
        facts.put(SameJudges.MODEL, List.copyOf(models));
        return new Score(value, passed, passed ? null : "not " + name, facts);
    }

    /** A verdict as a number from 0 to 1. */
    private double read(String words) {
        if (anchors.isEmpty()) {
            return VerdictParser.yesOrNo(words).orElseThrow(() -> unreadable(words)) ? 1 : 0;
        }
        return scaled(VerdictParser.scale(words, anchors.firstKey(), anchors.lastKey())
                .orElseThrow(() -> unreadable(words)));
    }

    /** Only words that are verdicts count; if most of the probability went to others, the judge was about to say no verdict. */
    private double expected(Map<String, Double> weights) {
        double sum = 0;
        double mass = 0;
        for (Map.Entry<String, Double> each : weights.entrySet()) {
            if (each.getValue() > 0 && isVerdict(each.getKey())) {
                sum += each.getValue() * read(each.getKey());
                mass += each.getValue();
            }
        }
        if (!(mass >= LEAST_MASS)) {
            throw unreadable("");
        }
        return sum / mass;
    }

    private boolean isVerdict(String word) {
        return anchors.isEmpty()
                ? VerdictParser.yesOrNo(word).isPresent()
                : VerdictParser.scale(word, anchors.firstKey(), anchors.lastKey())
                        .isPresent();
    }

    private double scaled(int place) {
        return (double) (place - anchors.firstKey()) / (anchors.lastKey() - anchors.firstKey());
    }

    private UnreadableVerdict unreadable(String words) {
        return new UnreadableVerdict(
                name,
                anchors.isEmpty()
                        ? "yes or no"
                        : "a whole number from " + anchors.firstKey() + " to " + anchors.lastKey(),
                words.length());
    }

    void requireOtherFamily(String candidateModel) {
        model.requireOtherFamily(name, candidateModel);
    }

    @Override
    public String toString() {
        return "RubricJudge(" + name + ", " + model.id() + ")";
    }

    /** Builds a {@link RubricJudge}. Not thread-safe. */
    public static final class Builder extends JudgeBuilder<Builder> {

        private final SortedMap<Integer, String> anchors;
        private int repeats = 1;
        private double passAt = 0.5;
        private @Nullable Function<ChatResponse, Map<String, Double>> probabilities;

        private Builder(String name, String question, SortedMap<Integer, String> anchors) {
            super(name, question);
            this.anchors = anchors;
        }

        @Override
        Builder self() {
            return this;
        }

        /** How often it is asked about each answer; an odd number, so that there is a majority. 1 unless told. */
        public Builder repeats(int repeats) {
            this.repeats = repeats;
            return this;
        }

        /** From which value on an answer passes, above 0 to 1; 0.5 unless told: the majority, or the middle of the scale. */
        public Builder passAt(double passAt) {
            this.passAt = passAt;
            return this;
        }

        /**
         * Reads the probabilities of the words that could have stood in the verdict's place, for providers that return them
         * in their response's metadata: by word, from 0 to 1. The judge is then asked for the verdict alone. If those of
         * plain verdicts add up to less than a half, there is none.
         */
        public Builder probabilities(Function<ChatResponse, Map<String, Double>> probabilities) {
            this.probabilities = probabilities;
            return this;
        }

        /**
         * Builds the judge.
         *
         * @throws IllegalArgumentException if a setting is of no use, with what was expected
         */
        public RubricJudge build() {
            JudgeModel judge = judgeModel();
            if (repeats < 1 || repeats % 2 == 0) {
                throw new IllegalArgumentException(
                        "repeats: " + repeats + " (expected: odd, so that there is a majority)");
            }
            if (!(passAt > 0 && passAt <= 1)) {
                throw new IllegalArgumentException("passAt: " + passAt + " (expected: above 0, up to 1)");
            }
            if (!anchors.isEmpty()
                    && (anchors.size() < 2
                            || anchors.firstKey() < 0
                            || anchors.lastKey() - anchors.firstKey() != anchors.size() - 1)) {
                throw new IllegalArgumentException("anchors: " + anchors.keySet()
                        + " (expected: at least 2 places, from 0 or 1 on, without gaps)");
            }
            return new RubricJudge(this, judge);
        }

        private String instructions() {
            StringBuilder text = new StringBuilder("You judge an ANSWER to a QUESTION, by this alone:\n")
                    .append(question)
                    .append('\n');
            String verdict = "YES or NO";
            if (!anchors.isEmpty()) {
                verdict = "a whole number from " + anchors.firstKey() + " to " + anchors.lastKey();
                text.append(anchors.entrySet().stream()
                        .map(each -> each.getKey() + ": " + each.getValue() + "\n")
                        .collect(Collectors.joining()));
            }
            return text.append(
                            probabilities != null
                                    ? "\nReply with " + verdict + " alone."
                                    : "\nGive your reasons in at most three sentences. Then write on a line of its own VERDICT:"
                                            + " followed by " + verdict + " and nothing else.")
                    .toString();
        }
    }
}
