package io.github.flywheel4j.benchmarks.evals;

import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import java.io.PrintStream;
import java.util.Locale;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How often verdicts are wrong, by simulation: systems of which the truth is known are run and compared by the library's own
 * runner and gate, and judges of which the errors are known are corrected by its own intervals.
 */
@Command(
        name = "gate-honesty",
        description =
                "How often the gate claims a difference where there is none (clusters, repeats, several metrics, early"
                        + " stopping), how often it finds one of five points, and whether a judge's corrected rate covers"
                        + " the truth.",
        sortOptions = false)
public final class GateHonestyBench implements Bench {

    private static final int MOST_RUNS = 1_000_000;

    private static final int CLUSTERS = 40;

    /** Enough cases that five points are worth looking for. */
    private static final int CLUSTERS_FOR_POWER = 200;

    /** What differs so much is what looks before the end are for. */
    private static final double PLAIN_GAIN = 0.25;

    private static final int JUDGES_PER_RUN = 5;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "1000",
            description = "simulated comparisons (default: ${DEFAULT-VALUE})")
    private int runs;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "(default: ${DEFAULT-VALUE})")
    private long seed;

    /** Creates it with the options' defaults. */
    public GateHonestyBench() {}

    @Override
    public Figures run(PrintStream out) {
        if (runs < 1 || runs > MOST_RUNS) {
            throw new BadInput("--runs: " + runs + " (expected: a number from 1 to " + MOST_RUNS + ")");
        }
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedGates.Claims nothing = SimulatedGates.of(
                "no difference", new Simulation(CLUSTERS, SimulatedGates.REPEATS, 0), runs, random.split());
        int runsForPower = Math.max(1, runs / 5);
        SimulatedGates.Claims five = SimulatedGates.of(
                "five points",
                new Simulation(CLUSTERS_FOR_POWER, SimulatedGates.REPEATS, 0.05),
                runsForPower,
                random.split());
        int plainRuns = Math.max(1, runs / 50);
        SimulatedGates.Claims plain = SimulatedGates.of(
                "a plain difference",
                new Simulation(CLUSTERS_FOR_POWER, SimulatedGates.REPEATS, PLAIN_GAIN),
                plainRuns,
                random.split());
        int judges = runs * JUDGES_PER_RUN;
        SimulatedJudges.Coverage few = SimulatedJudges.fewLabels(judges, random.split());
        SimulatedJudges.Coverage many = SimulatedJudges.manyLabels(judges, random.split());

        new Table("no difference; claimed", "of " + runs)
                .row("gate: any metric better or worse", percent(nothing.byGate()))
                .row("any slice or metric outside of the gate", percent(nothing.byOtherRows()))
                .row("bootstrap of single answers, uncorrected", percent(nothing.byBootstrap()))
                .row("higher mean of the first metric", percent(nothing.byMeans()))
                .row("runs that ended early", percent(nothing.early()))
                .print(out);
        new Table("really better", "5 points, of " + runsForPower, "25 points, of " + plainRuns)
                .row("gate: first metric better", percent(five.firstBetter()), percent(plain.firstBetter()))
                .row("gate: any metric worse", percent(five.anyWorse()), percent(plain.anyWorse()))
                .row("runs that ended early", percent(five.early()), percent(plain.early()))
                .row("answers asked for", percent(five.asked()), percent(plain.asked()))
                .print(out);
        new Table("biased judges; the interval covers the truth", "few labels, of " + judges, "many, of " + judges)
                .row("corrected, labels from elsewhere", percent(few.corrected()), percent(many.corrected()))
                .row(
                        "prediction-powered, a labelled part",
                        percent(few.predictionPowered()),
                        percent(many.predictionPowered()))
                .row("of the judge's rate as it is", percent(few.plain()), percent(many.plain()))
                .print(out);
        return new Figures()
                .put("runs", runs)
                .putPrecise("type1_ours", nothing.byGate())
                .putPrecise("type1_naive", nothing.byMeans())
                .putPrecise("type1_bootstrap", nothing.byBootstrap())
                .putPrecise("type1_other_rows", nothing.byOtherRows())
                .putPrecise("coverage_judge_corrected", (few.corrected() + many.corrected()) / 2)
                .putPrecise("coverage_judge_corrected_few_labels", few.corrected())
                .putPrecise("coverage_judge_corrected_many_labels", many.corrected())
                .putPrecise("coverage_prediction_powered_few_labels", few.predictionPowered())
                .putPrecise("coverage_prediction_powered_many_labels", many.predictionPowered())
                .putPrecise("coverage_judge_naive", (few.plain() + many.plain()) / 2)
                .putPrecise("power_at_5_points", five.firstBetter())
                .put("power_cases", CLUSTERS_FOR_POWER * Simulation.CASES_PER_CLUSTER)
                .put("power_runs", runsForPower)
                .putPrecise("ended_early_at_5_points", five.early())
                .putPrecise("ended_early_at_25_points", plain.early())
                .putPrecise("asked_at_25_points", plain.asked());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
