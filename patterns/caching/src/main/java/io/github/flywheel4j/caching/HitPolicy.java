package io.github.flywheel4j.caching;

import io.github.flywheel4j.stats.Interval;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides which candidates are served: those whose score is so high that, among the judged lookups of such scores, the share
 * of wrong ones is below the tolerance, after what the audits of earlier hits say of the model. Knows numbers alone, no texts
 * and no time.
 *
 * <p>Stateful and thread-safe. Learning is done by the thread that brings a verdict.
 */
final class HitPolicy {

    /** What to do with a candidate. */
    enum Action {
        /** Too unlikely to be looked at further. */
        PASS,
        /** Ask the model; nothing is served at all at present. */
        SHADOW,
        /** Ask the model; this one is not sure enough. */
        EXPLORE,
        SERVE
    }

    /**
     * What to do, and what is needed to learn from it.
     *
     * @param probability of being right, as the model has it
     * @param expectedWrong the share of wrong ones that was expected of such hits when the threshold was set
     * @param judge whether a verdict is wanted
     * @param weight one over the probability with which one was wanted
     */
    record Decision(Action action, double probability, double expectedWrong, boolean judge, double weight) {}

    /**
     * How sure it must be, unless told, that no more hits are wrong than expected times the factor that audits found. At .8 the
     * mean over seeds passed the tolerance on some files.
     */
    static final double CONFIDENCE = 0.95;

    static final int FEWEST_JUDGED = 40;

    /** Below this share of right answers a verdict teaches little. */
    private static final double HOPELESS = 0.02;

    private static final int MOST_BETWEEN_FITS = 100;

    /** How many of the newest verdicts are kept when the breaker opens: what came before belongs to another time. */
    private static final int KEPT_ON_TRIP = 100;

    private final double tolerance;
    private final double confidence;
    private final double auditShare;
    private final double exploreShare;
    private final int memory;
    private final RandomGenerator random;

    /** The cosine from which on everything is served, whatever was learned; NaN when what was learned decides. */
    private final double fixedCosine;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<JudgedLookup> judged = new ArrayDeque<>();
    private int sinceFit;

    private final Audits audits = new Audits();
    private long same;
    private long verdicts;
    private long trips;
    private volatile @Nullable CalibratedStart calibrated;
    private volatile @Nullable Learned learned;

    /** Whether the breaker is open; of use with a fixed cosine alone, else what was learned is gone while it is. */
    private volatile boolean open;

    private double shadowTrials;
    private double shadowWrong;

    private record Learned(HitModel model, ErrorBound.Threshold threshold) {}

    HitPolicy(
            double tolerance,
            double confidence,
            double auditShare,
            double exploreShare,
            int memory,
            double fixedCosine,
            RandomGenerator random) {
        this.tolerance = tolerance;
        this.confidence = confidence;
        this.auditShare = auditShare;
        this.exploreShare = exploreShare;
        this.memory = memory;
        this.fixedCosine = fixedCosine;
        this.random = random;
    }

    /** The share of right ones among those judged so far, drawn to a half while there are few. */
    double baseRate() {
        lock.lock();
        try {
            return (same + 1.0) / (verdicts + 2.0);
        } finally {
            lock.unlock();
        }
    }

    Decision decide(double[] features) {
        watch(features);
        Learned now = learned;
        double probability = now == null ? baseRate() : now.model.probability(features);
        double expectedWrong = now == null ? tolerance : now.threshold.expected();
        boolean serve = serves(now, features);
        double share;
        boolean judge;
        lock.lock(); // also around the source of chance: a user's need not be thread-safe
        try {
            share = serve
                    ? audits.served(auditShare, tolerance)
                    : probability < HOPELESS ? exploreShare / 10 : exploreShare;
            judge = random.nextDouble() < share;
        } finally {
            lock.unlock();
        }
        Action instead = serves() ? (judge ? Action.EXPLORE : Action.PASS) : Action.SHADOW;
        return new Decision(
                serve ? Action.SERVE : instead, probability, expectedWrong, judge, share == 0 ? 1 : 1 / share);
    }

    /** While calls brought few verdicts, what they look like is all that tells whether a calibration is of their kind. */
    private void watch(double[] features) {
        if (calibrated == null) {
            return;
        }
        lock.lock();
        try {
            CalibratedStart start = calibrated;
            if (start != null && !start.doubted() && judged.size() < FEWEST_JUDGED) {
                start.saw(features);
                if (start.doubted()) {
                    learned = null;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean serves(@Nullable Learned now, double[] features) {
        if (!Double.isNaN(fixedCosine)) {
            return !open && features[PairContext.COSINE] >= fixedCosine;
        }
        return now != null && now.model.score(features) >= now.threshold.score();
    }

    /** Learns from a verdict on a candidate that was decided on. */
    void judged(double[] features, Decision decision, boolean right) {
        lock.lock();
        try {
            if (decision.action() == Action.SERVE) {
                audits.add(decision.expectedWrong(), right);
                if (!right) {
                    sinceFit = MOST_BETWEEN_FITS; // a wrong hit may have company: no other before the threshold is new
                }
            }
            remember(new JudgedLookup(features, right, decision.weight()));
            if (open && features[PairContext.COSINE] >= fixedCosine) {
                shadowTrials++;
                shadowWrong += right ? 0 : 1;
                open = !ErrorBound.holds(shadowTrials, shadowWrong, tolerance, confidence);
            }
            if (audits.sayPassed(tolerance)) {
                trip();
            } else if (++sinceFit >= Math.max(10, Math.min(MOST_BETWEEN_FITS, judged.size() / 20))
                    && judged.size() >= fewest(right)) {
                fit();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A calibration that let a wrong one pass is not waited for: it already is something to learn from. */
    private int fewest(boolean right) {
        CalibratedStart start = calibrated;
        if (start == null) {
            return FEWEST_JUDGED;
        }
        return right || start.doubted() ? start.fewest() : 1;
    }

    /**
     * Learns from labelled lookups that no stream of calls brought: see {@link CalibratedStart}. Replaces what an earlier
     * calibration left.
     *
     * @return whether they were enough to fit a model
     */
    boolean calibrate(List<JudgedLookup> lookups) {
        CalibratedStart start = CalibratedStart.of(lookups).orElse(null);
        if (start == null) {
            return false;
        }
        lock.lock();
        try {
            begin(start);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void begin(CalibratedStart start) {
        calibrated = start;
        if (judged.size() >= start.fewest()) {
            fit();
        } else {
            learned = start.doubted() ? null : learned(start.model(), start.evidence());
        }
    }

    private void remember(JudgedLookup lookup) {
        judged.addLast(lookup);
        verdicts++;
        same += lookup.same() ? 1 : 0;
        while (judged.size() > memory) {
            judged.removeFirst();
        }
    }

    private void trip() {
        trips++;
        audits.forgetRecent();
        while (judged.size() > KEPT_ON_TRIP) {
            judged.removeFirst();
        }
        learned = null;
        sinceFit = 0;
        open = !Double.isNaN(fixedCosine);
        shadowTrials = 0;
        shadowWrong = 0;
    }

    private void fit() {
        sinceFit = 0;
        List<JudgedLookup> lookups = new ArrayList<>(judged);
        CalibratedStart start = calibrated;
        Optional<HitModel> fitted = start == null ? HitModel.fit(lookups) : start.model(lookups);
        List<JudgedLookup> evidence = start == null ? lookups : start.evidence(lookups);
        fitted.ifPresent(model -> learned = learned(model, evidence));
    }

    private Learned learned(HitModel model, List<JudgedLookup> lookups) {
        double[] scores = lookups.stream().mapToDouble(model::scoreWithout).toArray();
        return new Learned(model, ErrorBound.threshold(lookups, scores, tolerance, audits.factor(confidence)));
    }

    /** Whether anything can be served at present. */
    boolean serves() {
        Learned now = learned;
        return Double.isNaN(fixedCosine) ? now != null && now.threshold.score() < Double.POSITIVE_INFINITY : !open;
    }

    /** The share of wrong ones among the audited hits, with its Clopper-Pearson interval; null before the first audit. */
    @Nullable
    Interval auditedWrongShare() {
        lock.lock();
        try {
            return audits.wrongShare();
        } finally {
            lock.unlock();
        }
    }

    /** How often the breaker opened. */
    long trips() {
        lock.lock();
        try {
            return trips;
        } finally {
            lock.unlock();
        }
    }

    long audited() {
        lock.lock();
        try {
            return audits.count();
        } finally {
            lock.unlock();
        }
    }

    long verdicts() {
        lock.lock();
        try {
            return verdicts;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What was learned.
     *
     * @param calibration labelled lookups
     * @param doubted whether calls brought other candidates than these
     * @param judged verdicts
     * @param audits what audits found
     */
    record State(List<JudgedLookup> calibration, boolean doubted, List<JudgedLookup> judged, Audits.State audits) {}

    State state() {
        lock.lock();
        try {
            CalibratedStart start = calibrated;
            return new State(
                    start == null ? List.of() : start.given(),
                    start != null && start.doubted(),
                    List.copyOf(judged),
                    audits.state());
        } finally {
            lock.unlock();
        }
    }

    void restore(State state) {
        lock.lock();
        try {
            audits.restore(state.audits);
            state.judged.forEach(this::remember);
            CalibratedStart start = CalibratedStart.of(state.calibration).orElse(null);
            if (start != null) {
                start.restore(state.doubted);
                begin(start);
            } else if (judged.size() >= FEWEST_JUDGED) {
                fit();
            }
        } finally {
            lock.unlock();
        }
    }
}
