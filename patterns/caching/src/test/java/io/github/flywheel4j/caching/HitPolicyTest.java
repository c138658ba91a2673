package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flywheel4j.caching.HitPolicy.Action;
import io.github.flywheel4j.caching.HitPolicy.Decision;
import io.github.flywheel4j.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class HitPolicyTest {

    private static final double TOLERANCE = 0.05;

    /** A world in which the truth is known: the probability that a candidate is right depends on two of its numbers. */
    private static final class World {
        final Random random;
        double shift;
        long hits;
        long wrong;

        World(Random random) {
            this.random = random;
        }

        double[] candidate() {
            double[] features = new double[PairContext.SIZE];
            features[PairContext.COSINE] = 0.5 + random.nextDouble() / 2;
            for (int i = 1; i < features.length; i++) {
                features[i] = random.nextDouble();
            }
            return features;
        }

        boolean right(double[] features) {
            double logOdds = 20 * (features[PairContext.COSINE] - 0.75) - 6 * (features[1] - 0.5) - shift;
            return random.nextDouble() < 1 / (1 + Math.exp(-logOdds));
        }

        void run(HitPolicy policy, int lookups) {
            for (int i = 0; i < lookups; i++) {
                double[] features = candidate();
                boolean right = right(features);
                Decision decision = policy.decide(features);
                if (decision.action() == Action.SERVE) {
                    hits++;
                    wrong += right ? 0 : 1;
                }
                if (decision.judge()) {
                    policy.judged(features, decision, right);
                }
            }
        }

        List<JudgedLookup> labelled(int count) {
            List<JudgedLookup> lookups = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                double[] features = candidate();
                lookups.add(new JudgedLookup(features, right(features), 1));
            }
            return lookups;
        }
    }

    private static HitPolicy policy(Random random, double exploreShare) {
        return new HitPolicy(TOLERANCE, HitPolicy.CONFIDENCE, 0.1, exploreShare, 5_000, Double.NaN, random);
    }

    private static HitPolicy policy(Random random) {
        return policy(random, 1);
    }

    @Test
    void servesNothingBeforeAVerdict() {
        World world = new World(Seeds.random("no verdict"));
        HitPolicy policy = policy(world.random);

        assertThat(policy.decide(world.candidate()).action()).isEqualTo(Action.SHADOW);
        assertThat(policy.serves()).isFalse();
        assertThat(policy.auditedWrongShare()).isNull();
    }

    @Test
    void servesNothingWhileAllVerdictsAreTheSame() {
        World world = new World(Seeds.random("one class"));
        HitPolicy policy = policy(world.random);
        for (int i = 0; i < 500; i++) {
            double[] features = world.candidate();
            policy.judged(features, policy.decide(features), false);
        }

        assertThat(policy.serves()).isFalse();
    }

    @Test
    void keepsTheShareOfWrongHitsBelowTheTolerance() {
        Seeds seeds = Seeds.named("share of wrong hits");
        long hits = 0;
        long wrong = 0;
        int above = 0;
        for (int run = 0; run < 10; run++) {
            World world = new World(new Random(seeds.random().nextLong()));
            world.run(policy(world.random), 3_000);
            hits += world.hits;
            wrong += world.wrong;
            above += world.wrong > 1.5 * TOLERANCE * world.hits ? 1 : 0;
        }

        // An oracle that knows the truth serves some 1,400 of 3,000.
        assertThat(hits).as("hits of 10 runs, %s", seeds).isGreaterThan(10 * 600);
        assertThat((double) wrong / hits).as("share of wrong ones, %s", seeds).isLessThanOrEqualTo(TOLERANCE);
        assertThat(above).as("runs far above the tolerance, %s", seeds).isLessThanOrEqualTo(1);
    }

    @Test
    void keepsItAlsoWhenFewMissesAreJudged() {
        Seeds seeds = Seeds.named("few judged");
        long hits = 0;
        long wrong = 0;
        for (int run = 0; run < 10; run++) {
            World world = new World(new Random(seeds.random().nextLong()));
            world.run(policy(world.random, 0.2), 5_000);
            hits += world.hits;
            wrong += world.wrong;
        }

        assertThat(hits).as("hits of 10 runs, %s", seeds).isGreaterThan(10 * 500);
        assertThat((double) wrong / hits).as("share of wrong ones, %s", seeds).isLessThanOrEqualTo(TOLERANCE);
    }

    @RepeatedTest(10)
    void servesWithinTheFirstHundredAfterACalibration() {
        World world = new World(Seeds.random("warm start"));
        HitPolicy policy = policy(world.random);

        assertThat(policy.calibrate(world.labelled(1_000))).isTrue();
        world.run(policy, 100);

        assertThat(world.hits).isGreaterThan(15);
    }

    @Test
    void unlearnsACalibrationOfAnotherKindOfText() {
        Seeds seeds = Seeds.named("wrong calibration");
        long hits = 0;
        long wrong = 0;
        for (int run = 0; run < 10; run++) {
            World world = new World(new Random(seeds.random().nextLong()));
            HitPolicy policy = policy(world.random);
            policy.calibrate(world.labelled(1_000));
            world.shift = 2;
            world.run(policy, 3_000);
            hits += world.hits;
            wrong += world.wrong;
        }

        assertThat((double) wrong / hits).as("share of wrong ones, %s", seeds).isLessThan(1.3 * TOLERANCE);
    }

    /** The pairs say that the nearest are wrong and the others right, as pairs that were chosen to mislead do. */
    @Test
    void givesAMisleadingCalibrationUpAfterAFewWrongHits() {
        Seeds seeds = Seeds.named("misleading calibration");
        long first = 0;
        for (int run = 0; run < 10; run++) {
            World world = new World(new Random(seeds.random().nextLong()));
            HitPolicy policy = policy(world.random);
            policy.calibrate(world.labelled(1_000).stream()
                    .map(lookup -> new JudgedLookup(lookup.features(), !lookup.same(), 1))
                    .toList());
            world.shift = 6;
            world.run(policy, 200);
            first += world.wrong;
        }

        // The breaker alone would open after 20 in each run.
        assertThat(first).as("wrong hits of 10 runs, %s", seeds).isLessThan(10 * 6);
    }

    @Test
    void takesNoShareOfRightOnesFromPairsThatAreMostlyRight() {
        Seeds seeds = Seeds.named("mostly right");
        long hits = 0;
        long wrong = 0;
        for (int run = 0; run < 20; run++) {
            World world = new World(new Random(seeds.random().nextLong()));
            HitPolicy policy = policy(world.random);
            List<JudgedLookup> labelled = new ArrayList<>(world.labelled(4_000));
            int[] others = {0};
            labelled.removeIf(lookup -> !lookup.same() && others[0]++ % 20 != 0);
            policy.calibrate(labelled);
            for (int i = 0; i < 100; i++) { // and no verdict
                double[] candidate = world.candidate();
                if (policy.decide(candidate).action() == Action.SERVE) {
                    hits++;
                    wrong += world.right(candidate) ? 0 : 1;
                }
            }
        }

        assertThat(hits).as("hits of 20 runs, %s", seeds).isGreaterThan(20 * 10);
        assertThat((double) wrong / hits).as("share of wrong ones, %s", seeds).isLessThanOrEqualTo(1.2 * TOLERANCE);
    }

    private static double[] nearestOf(World world, int count) {
        double[] nearest = world.candidate();
        for (int i = 1; i < count; i++) {
            double[] other = world.candidate();
            nearest = other[PairContext.COSINE] > nearest[PairContext.COSINE] ? other : nearest;
        }
        return nearest;
    }

    @Test
    void doubtsACalibrationWhenCallsBringOtherCandidatesUntilVerdictsCome() {
        World world = new World(Seeds.random("other candidates"));
        HitPolicy policy = policy(world.random);
        policy.calibrate(world.labelled(1_000));
        assertThat(policy.serves()).isTrue();

        int served = 0;
        for (int i = 0; i < 100; i++) { // the nearest of ten, and no verdict
            served += policy.decide(nearestOf(world, 10)).action() == Action.SERVE ? 1 : 0;
        }
        assertThat(served).isLessThan(50);
        assertThat(policy.serves()).isFalse();

        world.run(policy, 300);
        assertThat(policy.serves()).isTrue();
    }

    @Test
    void goesOnDoubtingACalibrationAfterARestart() {
        World world = new World(Seeds.random("doubt restored"));
        HitPolicy policy = policy(world.random);
        policy.calibrate(world.labelled(1_000));
        for (int i = 0; i < 100; i++) {
            policy.decide(nearestOf(world, 10));
        }
        assertThat(policy.state().doubted()).isTrue();
        HitPolicy restored = policy(world.random);

        restored.restore(policy.state());

        assertThat(restored.serves()).isFalse();
        assertThat(restored.state().doubted()).isTrue();
        assertThat(restored.state().calibration()).hasSize(1_000);
    }

    @Test
    void stopsServingWhenTheJudgeDriftsAndStartsAgainWhenItIsBack() {
        World world = new World(Seeds.random("drift"));
        HitPolicy policy = policy(world.random);
        world.run(policy, 3_000);
        assertThat(policy.serves()).isTrue();
        assertThat(policy.trips()).isZero();

        world.shift = 100;
        world.run(policy, 2_000);
        assertThat(policy.serves()).isFalse();

        world.shift = 0;
        world.run(policy, 6_000);
        assertThat(policy.serves()).isTrue();
    }

    @Test
    void theBreakerOpensWhenAuditsSayThatTheToleranceIsPassed() {
        World world = new World(Seeds.random("breaker"));
        HitPolicy policy = policy(world.random);
        world.run(policy, 3_000);
        double[] sure = world.candidate();
        sure[PairContext.COSINE] = 1;
        sure[1] = 0;
        Decision hit = policy.decide(sure);
        assertThat(hit.action()).isEqualTo(Action.SERVE);

        for (int i = 0; i < 200 && policy.trips() == 0; i++) {
            policy.judged(sure, hit, i % 5 != 0);
        }

        assertThat(policy.trips()).isEqualTo(1);
        assertThat(policy.serves()).isFalse();
        assertThat(policy.decide(sure).action()).isEqualTo(Action.SHADOW);
    }

    /** Each change makes old experience wrong; what is served until audits tell is above the tolerance, by less than half as much. */
    @Test
    void staysNearTheToleranceAlsoWhenTheTextsChangeAllTheTime() {
        Seeds seeds = Seeds.named("changing texts");
        long hits = 0;
        long wrong = 0;
        for (int run = 0; run < 5; run++) {
            World world = new World(new Random(seeds.random().nextLong()));
            HitPolicy policy = policy(world.random);
            for (int change = 0; change < 8; change++) {
                world.shift = change / 2.0;
                world.run(policy, 500);
            }
            hits += world.hits;
            wrong += world.wrong;
        }

        assertThat(hits).as("hits of 5 runs, %s", seeds).isGreaterThan(5 * 200);
        assertThat((double) wrong / hits).as("share of wrong ones, %s", seeds).isLessThan(1.4 * TOLERANCE);
    }

    @Test
    void auditsAShareOfTheHitsForEver() {
        World world = new World(Seeds.random("audits"));
        HitPolicy policy = policy(world.random);
        world.run(policy, 20_000);

        assertThat((double) policy.audited() / world.hits).isBetween(0.08, 0.15);
        assertThat(Objects.requireNonNull(policy.auditedWrongShare()).contains((double) world.wrong / world.hits))
                .isTrue();
    }

    @Test
    void goesOnWithWhatWasLearned() {
        World world = new World(Seeds.random("restore"));
        HitPolicy policy = policy(world.random);
        policy.calibrate(world.labelled(300));
        world.run(policy, 1_000);
        HitPolicy restored = policy(world.random);

        restored.restore(policy.state());

        assertThat(restored.serves()).isTrue();
        assertThat(restored.state().judged()).hasSameSizeAs(policy.state().judged());
    }

    @Test
    void remembersWhatAuditsFound() {
        World world = new World(Seeds.random("restore audits"));
        HitPolicy policy = policy(world.random);
        world.run(policy, 2_000);
        HitPolicy restored = policy(world.random);

        restored.restore(policy.state());

        assertThat(restored.state().audits()).isEqualTo(policy.state().audits());
        assertThat(restored.audited()).isEqualTo(policy.audited()).isPositive();
        assertThat(restored.auditedWrongShare()).isEqualTo(policy.auditedWrongShare());
    }

    @Test
    void neverAsksTheSourceOfChanceFromTwoThreadsAtATime() throws InterruptedException {
        AtomicBoolean inside = new AtomicBoolean();
        AtomicInteger meetings = new AtomicInteger();
        RandomGenerator alone = () -> {
            if (!inside.compareAndSet(false, true)) {
                meetings.incrementAndGet();
                return 0;
            }
            for (int i = 0; i < 50; i++) {
                Thread.onSpinWait();
            }
            inside.set(false);
            return 0;
        };
        HitPolicy policy = new HitPolicy(TOLERANCE, HitPolicy.CONFIDENCE, 0.1, 1, 5_000, 0.8, alone);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            double[] features = new double[PairContext.SIZE];
            features[PairContext.COSINE] = i % 2 == 0 ? 0.9 : 0.7; // one kind is served and one explored
            threads.add(new Thread(() -> {
                for (int n = 0; n < 10_000; n++) {
                    policy.decide(features);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(meetings).hasValue(0);
    }

    @Test
    void servesFromAFixedCosineUntilTheAuditsSayNo() {
        World world = new World(Seeds.random("fixed"));
        HitPolicy policy = new HitPolicy(TOLERANCE, 0.8, 0.1, 1, 5_000, 0.8, world.random);
        double[] near = world.candidate();
        near[PairContext.COSINE] = 0.81;

        Decision first = policy.decide(near);
        assertThat(first.action()).isEqualTo(Action.SERVE);
        for (int i = 0; i < 30; i++) {
            policy.judged(near, first, i % 2 == 0);
        }

        assertThat(policy.serves()).isFalse();
        assertThat(policy.decide(near).action()).isEqualTo(Action.SHADOW);

        for (int i = 0; i < 200; i++) {
            policy.judged(near, policy.decide(near), true);
        }
        assertThat(policy.serves()).isTrue();
    }
}
