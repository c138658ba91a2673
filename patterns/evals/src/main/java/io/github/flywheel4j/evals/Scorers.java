package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.github.flywheel4j.stats.Ranking;
import io.github.flywheel4j.text.Spelling;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Scorers that need no judge. Thread-safe as what they are given is.
 *
 * <p>Each says what it needs of a case and throws an {@link IllegalStateException} where that is missing, which a run counts
 * as an error and not as a failure. Those that compare exactly are not lossy and may gate; those that compare likeness are, and
 * have no bar of their own: {@link #atLeast} gives them one.
 */
public final class Scorers {

    /** The fact that names what an amount of money is in. */
    static final String CURRENCY = "flywheel4j.currency";

    private Scorers() {}

    /** The answer equals the expected one, character by character. */
    public static Scorer exact() {
        return PlainScorer.of(
                "exact", false, (evalCase, output) -> Score.of(output.text().equals(PlainScorer.expected(evalCase))));
    }

    /** The answer equals the expected one in {@linkplain Spelling#fold one spelling}: case, width and white space say nothing. */
    public static Scorer normalized() {
        return PlainScorer.of(
                "normalized",
                false,
                (evalCase, output) ->
                        Score.of(Spelling.fold(output.text()).equals(Spelling.fold(PlainScorer.expected(evalCase)))));
    }

    /**
     * The expected text stands in the answer, in one spelling and as whole words: 5 is not in 15 or in 5.5. Lossy, since an
     * answer may name the right thing and say the opposite of it.
     */
    public static Scorer contains() {
        return PlainScorer.of(
                "contains",
                true,
                (evalCase, output) -> Score.of(WholeWords.contains(output.text(), PlainScorer.expected(evalCase))));
    }

    /** The answer has a place that a pattern matches. Needs no expected answer. */
    public static Scorer matches(Pattern pattern) {
        return PlainScorer.of(
                "matches",
                pattern.pattern() + " " + pattern.flags(),
                false,
                (evalCase, output) -> Score.of(pattern.matcher(output.text()).find()));
    }

    /**
     * The answer holds one number, near enough to the expected one: within {@code absolute} or within {@code relative} of it,
     * whichever is more. Words and units around it are allowed; an answer with several different numbers fails, because nobody
     * can tell which is meant.
     *
     * @param absolute how far it may be off, in its own unit; 0 for exactly
     * @param relative how far it may be off as a share of the expected number; 0 for exactly
     * @throws IllegalArgumentException if one is negative or no number
     */
    public static Scorer number(double absolute, double relative) {
        return NumberScorer.single(absolute, relative);
    }

    /**
     * Equal to {@link #number}, but of several numbers the last one counts, as in a worked solution that ends with its result.
     * Lossy for that.
     *
     * @throws IllegalArgumentException if a tolerance is negative or no number
     */
    public static Scorer lastNumber(double absolute, double relative) {
        return NumberScorer.last(absolute, relative);
    }

    /** The answer is JSON and equals the expected JSON by value: the order of fields says nothing, and 1 equals 1.0. */
    public static Scorer json() {
        return PlainScorer.of("json", false, (evalCase, output) -> {
            JsonNode expected = JsonEquality.expected(evalCase);
            return JsonEquality.read(output.text())
                    .map(actual -> Score.of(JsonEquality.equal(actual, expected)))
                    .orElseGet(() -> new Score(0, false, "no JSON", Map.of()));
        });
    }

    /**
     * The answer is JSON that fits a JSON Schema (draft 2020-12, or the one that it names). Needs no expected answer. Schemas
     * are never fetched from a network.
     *
     * @throws IllegalArgumentException if it is no JSON object or refers to a schema that is not in it
     */
    public static Scorer jsonSchema(String schema) {
        return new JsonSchemaScorer(schema);
    }

    /**
     * Another scorer on one field of the answer and of the expected answer, both of which are JSON: {@code
     * jsonField("/total", number(0.01, 0))}. Values that are no text are given to it as their JSON. A field that the answer
     * lacks fails.
     *
     * @param pointer a JSON Pointer (RFC 6901)
     * @throws IllegalArgumentException if it is none
     */
    public static Scorer jsonField(String pointer, Scorer scorer) {
        return JsonFieldScorer.of(pointer, scorer);
    }

    /** How alike the answer and the expected answer are as JSON, 0 to 1, by {@link TextMetrics#jsonLikeness}. Lossy. */
    public static Scorer jsonLikeness() {
        return likeness("json-likeness", "", TextMetrics::jsonLikeness);
    }

    /**
     * How far a list of items has the expected ones, whatever their order: F1, with precision and recall as facts; passes if
     * they are the same set. A list is a JSON array of texts, else one item a line, else items between commas; items are
     * compared in {@linkplain Spelling#fold one spelling}, without bullets.
     */
    public static Scorer setOverlap() {
        return PlainScorer.of("set-overlap", false, ListItems::scoreSets);
    }

    /** Equal to {@link #setOverlap}, but items count in their order, by the longest common sequence. */
    public static Scorer listOverlap() {
        return PlainScorer.of("list-overlap", false, ListItems::scoreLists);
    }

    /**
     * The answer is the expected one of a few labels, in {@linkplain Spelling#fold one spelling} and without punctuation
     * around it. An answer that is no label is wrong, not an error. {@link Classification} makes precision, recall and the
     * confusion matrix of a run out of its facts.
     *
     * @throws IllegalArgumentException if there are less than two labels, or two have the same spelling
     */
    public static Scorer label(Set<String> labels) {
        return new LabelScorer(labels);
    }

    /** {@link TextMetrics#editLikeness} of the answer and the expected one, 0 to 1. Lossy. */
    public static Scorer editLikeness() {
        return likeness("edit-likeness", "", (answer, expected) -> TextMetrics.editLikeness(answer, List.of(expected)));
    }

    /** BLEU of the answer and the expected one, 0 to 100; take {@link Bleu#forSentences}. Lossy. */
    public static Scorer bleu(Bleu bleu) {
        return likeness("bleu", bleu.toString(), (answer, expected) -> bleu.sentence(answer, List.of(expected)));
    }

    /** chrF of the answer and the expected one, 0 to 100. Lossy. */
    public static Scorer chrf(Chrf chrf) {
        return likeness("chrf", chrf.toString(), (answer, expected) -> chrf.sentence(answer, List.of(expected)));
    }

    /** The F1 of ROUGE-1, 0 to 1, by {@link TextMetrics#rougeN}. Lossy. */
    public static Scorer rouge1() {
        return overlap("rouge-1", (answer, expected) -> TextMetrics.rougeN(answer, List.of(expected), 1));
    }

    /** The F1 of ROUGE-2, 0 to 1, by {@link TextMetrics#rougeN}. Lossy. */
    public static Scorer rouge2() {
        return overlap("rouge-2", (answer, expected) -> TextMetrics.rougeN(answer, List.of(expected), 2));
    }

    /** The F1 of ROUGE-L, 0 to 1, by {@link TextMetrics#rougeL}. Lossy. */
    public static Scorer rougeL() {
        return overlap("rouge-l", (answer, expected) -> TextMetrics.rougeL(answer, List.of(expected)));
    }

    /** The F1 of words as SQuAD measures it, 0 to 1, by {@link TextMetrics#tokenOverlap}. Lossy. */
    public static Scorer tokenF1() {
        return overlap("token-f1", (answer, expected) -> TextMetrics.tokenOverlap(answer, List.of(expected)));
    }

    /** The answer equals the expected one without case, punctuation and English articles, as in SQuAD. */
    public static Scorer squadExactMatch() {
        return PlainScorer.of(
                "squad-exact-match",
                false,
                (evalCase, output) ->
                        Score.of(TextMetrics.squadExactMatch(output.text(), List.of(PlainScorer.expected(evalCase)))));
    }

    /**
     * The cosine of the embeddings of the answer and the expected one, -1 to 1. Lossy: opposites are often close. A bar for it
     * belongs to one embedding model, since their scales differ.
     *
     * @param modelId names the model and its version, for the fingerprint
     */
    public static Scorer embeddingSimilarity(EmbeddingModel model, String modelId) {
        return likeness("embedding-similarity", modelId, new CosineOfTexts(model));
    }

    /** How long the answer took, in seconds; lower is better. Needs nothing of the case. */
    public static Scorer latency() {
        return new PlainScorer(
                "latency",
                "latency",
                false,
                false,
                (evalCase, output) -> Score.of(output.latency().toNanos() / 1e9));
    }

    /** What the answer cost, in the currency of the candidate's price list; lower is better. Needs a cost on the answer. */
    public static Scorer cost() {
        return new PlainScorer("cost", "cost", false, false, (evalCase, output) -> {
            if (output.cost() == null) {
                throw new IllegalStateException("case '" + evalCase.id()
                        + "': the answer has no cost (expected: a candidate with a price list)");
            }
            return new Score(
                    output.cost().amount().doubleValue(),
                    null,
                    null,
                    Map.of(CURRENCY, output.cost().currency()));
        });
    }

    /**
     * The answer asks for the expected tools, each by name and by its arguments as JSON, in any order and for no other; the
     * value is the F1 of the calls. The case expects a JSON array such as {@code [{"name":"order","arguments":{"id":7}}]};
     * {@code []} expects no call.
     */
    public static Scorer toolCalls() {
        return new ToolCallScorer(false);
    }

    /** Equal to {@link #toolCalls}, but in the expected order. */
    public static Scorer toolCallsInOrder() {
        return new ToolCallScorer(true);
    }

    /**
     * Whether the answer declines to answer, or says that it does not know, exactly where it should; the value is 1 where it
     * is right. Told by phrases, so it is lossy. A blocked answer declines.
     *
     * @param should which cases no good answer can be given to, for instance {@code c -> c.slices().contains("unanswerable")}
     * @param version names that rule, for the fingerprint
     */
    public static Scorer refusal(Predicate<EvalCase> should, String version) {
        return new RefusalScorer(should, version);
    }

    /**
     * The share of the answer's sentences whose content words and numbers stand in the case's context, 0 to 1. A sentence
     * counts by the share of its content words that do, and as 0 if it has a number that does not. Lossy: words may stand there
     * and be put together wrongly. Needs a context.
     */
    public static Scorer groundedness() {
        return PlainScorer.of("groundedness", true, GroundedWords::score);
    }

    /**
     * {@link Ranking#recallAt} of what was retrieved for the answer.
     *
     * @param relevant the grades of the sources that answer a case, by id; see {@link #expectedSources}
     */
    public static Scorer recallAt(int k, Function<EvalCase, Map<String, Double>> relevant) {
        return retrieval("recall@" + k, relevant, (ranked, grades) -> Ranking.recallAt(k, ranked, grades));
    }

    /** {@link Ranking#precisionAt} of what was retrieved for the answer; parameters as in {@link #recallAt}. */
    public static Scorer precisionAt(int k, Function<EvalCase, Map<String, Double>> relevant) {
        return retrieval("precision@" + k, relevant, (ranked, grades) -> Ranking.precisionAt(k, ranked, grades));
    }

    /** {@link Ranking#reciprocalRank} of what was retrieved; its mean is MRR. Parameter as in {@link #recallAt}. */
    public static Scorer reciprocalRank(Function<EvalCase, Map<String, Double>> relevant) {
        return retrieval("reciprocal-rank", relevant, Ranking::reciprocalRank);
    }

    /** {@link Ranking#averagePrecision} of what was retrieved; its mean is MAP. Parameter as in {@link #recallAt}. */
    public static Scorer averagePrecision(Function<EvalCase, Map<String, Double>> relevant) {
        return retrieval("average-precision", relevant, Ranking::averagePrecision);
    }

    /** {@link Ranking#ndcgAt} of what was retrieved for the answer; parameters as in {@link #recallAt}. */
    public static Scorer ndcgAt(int k, Function<EvalCase, Map<String, Double>> relevant) {
        return retrieval("ndcg@" + k, relevant, (ranked, grades) -> Ranking.ndcgAt(k, ranked, grades));
    }

    /**
     * The relevant sources of a case that expects them and not an answer: a JSON array of ids, which have the grade 1, or an
     * object of grades by id.
     *
     * @throws IllegalStateException if the case expects something else
     */
    public static Map<String, Double> expectedSources(EvalCase evalCase) {
        return ExpectedSources.of(evalCase);
    }

    /**
     * Another scorer with a bar: an answer passes whose value is this high or higher.
     *
     * @throws IllegalArgumentException if the bar is not finite
     */
    public static Scorer atLeast(double bar, Scorer scorer) {
        return new BoundedScorer(scorer, bar, true);
    }

    /**
     * Another scorer with a bar: an answer passes whose value is this low or lower, such as a latency.
     *
     * @throws IllegalArgumentException if the bar is not finite
     */
    public static Scorer atMost(double bar, Scorer scorer) {
        return new BoundedScorer(scorer, bar, false);
    }

    interface Likeness {
        double of(String answer, String expected);
    }

    private interface Overlapping {
        TextMetrics.Overlap of(String answer, String expected);
    }

    private interface RankingMeasure {
        double of(List<String> ranked, Map<String, Double> grades);
    }

    private static Scorer likeness(String name, String settings, Likeness likeness) {
        return PlainScorer.of(
                name,
                settings,
                true,
                (evalCase, output) -> Score.of(likeness.of(output.text(), PlainScorer.expected(evalCase))));
    }

    private static Scorer overlap(String name, Overlapping overlapping) {
        return PlainScorer.of(name, true, (evalCase, output) -> {
            TextMetrics.Overlap overlap = overlapping.of(output.text(), PlainScorer.expected(evalCase));
            return new Score(
                    overlap.f1(), null, null, Map.of("precision", overlap.precision(), "recall", overlap.recall()));
        });
    }

    private static Scorer retrieval(
            String name, Function<EvalCase, Map<String, Double>> relevant, RankingMeasure measure) {
        return PlainScorer.of(name, false, (evalCase, output) -> {
            Map<String, Double> grades = relevant.apply(evalCase);
            if (grades.values().stream().noneMatch(grade -> grade > 0)) {
                throw new IllegalStateException("case '" + evalCase.id()
                        + "' has no relevant source (expected: one; leave out cases that nothing answers)");
            }
            return Score.of(measure.of(output.retrieved(), grades));
        });
    }
}
