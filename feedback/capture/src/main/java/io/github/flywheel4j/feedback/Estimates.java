package io.github.flywheel4j.feedback;

import io.github.flywheel4j.stats.Bootstrap;
import io.github.flywheel4j.stats.FittedPropensities;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Intervals;
import io.github.flywheel4j.stats.LogisticRegression;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Estimates that do not fool: how many answers were liked and how many right, of how many it is known, how those who said so
 * differ from those who did not, and what the rate may be for all.
 *
 * <pre>{@code
 * Estimates estimates = Estimates.with(() -> new SplittableRandom(1));
 * FeedbackReport report = estimates.of(store, InteractionQuery.all().workload("support-answers"));
 * Interval amongThoseWhoRated = report.satisfaction().observed(); // null if nobody did
 * RateEstimate.Weighted ofAll = report.satisfaction().weighted(); // null if it cannot be estimated
 * List<String> warnings = report.warnings();
 * }</pre>
 *
 * <p>The weighted rate: a logistic regression estimates for each interaction the probability that it gets a rating (or a
 * verdict), from what is known of all: workload, tenant, outcome, streaming, a cache's hit, the lengths of question and answer,
 * latency, the place in the session, signals that speak for and against the answer, and {@link Builder#feature features} of the
 * application. Each rated interaction then counts for as many as it is rare ({@link FittedPropensities}). Where a judge scores
 * every answer, its scores carry the estimate and the ratings correct it ({@link Builder#judge}).
 *
 * <p><b>What it cannot do.</b> It corrects for what is recorded, and for nothing else. If of two alike interactions the liked
 * one is rated more often, no method can know it from these data. Record what tells content people from others: signals, and the
 * attributes of the context that you make features of. Or ask a random sample, which needs no correction.
 *
 * <p>Interactions of one person count as one cluster in the intervals, without a person those of one session, then of one turn.
 * It reads the store as two streams and keeps some 300 bytes for each interaction of the query while it works, so ask for weeks
 * and not for years.
 *
 * <p>Immutable; thread-safe if the given functions are.
 */
public final class Estimates {

    /** Below so many known ones, or so many unknown ones, a regression has nothing to hold on to. */
    private static final int FEWEST = 20;

    private static final double RIDGE = 1;

    private final double level;
    private final int resamples;
    private final Supplier<? extends RandomGenerator> random;
    private final double leastPropensity;
    private final double likedFrom;
    private final Consensus consensus;
    private final SignalStrengths strengths;
    private final Map<String, ToDoubleFunction<InteractionEvent>> features;
    private final @Nullable ToDoubleFunction<InteractionEvent> judge;
    private final Predicate<FeedbackEvent> used;
    private final Clock clock;

    private Estimates(Builder builder) {
        this.level = builder.level;
        this.resamples = builder.resamples;
        this.random = builder.random;
        this.leastPropensity = builder.leastPropensity;
        this.likedFrom = builder.likedFrom;
        this.consensus = builder.consensus;
        this.strengths = builder.strengths;
        this.features = new LinkedHashMap<>(builder.features);
        this.judge = builder.judge;
        this.used = builder.used;
        this.clock = builder.clock;
    }

    /** With the defaults of {@link Builder}. */
    public static Estimates with(Supplier<? extends RandomGenerator> random) {
        return builder(random).build();
    }

    /**
     * A builder.
     *
     * @param random makes the generator of a bootstrap, such as {@code () -> new SplittableRandom(1)}; where it makes equal
     *     ones, equal events give equal reports
     */
    public static Builder builder(Supplier<? extends RandomGenerator> random) {
        return new Builder(random);
    }

    /**
     * The estimates for the interactions of a query. It always answers: what cannot be estimated is null in the report, with a
     * note that says why.
     *
     * @throws java.io.UncheckedIOException if the store cannot be read
     * @throws IllegalArgumentException if a feature or the judge gives no finite number
     */
    public FeedbackReport of(FeedbackStore store, InteractionQuery query) {
        KnownFeedback known = KnownFeedback.in(store, consensus, likedFrom, strengths, used);
        Population population = Population.of(store, query, known, features, judge);
        double[] scores = judge == null ? null : population.scores();
        return new FeedbackReport(
                population.size(),
                rate(population, population.liked(), scores),
                rate(population, population.right(), scores),
                population.undecided(),
                RaterAgreement.of(population.grades(), level, random.get()),
                population.trend(),
                population.unused(clock.instant()));
    }

    /** The rate of the members with 1 among those with 1 or 0; NaN is not known. */
    private RateEstimate rate(Population population, double[] outcomes, double @Nullable [] scores) {
        boolean[] known = new boolean[outcomes.length];
        long denominator = 0;
        long numerator = 0;
        for (int i = 0; i < outcomes.length; i++) {
            known[i] = !Double.isNaN(outcomes[i]);
            denominator += known[i] ? 1 : 0;
            numerator += outcomes[i] == 1 ? 1 : 0;
        }
        Interval observed = denominator == 0 ? null : Intervals.wilson(numerator, denominator, level);
        List<Contrast> contrasts = population.columns().contrasts(known);
        String note = "";
        RateEstimate.Weighted weighted = null;
        if (denominator == 0) {
            note = outcomes.length == 0 ? "no interactions" : "nothing is known of any of them";
        } else if (denominator == outcomes.length) {
            note = "all are known, so there is nothing to weigh";
        } else if (Math.min(denominator, outcomes.length - denominator) < FEWEST) {
            note = "not weighted: fewer than " + FEWEST + (denominator < FEWEST ? " are known" : " are not known");
        } else if (population.clusters() < FEWEST) {
            note = "not weighted: fewer than " + FEWEST + " persons or sessions";
        } else {
            weighted = weighted(population, known, outcomes, scores);
            if (weighted == null) {
                note = "not weighted: nothing that is known of all has a finite fit";
            } else if (numerator == 0 || numerator == denominator) {
                note = "all known ones are alike, so the interval is that of a plain rate";
            }
        }
        return new RateEstimate(numerator, denominator, outcomes.length, observed, weighted, note, contrasts);
    }

    private RateEstimate.@Nullable Weighted weighted(
            Population population, boolean[] known, double[] outcomes, double @Nullable [] scores) {
        double[][] rows = population.columns().rows();
        FittedPropensities fitted = FittedPropensities.of(
                        rows, known, LogisticRegression.Prior.ridge(rows[0].length, RIDGE), leastPropensity)
                .orElse(null);
        if (fitted == null) {
            return null;
        }
        double size = fitted.means().effectiveSize();
        Bootstrap bootstrap = Bootstrap.of(resamples, random.get()).byCluster(population.clusterOfEach());
        Interval interval = scores == null
                ? fitted.selfNormalised(outcomes, level, bootstrap)
                : fitted.doublyRobust(outcomes, scores, level, bootstrap);
        return new RateEstimate.Weighted(
                scores == null ? ifAlike(outcomes, interval, size) : cut(interval),
                scores != null,
                size,
                fitted.means().clippedShare());
    }

    /** Where all outcomes are alike every resample is too, and the bootstrap would be sure of what it cannot know. */
    private Interval ifAlike(double[] outcomes, Interval interval, double size) {
        double[] known =
                Arrays.stream(outcomes).filter(each -> !Double.isNaN(each)).toArray();
        if (Arrays.stream(known).distinct().count() > 1) {
            return interval;
        }
        long trials = Math.max(1, (long) size);
        return Intervals.wilson(known[0] == 1 ? trials : 0, trials, level);
    }

    /** A rate lies between 0 and 1, also where a judge's scores carry it beyond. */
    private static Interval cut(Interval interval) {
        return new Interval(cut(interval.estimate()), cut(interval.low()), cut(interval.high()), interval.level());
    }

    private static double cut(double rate) {
        return Math.max(0, Math.min(1, rate));
    }

    /** Builds estimates. Not thread-safe. */
    public static final class Builder {

        private static final int FEWEST_RESAMPLES = 100;

        private double level = 0.95;
        private int resamples = 1_000;
        private final Supplier<? extends RandomGenerator> random;
        private double leastPropensity = 0.005;
        private double likedFrom = 0.75;
        private Consensus consensus = Consensus.majority(1);
        private SignalStrengths strengths = SignalStrengths.defaults();
        private final Map<String, ToDoubleFunction<InteractionEvent>> features = new LinkedHashMap<>();
        private @Nullable ToDoubleFunction<InteractionEvent> judge;
        private Predicate<FeedbackEvent> used = event -> false;
        private Clock clock = Clock.systemUTC();

        private Builder(Supplier<? extends RandomGenerator> random) {
            this.random = Objects.requireNonNull(random, "random");
        }

        /** The level of all intervals; 0.95 unless told. */
        public Builder level(double level) {
            this.level = level;
            return this;
        }

        /** How many bootstrap resamples; 1,000 unless told, which settles the limits to about a twentieth of the interval. */
        public Builder resamples(int resamples) {
            this.resamples = resamples;
            return this;
        }

        /**
         * The floor of the propensities; 0.005 unless told, so that no interaction stands for more than 200. A higher one makes
         * intervals narrower and the estimate more like that of the raters.
         */
        public Builder leastPropensity(double propensity) {
            this.leastPropensity = propensity;
            return this;
        }

        /**
         * From which part of its scale on a rating means liked; 0.75 unless told: a thumb up, 4 and 5 of 5.
         *
         * @param share above 0, up to 1; see {@link Satisfaction#share()}
         */
        public Builder likedFrom(double share) {
            this.likedFrom = share;
            return this;
        }

        /**
         * What makes one verdict of several on an answer; {@link Consensus#majority} of one rater or more unless told. Answers
         * without a consensus count as not known.
         */
        public Builder consensus(Consensus consensus) {
            this.consensus = Objects.requireNonNull(consensus, "consensus");
            return this;
        }

        /** What signals say; the defaults unless told. They tell content people from others among those who do not rate. */
        public Builder strengths(SignalStrengths strengths) {
            this.strengths = Objects.requireNonNull(strengths, "strengths");
            return this;
        }

        /**
         * Something else that is known of every interaction, and that may have to do with who rates: years as a customer, a
         * team, the hour.
         *
         * @param name for {@link Contrast}
         * @param feature a finite number for each interaction
         */
        public Builder feature(String name, ToDoubleFunction<InteractionEvent> feature) {
            features.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(feature, "feature"));
            return this;
        }

        /**
         * A judge's score of every interaction, on the scale of the rate: the probability, 0 to 1, that it was liked, or right.
         * None unless told. It must not have seen the ratings.
         */
        public Builder judge(ToDoubleFunction<InteractionEvent> score) {
            this.judge = Objects.requireNonNull(score, "score");
            return this;
        }

        /** Which feedback was acted upon; none unless told. */
        public Builder used(Predicate<FeedbackEvent> used) {
            this.used = Objects.requireNonNull(used, "used");
            return this;
        }

        /** The clock that ages are measured by; the system's unless told. */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Builds it.
         *
         * @throws IllegalArgumentException if a setting is out of its range
         */
        public Estimates build() {
            if (!(level > 0 && level < 1)) {
                throw new IllegalArgumentException("level: " + level + " (expected: above 0 and below 1)");
            }
            if (resamples < FEWEST_RESAMPLES) {
                throw new IllegalArgumentException(
                        "resamples: " + resamples + " (expected: >= " + FEWEST_RESAMPLES + ")");
            }
            if (!(leastPropensity > 0 && leastPropensity <= 1)) {
                throw new IllegalArgumentException(
                        "leastPropensity: " + leastPropensity + " (expected: above 0, up to 1)");
            }
            if (!(likedFrom > 0 && likedFrom <= 1)) {
                throw new IllegalArgumentException("likedFrom: " + likedFrom + " (expected: above 0, up to 1)");
            }
            return new Estimates(this);
        }
    }
}
