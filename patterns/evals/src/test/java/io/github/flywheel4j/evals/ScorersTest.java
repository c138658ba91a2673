package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import io.github.flywheel4j.Cost;
import io.github.flywheel4j.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScorersTest {

    @Test
    void comparesTexts() {
        assertThat(passes(Scorers.exact(), "5 days", "5 days")).isTrue();
        assertThat(passes(Scorers.exact(), "5 Days", "5 days")).isFalse();
        assertThat(passes(Scorers.normalized(), " 5  DAYS\n", "5 days")).isTrue();
        assertThat(passes(Scorers.normalized(), "5 days.", "5 days")).isFalse();
        assertThat(passes(Scorers.squadExactMatch(), "The 5 days.", "5 days")).isTrue();
        assertThat(passes(Scorers.matches(Pattern.compile("\\d+ days?")), "It takes 5 days.", ""))
                .isTrue();
        assertThat(passes(Scorers.matches(Pattern.compile("^\\d+$")), "It takes 5 days.", ""))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "It takes 5 days. | 5 days | true",
                "It takes 15 days. | 5 days | false",
                "It costs 5.50. | 5 | false",
                "It costs 5. | 5 | true",
                "It costs 3.5 | 5 | false",
                "The answer: PARIS! | paris | true",
                "Parisian | paris | false",
                "我住在东京市 | 东京 | true",
                "in 1,5 h | 1 | false",
                "a+b | + | true",
                "anything | '' | true"
            })
    void findsExpectedTextsAsWholeWords(String answer, String expected, boolean found) {
        assertThat(passes(Scorers.contains(), answer, expected)).isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "42 | 42 | true | ",
                "It is 42.0 euros | 42 | true | ",
                "−3 | -3 | true | ",
                "1,234.50 | 1234.5 | true | ",
                "1.234,50 | 1234.5 | true | ",
                "1\u202F234\u202F567 | 1234567 | true | ",
                "1.234 | 1234 | false | wrong number",
                "3,14 | 3.14 | true | ",
                "1.5e3 | 1500 | true | ",
                "x42 | 42 | false | no number",
                "none | 42 | false | no number",
                "42 of 43 | 42 | false | several numbers",
                "42, yes 42 | 42 | true | ",
                "41 | 42 | false | wrong number",
                "٤٢ | 42 | true | "
            })
    void readsOneNumber(String answer, String expected, boolean passed, String category) {
        Score score = Scorers.number(0, 0).score(Cases.expecting(expected), Output.of(answer));

        assertThat(score.passed()).isEqualTo(passed);
        assertThat(score.category()).isEqualTo(category);
    }

    @Test
    void grantsNumbersATolerance() {
        assertThat(passes(Scorers.number(0.5, 0), "42.5", "42")).isTrue();
        assertThat(passes(Scorers.number(0.5, 0), "42.51", "42")).isFalse();
        assertThat(passes(Scorers.number(0, 0.1), "-99", "-90")).isTrue();
        assertThat(passes(Scorers.number(0, 0.1), "-99.1", "-90")).isFalse();
        assertThat(passes(Scorers.lastNumber(0, 0), "6 times 7 is 42", "42")).isTrue();
        assertThat(Scorers.lastNumber(0, 0).lossy()).isTrue();
        assertThatThrownBy(() -> Scorers.number(-1, 0)).hasMessageContaining("absolute: -1.0 (expected: 0 or more)");
        assertThatThrownBy(() -> Scorers.number(0, Double.NaN)).hasMessageContaining("relative: NaN");
        assertThatThrownBy(() -> score(Scorers.number(0, 0), "1", "no number"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0 numbers");
    }

    @Test
    void comparesJsonByValue() {
        assertThat(passes(Scorers.json(), "{\"b\":[1.0,\"x\"],\"a\":null}", "{\"a\":null,\"b\":[1,\"x\"]}"))
                .isTrue();
        assertThat(passes(Scorers.json(), "{\"b\":[\"x\",1]}", "{\"b\":[1,\"x\"]}"))
                .isFalse();
        assertThat(score(Scorers.json(), "```json\n{}\n```", "{}").category()).isEqualTo("no JSON");
        assertThat(score(Scorers.json(), "{} and more", "{}").category()).isEqualTo("no JSON");
        assertThatThrownBy(() -> score(Scorers.json(), "{}", "{")).hasMessageContaining("is no JSON");
        assertThat(score(Scorers.jsonLikeness(), "{\"a\":1}", "{\"a\":1,\"b\":2}")
                        .value())
                .isEqualTo(0.5);
    }

    @Test
    void checksJsonAgainstASchema() {
        Scorer scorer = Scorers.jsonSchema("""
            {"type":"object","required":["total"],"properties":{"total":{"type":"number","minimum":0},"on":{"type":"string","format":"date"}}}
            """);

        assertThat(passes(scorer, "{\"total\":3.5}", "")).isTrue();
        Score score = score(scorer, "{\"total\":-1}", "");
        assertThat(score.passed()).isFalse();
        assertThat(score.category()).isEqualTo("against the schema");
        assertThat(score.facts().get("errors")).isEqualTo(List.of("/total: minimum"));
        assertThat(score(scorer, "total: 3", "").category()).isEqualTo("no JSON");
        assertThat(scorer.lossy()).isFalse();
        assertThat(scorer.fingerprint())
                .isNotEqualTo(Scorers.jsonSchema("{\"type\":\"object\"}").fingerprint());
        assertThat(passes(
                        Scorers.jsonSchema("{\"$ref\":\"#/$defs/x\",\"$defs\":{\"x\":{\"type\":\"array\"}}}"),
                        "[]",
                        ""))
                .isTrue();
        assertThatThrownBy(() -> Scorers.jsonSchema("no schema")).hasMessageContaining("no JSON object");
    }

    @Test
    void fetchesNoSchema() {
        assertThatThrownBy(() -> Scorers.jsonSchema(
                        "{\"properties\":{\"a\":{\"items\":{\"$ref\":\"http://localhost:1/schema.json\"}}}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not in it");
    }

    @Test
    void scoresOneFieldOfJson() {
        Scorer scorer = Scorers.jsonField("/total", Scorers.number(0.01, 0));

        assertThat(passes(scorer, "{\"total\":3.501}", "{\"total\":3.5}")).isTrue();
        assertThat(score(scorer, "{\"total\":4}", "{\"total\":3.5}").category()).isEqualTo("wrong number");
        assertThat(score(scorer, "{}", "{\"total\":3.5}").category()).isEqualTo("field missing");
        assertThat(score(scorer, "x", "{\"total\":3.5}").category()).isEqualTo("no JSON");
        assertThat(passes(Scorers.jsonField("/a/0", Scorers.exact()), "{\"a\":[\"x\"]}", "{\"a\":[\"x\"]}"))
                .isTrue();
        assertThatThrownBy(() -> score(scorer, "{}", "{}")).hasMessageContaining("no field /total");
        assertThatThrownBy(() -> Scorers.jsonField("total", Scorers.exact())).hasMessageContaining("pointer: total");
        assertThat(scorer.name()).isEqualTo("number of /total");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"a\",\"b\"] | b, A | 1 | true | ",
                "a, c | a, b | 0.5 | false | items missing",
                "a, b, c | a, b | 0.8 | false | items too many",
                "[] | [] | 1 | true | ",
                "[\"- x\"] | - x | 0 | false | items missing"
            })
    void comparesSetsOfItems(String answer, String expected, double value, boolean passed, String category) {
        Score score = score(Scorers.setOverlap(), answer, expected);

        assertThat(score.value()).isEqualTo(value, within(1e-12));
        assertThat(score.passed()).isEqualTo(passed);
        assertThat(score.category()).isEqualTo(category);
    }

    @Test
    void comparesListsInTheirOrder() {
        assertThat(passes(Scorers.listOverlap(), "- one\n2. two\n• three", "[\"one\",\"two\",\"three\"]"))
                .isTrue();
        Score score = score(Scorers.listOverlap(), "two, one, three", "one, two, three");
        assertThat(score.value()).isEqualTo(2.0 / 3, within(1e-12));
        assertThat(score.passed()).isFalse();
    }

    @Test
    void readsLabelsAndMakesTheirMeasures() {
        Scorer label = Scorers.label(Set.of("refund", "delivery", "other"));
        List<CaseResult> results = Stream.of(
                        List.of("refund", "Refund."),
                        List.of("refund", "**delivery**"),
                        List.of("delivery", "delivery"),
                        List.of("other", "I think it is other"),
                        List.of("refund", "REFUND"))
                .map(pair -> result(label.score(Cases.expecting(pair.get(0)), Output.of(pair.get(1)))))
                .toList();

        Classification classification = Classification.of(results, "label");

        assertThat(classification.confusion().get("refund"))
                .containsOnly(Map.entry("refund", 2), Map.entry("delivery", 1));
        assertThat(classification.confusion().get("other")).containsOnly(Map.entry(Classification.NO_LABEL, 1));
        assertThat(classification.accuracy()).isEqualTo(0.6);
        assertThat(classification.of("refund").precision()).isEqualTo(1);
        assertThat(classification.of("refund").recall()).isEqualTo(2.0 / 3);
        assertThat(classification.of("refund").f1()).isEqualTo(0.8, within(1e-12));
        assertThat(classification.of("delivery")).isEqualTo(new Classification.OfLabel(0.5, 1, 2.0 / 3, 1));
        assertThat(classification.of("other").f1()).isZero();
        assertThat(classification.macroF1()).isEqualTo((0.8 + 2.0 / 3) / 3, within(1e-12));
        assertThat(classification.labels()).containsExactly("delivery", "other", "refund");
        assertThatThrownBy(() -> Classification.of(results, "exact")).hasMessageContaining("scorer 'exact'");
        assertThatThrownBy(() -> Scorers.label(Set.of("a"))).hasMessageContaining("labels: 1");
        assertThatThrownBy(() -> Scorers.label(Set.of("a", "A"))).hasMessageContaining("differ in more than case");
        assertThatThrownBy(() -> score(label, "refund", "complaint")).hasMessageContaining("expects no label");
    }

    @Test
    void measuresLikenessWithoutABar() {
        assertThat(score(Scorers.rougeL(), "a b", "a c").passed()).isNull();
        assertThat(score(Scorers.rouge1(), "a b", "a b c").facts().get("precision"))
                .isEqualTo(1.0);
        assertThat(score(Scorers.rouge2(), "a b", "a b c").facts().get("recall"))
                .isEqualTo(0.5);
        assertThat(score(Scorers.tokenF1(), "fox", "the fox").value()).isEqualTo(1);
        assertThat(score(Scorers.editLikeness(), "ac", "bc").value()).isEqualTo(0.5);
        assertThat(score(Scorers.bleu(Bleu.forSentences()), "a b", "a b").value())
                .isEqualTo(100, within(1e-9));
        assertThat(score(Scorers.chrf(Chrf.chrf()), "ab", "ab").value()).isEqualTo(100, within(1e-9));
        assertThat(score(Scorers.embeddingSimilarity(new Letters(), "letters-1"), "aab", "b")
                        .value())
                .isEqualTo(1 / Math.sqrt(5), within(1e-6));
        assertThat(Scorers.embeddingSimilarity(new Letters(), "letters-1").fingerprint())
                .contains("letters-1");
        assertThat(score(Scorers.atLeast(0.5, Scorers.editLikeness()), "ac", "bc")
                        .passed())
                .isTrue();
        assertThat(score(Scorers.atLeast(0.51, Scorers.editLikeness()), "ac", "bc")
                        .passed())
                .isFalse();
        assertThat(Scorers.atLeast(0.5, Scorers.editLikeness()).fingerprint())
                .isNotEqualTo(Scorers.atLeast(0.6, Scorers.editLikeness()).fingerprint());
        assertThatThrownBy(() -> Scorers.atLeast(Double.NaN, Scorers.exact())).hasMessageContaining("bound: NaN");
    }

    @Test
    void measuresTimeAndMoney() {
        Output output = new Output(
                "x",
                List.of(),
                List.of(),
                Outcome.ANSWERED,
                null,
                new Cost(new BigDecimal("0.02"), "USD"),
                Duration.ofMillis(1500),
                null);

        assertThat(Scorers.latency().score(Cases.expecting("x"), output).value())
                .isEqualTo(1.5);
        assertThat(Scorers.cost().score(Cases.expecting("x"), output).value()).isEqualTo(0.02);
        assertThat(Scorers.atMost(2, Scorers.latency())
                        .score(Cases.expecting("x"), output)
                        .passed())
                .isTrue();
        assertThat(Scorers.atMost(1, Scorers.latency())
                        .score(Cases.expecting("x"), output)
                        .passed())
                .isFalse();
        assertThat(Scorers.atMost(1, Scorers.latency()).higherIsBetter()).isFalse();
        assertThatThrownBy(() -> score(Scorers.cost(), "x", "x")).hasMessageContaining("no cost");
    }

    @Test
    void matchesToolCallsByNameAndArguments() {
        String expected = "[{\"name\":\"order\",\"arguments\":{\"id\":7,\"full\":true}},{\"name\":\"refund\"}]";
        Output right = Cases.calling(Cases.call("refund", ""), Cases.call("order", "{\"full\":true,\"id\":7.0}"));

        assertThat(Scorers.toolCalls().score(Cases.expecting(expected), right).passed())
                .isTrue();
        Score ordered = Scorers.toolCallsInOrder().score(Cases.expecting(expected), right);
        assertThat(ordered.passed()).isFalse();
        assertThat(ordered.value()).isEqualTo(0.5);
        assertThat(ordered.category()).isEqualTo("tools in the wrong order");
        assertThat(Scorers.toolCalls()
                        .score(Cases.expecting("[]"), Output.of("x"))
                        .value())
                .isEqualTo(1);
        assertThat(category(expected, Cases.call("order", "{\"id\":8}"), Cases.call("refund", "{}")))
                .isEqualTo("wrong arguments");
        assertThat(category(expected, Cases.call("refund", "{}"))).isEqualTo("tool not called");
        assertThat(category("[]", Cases.call("refund", "{}"))).isEqualTo("tool called needlessly");
        assertThat(category(
                        "{\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}",
                        Cases.call("f", "{\"a\":1}")))
                .isNull();
        assertThatThrownBy(() -> category("[1]")).hasMessageContaining("array of objects with name");
    }

    @Test
    void wantsRefusalsWhereNothingCanBeAnsweredAndNowhereElse() {
        Scorer scorer = Scorers.refusal(each -> each.slices().contains("unanswerable"), "unanswerable");
        EvalCase unanswerable = Cases.inSlice("a", "unanswerable");
        EvalCase answerable = Cases.inSlice("b", "refunds");

        assertThat(scorer.score(unanswerable, Output.of("I don't know.")).passed())
                .isTrue();
        assertThat(scorer.score(unanswerable, Output.of("On Mondays.")).category())
                .isEqualTo("answered what it should decline");
        assertThat(scorer.score(answerable, Output.of("Within 5 days.")).passed())
                .isTrue();
        assertThat(scorer.score(answerable, Output.of("Sorry, I can't help with that."))
                        .category())
                .isEqualTo("declined needlessly");
        Output blocked = new Output("", List.of(), List.of(), Outcome.BLOCKED, null, null, Duration.ZERO, null);
        assertThat(scorer.score(unanswerable, blocked).passed()).isTrue();
        assertThat(scorer.lossy()).isTrue();
    }

    @Test
    void findsAnswersGroundedByTheirWordsAndNumbers() {
        EvalCase evalCase = Cases.withContext("Refunds take 5 working days.", "Kettles are refunded by card.");
        Scorer scorer = Scorers.groundedness();

        assertThat(scorer.score(evalCase, Output.of("A refund takes 5 working days."))
                        .value())
                .isEqualTo(1);
        Score wrong = scorer.score(evalCase, Output.of("A refund takes 6 working days. Kettles are refunded."));
        assertThat(wrong.value()).isEqualTo(0.5);
        assertThat(wrong.category()).isEqualTo("number that is not in the context");
        assertThat(scorer.score(evalCase, Output.of("Bananas grow on trees.")).value())
                .isLessThan(0.4);
        assertThatThrownBy(() -> scorer.score(Cases.expecting("x"), Output.of("x")))
                .hasMessageContaining("no context");
    }

    @Test
    void measuresRetrievalByExpectedSources() {
        EvalCase evalCase = Cases.expecting("[\"r1\",\"r2\"]");
        Output output = Cases.retrieving("x", "r1", "y", "r2");

        assertThat(Scorers.recallAt(2, Scorers::expectedSources)
                        .score(evalCase, output)
                        .value())
                .isEqualTo(0.5);
        assertThat(Scorers.precisionAt(2, Scorers::expectedSources)
                        .score(evalCase, output)
                        .value())
                .isEqualTo(0.5);
        assertThat(Scorers.reciprocalRank(Scorers::expectedSources)
                        .score(evalCase, output)
                        .value())
                .isEqualTo(0.5);
        assertThat(Scorers.averagePrecision(Scorers::expectedSources)
                        .score(evalCase, output)
                        .value())
                .isEqualTo(0.5);
        assertThat(Scorers.ndcgAt(4, Scorers::expectedSources)
                        .score(Cases.expecting("{\"x\":0,\"r1\":3}"), output)
                        .value())
                .isEqualTo(Math.log(2) / Math.log(3), within(1e-12));
        assertThat(Scorers.recallAt(2, Scorers::expectedSources).name()).isEqualTo("recall@2");
        assertThatThrownBy(() -> Scorers.recallAt(2, Scorers::expectedSources).score(Cases.expecting("[]"), output))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no relevant source");
        assertThatThrownBy(() -> Scorers.expectedSources(Cases.expecting("\"r1\"")))
                .hasMessageContaining("expects no sources");
    }

    @ParameterizedTest
    @MethodSource("scorersOfExpectedAnswers")
    void failsWithAnErrorWhereNothingIsExpected(Scorer scorer) {
        assertThatThrownBy(() -> scorer.score(Cases.expecting(null), Output.of("x")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no expected answer");
        assertThat(scorer.fingerprint()).isNotBlank();
        assertThat(scorer.name()).isNotBlank();
    }

    static Stream<Scorer> scorersOfExpectedAnswers() {
        return Stream.of(
                Scorers.exact(),
                Scorers.normalized(),
                Scorers.contains(),
                Scorers.number(0, 0),
                Scorers.json(),
                Scorers.jsonLikeness(),
                Scorers.setOverlap(),
                Scorers.listOverlap(),
                Scorers.label(Set.of("x", "y")),
                Scorers.editLikeness(),
                Scorers.bleu(Bleu.forSentences()),
                Scorers.chrf(Chrf.chrf()),
                Scorers.rougeL(),
                Scorers.tokenF1(),
                Scorers.squadExactMatch(),
                Scorers.toolCalls());
    }

    /** Counts letters, so that cosines can be worked out by hand. */
    private static final class Letters implements EmbeddingModel {
        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment ->
                            Embedding.from(new float[] {count(segment.text(), 'a'), count(segment.text(), 'b')}))
                    .toList());
        }

        private static float count(String text, char letter) {
            return text.chars().filter(each -> each == letter).count();
        }
    }

    private static CaseResult result(Score score) {
        return Results.of("a", Output.of("x"), Map.of("label", score));
    }

    private static String category(String expected, ToolExecutionRequest... calls) {
        return Scorers.toolCalls()
                .score(Cases.expecting(expected), Cases.calling(calls))
                .category();
    }

    private static Score score(Scorer scorer, String answer, String expected) {
        return scorer.score(Cases.expecting(expected), Output.of(answer));
    }

    private static boolean passes(Scorer scorer, String answer, String expected) {
        return Boolean.TRUE.equals(score(scorer, answer, expected).passed());
    }
}
