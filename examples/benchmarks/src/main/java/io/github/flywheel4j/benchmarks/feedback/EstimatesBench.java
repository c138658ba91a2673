package io.github.flywheel4j.benchmarks.feedback;

import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.feedback.Estimates;
import io.github.flywheel4j.feedback.InteractionQuery;
import io.github.flywheel4j.feedback.RateEstimate;
import io.github.flywheel4j.stats.Interval;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How often the intervals of satisfaction hold the truth, over simulated users of whom it is known: among those who rated, and
 * estimated for all, with and without a judge. A third case, in which rating depends on satisfaction itself beyond all that is
 * recorded, shows where no estimate helps.
 */
@Command(
        name = "estimates",
        description =
                "How often 95 % intervals of satisfaction hold the truth when the content rate more often and experts"
                        + " leave: naive, weighted, and doubly robust.",
        sortOptions = false)
public final class EstimatesBench implements Bench {

    private static final double LEVEL = 0.95;
    private static final int USERS = 2_000;
    private static final int USERS_OF_THE_TRUTH = 600_000;

    /** The robust and the hidden case are beside the point of the bench, so a part of the runs is enough for them. */
    private static final int EVERY = 4;

    private static final double HIDDEN = 0.7;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "1000",
            description = "simulated populations, 1 to 100000 (default: ${DEFAULT-VALUE})")
    private int runs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "of all chance (default: ${DEFAULT-VALUE})")
    private long seed;

    /** Creates it with the options' defaults. */
    public EstimatesBench() {}

    /** What one population gave. */
    private record Run(
            Interval naive,
            Interval weighted,
            @Nullable Interval robust,
            @Nullable Interval hidden,
            double coverage,
            double ratingShareOfContent,
            double ratingShareOfOthers) {}

    @Override
    public Figures run(PrintStream out) {
        if (runs < 1 || runs > 100_000) {
            throw new BadInput("--runs: " + runs + " (expected: 1 to 100000)");
        }
        double truth = SimulatedUsers.truth(USERS_OF_THE_TRUTH, new SplittableRandom(seed));
        SplittableRandom seeds = new SplittableRandom(seed + 1);
        List<SplittableRandom> randoms = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            randoms.add(seeds.split());
        }
        List<Run> all = IntStream.range(0, runs)
                .parallel()
                .mapToObj(i -> run(randoms.get(i), i % EVERY == 0))
                .toList();

        Tally naive = new Tally(truth);
        Tally weighted = new Tally(truth);
        Tally robust = new Tally(truth);
        Tally hidden = new Tally(truth);
        for (Run run : all) {
            naive.add(run.naive);
            weighted.add(run.weighted);
            if (run.robust != null && run.hidden != null) {
                robust.add(run.robust);
                hidden.add(run.hidden);
            }
        }
        double coverage = all.stream().mapToDouble(Run::coverage).average().orElseThrow();
        out.printf(
                Locale.ROOT,
                "Truth: %.1f %% of the interactions are content. %.1f %% are rated: %.1f %% of the content, %.1f %% of"
                        + " the others.%n%n",
                truth * 100,
                coverage * 100,
                100
                        * all.stream()
                                .mapToDouble(Run::ratingShareOfContent)
                                .average()
                                .orElseThrow(),
                100
                        * all.stream()
                                .mapToDouble(Run::ratingShareOfOthers)
                                .average()
                                .orElseThrow());
        Table table = new Table("95 % interval", "holds the truth", "bias", "mean width");
        naive.row("naive: among those who rated", table);
        weighted.row("weighted", table);
        robust.row("doubly robust, with a judge", table);
        hidden.row("weighted, where rating depends on what is not recorded", table);
        table.print(out);
        return new Figures()
                .put("runs", runs)
                .put("coverage_weighted", weighted.coverage())
                .put("coverage_naive", naive.coverage())
                .put("bias_weighted", weighted.bias())
                .put("bias_naive", naive.bias())
                .put("coverage_robust", robust.coverage())
                .put("bias_robust", robust.bias())
                .put("coverage_weighted_hidden", hidden.coverage())
                .put("bias_weighted_hidden", hidden.bias())
                .put("runs_robust_and_hidden", robust.count)
                .put("truth", truth)
                .put("rated_share", coverage);
    }

    private static Run run(SplittableRandom random, boolean all) {
        SimulatedUsers users = new SimulatedUsers(USERS, 0, random);
        RateEstimate plain = estimate(users, false, random.nextLong());
        RateEstimate robust = all ? estimate(users, true, random.nextLong()) : null;
        RateEstimate hidden =
                all ? estimate(new SimulatedUsers(USERS, HIDDEN, random), false, random.nextLong()) : null;
        return new Run(
                Objects.requireNonNull(plain.observed()),
                weighted(plain.weighted()),
                robust == null ? null : weighted(robust.weighted()),
                hidden == null ? null : weighted(hidden.weighted()),
                plain.coverage(),
                users.ratingShareOfContent(),
                users.ratingShareOfOthers());
    }

    private static RateEstimate estimate(SimulatedUsers users, boolean judged, long seed) {
        Estimates.Builder estimates =
                Estimates.builder(() -> new SplittableRandom(seed)).level(LEVEL);
        if (judged) {
            estimates.judge(users::score);
        }
        return estimates
                .build()
                .of(new EventsInMemory(users.interactions(), users.feedback()), InteractionQuery.all())
                .satisfaction();
    }

    private static Interval weighted(RateEstimate.@Nullable Weighted weighted) {
        return Objects.requireNonNull(weighted).interval();
    }

    /** How often intervals hold the truth, and how far estimates are off on average. */
    private static final class Tally {

        private final double truth;
        private int count;
        private int held;
        private double errors;
        private double widths;

        Tally(double truth) {
            this.truth = truth;
        }

        void add(Interval interval) {
            count++;
            held += interval.contains(truth) ? 1 : 0;
            errors += interval.estimate() - truth;
            widths += interval.width();
        }

        double coverage() {
            return (double) held / count;
        }

        double bias() {
            return errors / count;
        }

        void row(String label, Table table) {
            table.row(
                    label,
                    String.format(Locale.ROOT, "%.1f %%", coverage() * 100),
                    String.format(Locale.ROOT, "%+.3f", bias()),
                    String.format(Locale.ROOT, "%.3f", widths / count));
        }
    }
}
