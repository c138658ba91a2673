package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flywheel4j.Cost;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.evals.EvalRun.Ending;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Money of two currencies is never added up and never compared. */
class CurrenciesTest {

    private final Dataset dataset = Runs.dataset(20, 1);
    private final List<Scorer> scorers = List.of(Runs.contains(), Scorers.cost());
    private final EvalRun dollars = run("dollars", each -> "USD");
    private final EvalRun euros = run("euros", each -> "EUR");
    private final EvalRun mixed = run("mixed", CurrenciesTest::mixedCurrency);

    @Test
    void addsUpTheMoneyOfOneCurrency() {
        assertThat(dollars.summary().cost()).hasToString("40 USD");
        assertThat(dollars.summary().metric("cost").estimate()).isEqualTo(2);
    }

    @Test
    void showsTheMoneyOfTwoCurrenciesApart() {
        RunSummary summary = mixed.summary();

        assertThat(summary.cost()).isNull();
        assertThat(summary.metric("cost").cases()).isZero();
        assertThat(summary.warnings())
                .contains(
                        "the answers cost 20 EUR and 20 USD, which cannot be added up",
                        "metric 'cost' is in EUR and USD: amounts of several currencies have no mean");
    }

    @Test
    void saysOfACostInTwoCurrenciesThatItIsNotCompared() {
        for (EvalRun before : List.of(dollars, mixed)) {
            Comparison comparison = Comparison.compare(before, euros, Varies.EVERYTHING);

            for (Comparison.Row row : List.of(comparison.of("cost"), comparison.of("cost", "odd"))) {
                assertThat(row.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
                assertThat(row.cases()).isZero();
                assertThat(row.note())
                        .isEqualTo("metric 'cost' is in EUR and USD: amounts of several currencies are not compared");
            }
            assertThat(comparison.of("contains").cases()).isEqualTo(20);
            assertThat(comparison.warnings())
                    .contains("metric 'cost' is in EUR and USD: amounts of several currencies are not compared");
            assertThat(EvalReport.of(dataset, before, euros, comparison).markdown())
                    .contains("not compared");
        }
    }

    @Test
    void gatesOnOtherMetricsWhateverTheCurrencies() {
        Gate gate = Gate.builder().notWorse("contains", 0.5).build();

        assertThat(gate.check(dollars, euros, Varies.EVERYTHING).outcome()).isEqualTo(GateResult.Outcome.PASSED);
    }

    @Test
    void looksEarlyWhateverTheCurrenciesOfAMetricThatDoesNotGate() {
        Dataset many = Runs.dataset(200, 1);
        EvalRun before = EvalRunner.create().run(many, Candidate.of("bad", each -> "no idea"), scorers);
        Gate gate = Gate.builder().better("contains").earlyStopping().build();

        EvalRun run = EvalRunner.builder()
                .workers(1)
                .stopEarly(before, gate, Varies.EVERYTHING)
                .build()
                .run(many, candidate("mixed", CurrenciesTest::mixedCurrency), scorers);

        assertThat(run.info().ending()).isEqualTo(Ending.DECIDED_EARLY);
    }

    @Test
    void doesNotBeginToLookForADifferenceOfAmountsThatCannotBeCompared() {
        Gate gate = Gate.builder().notWorse("cost", 1).earlyStopping().build();
        EvalRunner runner =
                EvalRunner.builder().stopEarly(mixed, gate, Varies.EVERYTHING).build();
        AtomicInteger asked = new AtomicInteger();

        assertThatThrownBy(() -> runner.run(
                        dataset,
                        Candidate.of("new", each -> {
                            asked.incrementAndGet();
                            return "x";
                        }),
                        scorers))
                .isInstanceOf(RunsNotComparable.class);
        assertThat(asked).hasValue(0);
    }

    @Test
    void takesNoFactOfAnotherScorerForMoney() {
        Scorer names = Runs.scorer(
                "names", false, (each, output) -> new Score(1, true, null, Map.of("currency", mixedCurrency(each))));
        EvalRun run = run("plain", each -> "USD", List.of(names));

        assertThat(run.summary().metric("names").cases()).isEqualTo(20);
        assertThat(Comparison.compare(run, run, Varies.PROMPT).of("names").cases())
                .isEqualTo(20);
    }

    @Test
    void refusesAGateOnACostAcrossCurrenciesByName() {
        Gate gate = Gate.builder().notWorse("cost", 1).build();

        assertThatThrownBy(() -> gate.check(dollars, euros, Varies.EVERYTHING))
                .isInstanceOf(RunsNotComparable.class)
                .hasMessage(
                        "the runs cannot be compared: metric 'cost' is in EUR and USD (expected: one currency; give both"
                                + " runs prices in one)");
        assertThatThrownBy(() -> gate.check(mixed, mixed, Varies.EVERYTHING)).isInstanceOf(RunsNotComparable.class);
    }

    @Test
    void comparesOtherMetricsAndShowsTheMoneyOfBothRunsApart() {
        EvalRun before = run("dollars", each -> "USD", List.of(Runs.contains()));
        EvalRun after = run("euros", each -> "EUR", List.of(Runs.contains()));
        Comparison comparison = Comparison.compare(before, after, Varies.EVERYTHING);

        assertThat(comparison.warnings())
                .contains(
                        "the candidate's answers cost 40 EUR, the baseline's 40 USD: amounts of several currencies are"
                                + " neither added nor compared");
        assertThat(EvalReport.of(dataset, before, after, comparison).json())
                .contains("\"costs\":[{\"amount\":40,\"currency\":\"EUR\"}]")
                .contains("\"costs\":[{\"amount\":40,\"currency\":\"USD\"}]");
    }

    @Test
    void holdsNoBudgetOfOneCurrencyAgainstTheSumOfTwo() {
        EvalRunner runner = EvalRunner.builder()
                .workers(1)
                .budget(Budget.unlimited().withMoney("30", "USD"))
                .build();

        assertThatThrownBy(() -> runner.run(dataset, candidate("mixed", CurrenciesTest::mixedCurrency), scorers))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("budget in USD, prices in EUR");
    }

    private static String mixedCurrency(EvalCase each) {
        return each.slices().contains("odd") ? "EUR" : "USD";
    }

    private EvalRun run(String name, Function<EvalCase, String> currency) {
        return run(name, currency, scorers);
    }

    private EvalRun run(String name, Function<EvalCase, String> currency, List<Scorer> by) {
        return EvalRunner.create().run(dataset, candidate(name, currency), by);
    }

    private static Candidate candidate(String name, Function<EvalCase, String> currency) {
        return Candidate.ofOutputs(
                name,
                each -> new Output(
                        "It is " + each.expected(),
                        List.of(),
                        List.of(),
                        Outcome.ANSWERED,
                        null,
                        new Cost(new BigDecimal("2"), currency.apply(each)),
                        Duration.ofMillis(1),
                        null));
    }
}
