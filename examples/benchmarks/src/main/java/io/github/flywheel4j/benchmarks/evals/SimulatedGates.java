package io.github.flywheel4j.benchmarks.evals;

import io.github.flywheel4j.evals.Comparison;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.EvalRunner;
import io.github.flywheel4j.evals.Gate;
import io.github.flywheel4j.evals.GateResult;
import io.github.flywheel4j.evals.Varies;
import io.github.flywheel4j.evals.Verdict;
import io.github.flywheel4j.stats.Bootstrap;
import io.github.flywheel4j.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What the gate, a bootstrap and a look at the means claim of simulated systems.
 *
 * <p>Of a case the two systems share how hard it is; each has a deviation of its own for each cluster, with mean 0, and luck
 * in each repeat. So under the null neither is better, answers of a cluster depend on each other, and repeats of a case do
 * more so.
 */
final class SimulatedGates {

    static final int REPEATS = 3;

    private static final double LEVEL = 0.95;
    private static final int RESAMPLES = 400;

    /** How often a waiting person is told how far it is. */
    private static final int REPORTS = 10;

    private static final Gate GATE = Gate.builder()
            .better(Simulation.METRICS.get(0))
            .better(Simulation.METRICS.get(1))
            .better(Simulation.METRICS.get(2))
            .earlyStopping()
            .build();

    private SimulatedGates() {}

    /**
     * Shares of the simulated comparisons in which something was claimed.
     *
     * @param byGate the gate called any of its metrics better or worse
     * @param byOtherRows any row outside of the gate was called better or worse
     * @param byBootstrap an uncorrected bootstrap of single answers saw a difference in any metric
     * @param byMeans the first metric's mean was higher
     * @param firstBetter the gate called the first metric better
     * @param anyWorse the gate failed
     * @param early the run ended before its end
     * @param asked the share of the answers that the runs asked for
     */
    record Claims(
            double byGate,
            double byOtherRows,
            double byBootstrap,
            double byMeans,
            double firstBetter,
            double anyWorse,
            double early,
            double asked) {}

    /** What one comparison claimed. */
    private record Claim(
            boolean byGate,
            boolean byOtherRows,
            boolean byBootstrap,
            boolean byMeans,
            boolean firstBetter,
            boolean anyWorse,
            boolean early,
            double asked) {}

    /** Compares as many pairs of systems; each has a random source of its own, so that threads change nothing. */
    static Claims of(String what, Simulation simulation, int runs, SplittableRandom random) {
        List<SplittableRandom> randoms = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            randoms.add(random.split());
        }
        AtomicInteger done = new AtomicInteger();
        List<Claim> claims = IntStream.range(0, runs)
                .parallel()
                .mapToObj(i -> {
                    Claim claim = claim(simulation, randoms.get(i));
                    report(what, done.incrementAndGet(), runs);
                    return claim;
                })
                .toList();
        return new Claims(
                share(claims, Claim::byGate),
                share(claims, Claim::byOtherRows),
                share(claims, Claim::byBootstrap),
                share(claims, Claim::byMeans),
                share(claims, Claim::firstBetter),
                share(claims, Claim::anyWorse),
                share(claims, Claim::early),
                claims.stream().mapToDouble(Claim::asked).average().orElse(0));
    }

    private static void report(String what, int done, int runs) {
        int step = Math.max(1, runs / REPORTS);
        if (runs >= 10 * REPORTS && done % step == 0) {
            System.err.println("gate-honesty: " + what + ", " + done + " of " + runs);
        }
    }

    private static double share(List<Claim> claims, Predicate<Claim> which) {
        return (double) claims.stream().filter(which).count() / claims.size();
    }

    private static Claim claim(Simulation simulation, SplittableRandom random) {
        Simulation.Systems systems = simulation.systems(random);
        EvalRun baseline =
                runner(simulation).build().run(simulation.dataset(), systems.baseline(), simulation.scorers());
        EvalRun candidate = runner(simulation)
                .stopEarly(baseline, GATE, Varies.EVERYTHING)
                .build()
                .run(simulation.dataset(), systems.candidate(), simulation.scorers());
        GateResult result = GATE.check(baseline, candidate, Varies.EVERYTHING);
        boolean byBootstrap = false;
        for (int metric = 0; metric < Simulation.METRICS.size(); metric++) {
            Interval interval =
                    Bootstrap.of(RESAMPLES, random).percentile(systems.differences(metric), Bootstrap::mean, LEVEL);
            byBootstrap |= !interval.contains(0);
        }
        return new Claim(
                isClaimed(result.comparison(), true),
                isClaimed(result.comparison(), false),
                byBootstrap,
                Bootstrap.mean(systems.differences(0)) > 0,
                result.comparison().of(Simulation.METRICS.get(0)).verdict() == Verdict.BETTER,
                result.outcome() == GateResult.Outcome.FAILED,
                candidate.info().ending() == EvalRun.Ending.DECIDED_EARLY,
                (double) candidate.results().size() / candidate.info().planned());
    }

    /** One worker, since a simulated system counts the repeats of a case; comparisons run beside each other. */
    private static EvalRunner.Builder runner(Simulation simulation) {
        return EvalRunner.builder().workers(1).repeats(simulation.repeats());
    }

    private static boolean isClaimed(Comparison comparison, boolean inGate) {
        return comparison.rows().stream()
                .anyMatch(row -> row.inFirstFamily() == inGate && row.verdict() != Verdict.INCONCLUSIVE);
    }
}
