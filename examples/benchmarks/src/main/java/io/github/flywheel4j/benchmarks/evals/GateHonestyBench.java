package io.github.flywheel4j.benchmarks.evals;

import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.evals.Comparison;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.EvalRunner;
import io.github.flywheel4j.evals.Gate;
import io.github.flywheel4j.evals.GateResult;
import io.github.flywheel4j.evals.Varies;
import io.github.flywheel4j.evals.Verdict;
import io.github.flywheel4j.stats.Bootstrap;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Intervals;
import io.github.flywheel4j.stats.JudgeCorrection;
import io.github.flywheel4j.stats.JudgeCorrection.Calibration;
import java.io.PrintStream;
import java.util.Locale;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How often verdicts are wrong, by simulation: systems of which the truth is known are run and compared by the library's own
 * runner and gate.
 *
 * <p>Of a case the two systems share how hard it is; each has a deviation of its own for each cluster, with mean 0, and luck
 * in each repeat. So under the null neither is better, answers of a cluster depend on each other, and repeats of a case do
 * more so.
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
    private static final double LEVEL = 0.95;
    private static final int RESAMPLES = 400;
    private static final int JUDGES_PER_RUN = 5;

    private static final int CLUSTERS = 40;
    private static final int REPEATS = 3;

    /** Enough cases that five points are worth looking for. */
    private static final int CLUSTERS_FOR_POWER = 200;

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
        Claims nothing = claims(new Simulation(CLUSTERS, REPEATS, 0), runs, random.split());
        int runsForPower = Math.max(1, runs / 5);
        Claims five = claims(new Simulation(CLUSTERS_FOR_POWER, REPEATS, 0.05), runsForPower, random.split());
        double[] coverage = judges(random.split());
        new Table("no difference; claimed", "of " + runs)
                .row("gate: any metric better or worse", percent(nothing.gate))
                .row("any slice or metric outside of the gate", percent(nothing.others))
                .row("bootstrap of single answers, uncorrected", percent(nothing.bootstrap))
                .row("higher mean of the first metric", percent(nothing.means))
                .row("runs that ended early", percent(nothing.early))
                .print(out);
        new Table("five points better", "of " + runsForPower)
                .row("gate: first metric better", percent(five.firstBetter))
                .row("gate: any metric worse", percent(five.anyWorse))
                .row("runs that ended early", percent(five.early))
                .print(out);
        new Table("biased judges", "of " + runs * JUDGES_PER_RUN)
                .row("corrected interval covers the true rate", percent(coverage[0]))
                .row("interval of the judge's rate covers it", percent(coverage[1]))
                .print(out);
        return new Figures()
                .put("runs", runs)
                .putPrecise("type1_ours", nothing.gate)
                .putPrecise("type1_naive", nothing.means)
                .putPrecise("type1_bootstrap", nothing.bootstrap)
                .putPrecise("type1_other_rows", nothing.others)
                .putPrecise("coverage_judge_corrected", coverage[0])
                .putPrecise("coverage_judge_naive", coverage[1])
                .putPrecise("power_at_5_points", five.firstBetter)
                .put("power_cases", CLUSTERS_FOR_POWER * Simulation.CASES_PER_CLUSTER)
                .put("power_runs", runsForPower)
                .putPrecise("ended_early_at_5_points", five.early);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** Shares of the simulated comparisons in which something was claimed. */
    private record Claims(
            double gate,
            double others,
            double bootstrap,
            double means,
            double firstBetter,
            double anyWorse,
            double early) {}

    private static Claims claims(Simulation simulation, int runs, SplittableRandom random) {
        Gate gate = Gate.builder()
                .better(Simulation.METRICS.get(0))
                .better(Simulation.METRICS.get(1))
                .better(Simulation.METRICS.get(2))
                .earlyStopping()
                .build();
        int byGate = 0;
        int byOthers = 0;
        int byBootstrap = 0;
        int byMeans = 0;
        int firstBetter = 0;
        int anyWorse = 0;
        int early = 0;
        for (int run = 0; run < runs; run++) {
            Simulation.Systems systems = simulation.systems(random);
            EvalRunner all = EvalRunner.builder()
                    .workers(1)
                    .repeats(simulation.repeats())
                    .build();
            EvalRun baseline = all.run(simulation.dataset(), systems.baseline(), simulation.scorers());
            EvalRun candidate = EvalRunner.builder()
                    .workers(1)
                    .repeats(simulation.repeats())
                    .stopEarly(baseline, gate, Varies.EVERYTHING)
                    .build()
                    .run(simulation.dataset(), systems.candidate(), simulation.scorers());
            GateResult result = gate.check(baseline, candidate, Varies.EVERYTHING);
            byGate += isClaimed(result.comparison(), true) ? 1 : 0;
            byOthers += isClaimed(result.comparison(), false) ? 1 : 0;
            anyWorse += result.outcome() == GateResult.Outcome.FAILED ? 1 : 0;
            firstBetter += result.comparison().of(Simulation.METRICS.get(0)).verdict() == Verdict.BETTER ? 1 : 0;
            early += candidate.info().ending() == EvalRun.Ending.DECIDED_EARLY ? 1 : 0;
            boolean bootstrapClaims = false;
            for (int metric = 0; metric < Simulation.METRICS.size(); metric++) {
                double[] differences = systems.differences(metric);
                Interval interval = Bootstrap.of(RESAMPLES, random).percentile(differences, Bootstrap::mean, LEVEL);
                bootstrapClaims |= !interval.contains(0);
                byMeans += metric == 0 && interval.estimate() > 0 ? 1 : 0;
            }
            byBootstrap += bootstrapClaims ? 1 : 0;
        }
        double n = runs;
        return new Claims(
                byGate / n, byOthers / n, byBootstrap / n, byMeans / n, firstBetter / n, anyWorse / n, early / n);
    }

    private static boolean isClaimed(Comparison comparison, boolean inGate) {
        return comparison.rows().stream()
                .anyMatch(row -> row.inFirstFamily() == inGate && row.verdict() != Verdict.INCONCLUSIVE);
    }

    /** How often the corrected and the plain interval of a judge's rate cover the true rate, over judges of many kinds. */
    private double[] judges(SplittableRandom random) {
        int judged = runs * JUDGES_PER_RUN;
        int corrected = 0;
        int plain = 0;
        for (int i = 0; i < judged; i++) {
            double truth = random.nextDouble(0.3, 0.97);
            double sensitivity = random.nextDouble(0.75, 0.98);
            double specificity = random.nextDouble(0.6, 0.95);
            int cases = random.nextInt(100, 1_001);
            int positives = random.nextInt(30, 151);
            int negatives = random.nextInt(20, 101);
            long passed = binomial(random, cases, truth * sensitivity + (1 - truth) * (1 - specificity));
            Calibration calibration = new Calibration(
                    binomial(random, positives, sensitivity),
                    positives,
                    binomial(random, negatives, specificity),
                    negatives);
            boolean isUseless = calibration.sensitivity() + calibration.specificity() <= 1;
            corrected += isUseless
                            || JudgeCorrection.roganGladen(passed, cases, calibration, LEVEL)
                                    .contains(truth)
                    ? 1
                    : 0;
            plain += Intervals.wilson(passed, cases, LEVEL).contains(truth) ? 1 : 0;
        }
        return new double[] {(double) corrected / judged, (double) plain / judged};
    }

    private static long binomial(SplittableRandom random, int trials, double rate) {
        long successes = 0;
        for (int i = 0; i < trials; i++) {
            successes += random.nextDouble() < rate ? 1 : 0;
        }
        return successes;
    }
}
