package io.github.flywheel4j.benchmarks.evals;

import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.evals.PairSummary;
import io.github.flywheel4j.evals.PairVerdict;
import io.github.flywheel4j.evals.Preference;
import io.github.flywheel4j.stats.Agreement;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.JudgeCorrection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one judge did on some pairs. Rates are NaN where there is nothing to divide by.
 *
 * @param pairs all pairs
 * @param accuracy the share of the readable pairs on which the judge, a tie where its orders disagree, says what people say
 * @param accuracyOfOrders the mean share of right verdicts, each order by itself
 * @param flipRate the share of the pairs with two readable verdicts on which they differ
 * @param kappa agreement with people beyond chance; empty where it is undefined
 * @param ties pairs that end in a tie
 * @param unparsable pairs with a verdict that cannot be read
 * @param humanRate how often a wins outright by people, on the judged half
 * @param judgeRate the same by the judge
 * @param corrected the same by the judge, corrected by its errors on the labelled half; null if nothing can be corrected
 * @param predictionPowered the same of all pairs, by labels of the one half and verdicts on both; null if there are too few
 * @param summary wins, ties and length-matched win rate; null if there are too few
 */
record ReplayFigures(
        int pairs,
        double accuracy,
        double accuracyOfOrders,
        double flipRate,
        Optional<Interval> kappa,
        int ties,
        int unparsable,
        double humanRate,
        double judgeRate,
        @Nullable Interval corrected,
        @Nullable Interval predictionPowered,
        @Nullable PairSummary summary) {

    private static final double LEVEL = 0.95;

    static ReplayFigures of(List<JudgedPair> pairs) {
        List<JudgedPair> readable =
                pairs.stream().filter(pair -> !pair.verdict().isUnreadable()).toList();
        int right = 0;
        int ties = 0;
        int flips = 0;
        int both = 0;
        int orders = 0;
        int rightOrders = 0;
        for (JudgedPair pair : pairs) {
            PairVerdict verdict = pair.verdict();
            both += verdict.forward() != null && verdict.reverse() != null ? 1 : 0;
            flips += verdict.isFlip() ? 1 : 0;
            orders += (verdict.forward() == null ? 0 : 1) + (verdict.reverse() == null ? 0 : 1);
            rightOrders += (verdict.forward() == pair.human() ? 1 : 0) + (verdict.reverse() == pair.human() ? 1 : 0);
            right += verdict.outcome() == pair.human() ? 1 : 0;
            ties += verdict.outcome() == Preference.TIE ? 1 : 0;
        }
        List<JudgedPair> labelled = new ArrayList<>();
        List<JudgedPair> judged = new ArrayList<>();
        for (JudgedPair pair : readable) {
            // By the case's name, so that the halves do not depend on the order of the file.
            (Math.floorMod(pair.id().hashCode() * 0x9E3779B9, 65_536) < 32_768 ? labelled : judged).add(pair);
        }
        return new ReplayFigures(
                pairs.size(),
                share(right, readable.size()),
                share(rightOrders, orders),
                share(flips, both),
                kappa(readable),
                ties,
                pairs.size() - readable.size(),
                share(count(judged, true, false), judged.size()),
                share(count(judged, false, true), judged.size()),
                corrected(labelled, judged),
                predictionPowered(labelled, judged),
                summary(readable));
    }

    private static double share(int part, int whole) {
        return whole == 0 ? Double.NaN : (double) part / whole;
    }

    /** Pairs that a wins by people, by the judge, or by both, as asked for. */
    private static int count(List<JudgedPair> pairs, boolean byHuman, boolean byJudge) {
        return (int) pairs.stream()
                .filter(pair -> (!byHuman || wins(pair.human()))
                        && (!byJudge || wins(pair.verdict().outcome())))
                .count();
    }

    private static boolean wins(@Nullable Preference preference) {
        return preference == Preference.A;
    }

    private static Optional<Interval> kappa(List<JudgedPair> readable) {
        if (readable.isEmpty()) {
            return Optional.empty();
        }
        int[] judge = readable.stream()
                .mapToInt(pair -> number(pair.verdict().outcome()))
                .toArray();
        int[] human = readable.stream().mapToInt(pair -> number(pair.human())).toArray();
        return Agreement.cohenKappa(human, judge, Agreement.Weights.UNWEIGHTED, LEVEL);
    }

    private static int number(@Nullable Preference preference) {
        return preference == Preference.A ? 0 : preference == Preference.B ? 1 : 2;
    }

    private static @Nullable Interval corrected(List<JudgedPair> labelled, List<JudgedPair> judged) {
        int positives = count(labelled, true, false);
        int negatives = labelled.size() - positives;
        int truePositives = count(labelled, true, true);
        int trueNegatives = negatives - (count(labelled, false, true) - truePositives);
        if (positives == 0
                || negatives == 0
                || judged.isEmpty()
                || (double) truePositives / positives + (double) trueNegatives / negatives <= 1) {
            return null;
        }
        return JudgeCorrection.roganGladen(
                count(judged, false, true),
                judged.size(),
                new JudgeCorrection.Calibration(truePositives, positives, trueNegatives, negatives),
                LEVEL);
    }

    private static @Nullable Interval predictionPowered(List<JudgedPair> labelled, List<JudgedPair> judged) {
        if (labelled.size() < 2 || judged.size() < 2) {
            return null;
        }
        return JudgeCorrection.predictionPowered(
                labelled.stream()
                        .mapToDouble(pair -> wins(pair.human()) ? 1 : 0)
                        .toArray(),
                labelled.stream()
                        .mapToDouble(pair -> wins(pair.verdict().outcome()) ? 1 : 0)
                        .toArray(),
                judged.stream()
                        .mapToDouble(pair -> wins(pair.verdict().outcome()) ? 1 : 0)
                        .toArray(),
                LEVEL);
    }

    private static @Nullable PairSummary summary(List<JudgedPair> readable) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        int[] clusters = readable.stream()
                .mapToInt(pair -> numbers.computeIfAbsent(pair.cluster(), cluster -> numbers.size()))
                .toArray();
        return numbers.size() < 2
                ? null
                : PairSummary.of(readable.stream().map(JudgedPair::verdict).toList(), clusters);
    }

    Figures toFigures() {
        Figures figures = new Figures().put("pairs", pairs);
        put(figures, "accuracy", accuracy);
        put(figures, "flip_rate", flipRate);
        kappa.ifPresent(interval -> {
            figures.put("kappa", interval.estimate());
            figures.putInterval("kappa_interval", interval.low(), interval.high());
        });
        figures.put("ties", ties).put("unparsable", unparsable);
        put(figures, "accuracy_single_order", accuracyOfOrders);
        put(figures, "human_win_rate", humanRate);
        put(figures, "judge_win_rate", judgeRate);
        if (corrected != null) {
            figures.put("corrected_win_rate", corrected.estimate());
            figures.putInterval("corrected_win_rate_interval", corrected.low(), corrected.high());
        }
        if (predictionPowered != null) {
            figures.put("prediction_powered_win_rate", predictionPowered.estimate());
            figures.putInterval(
                    "prediction_powered_win_rate_interval", predictionPowered.low(), predictionPowered.high());
        }
        if (summary != null) {
            figures.put("win_rate_ties_half", summary.winRate().estimate());
            figures.putInterval(
                    "win_rate_ties_half_interval",
                    summary.winRate().low(),
                    summary.winRate().high());
            summary.lengthMatched().ifPresent(rate -> figures.put("win_rate_length_matched", rate));
        }
        return figures;
    }

    private static void put(Figures figures, String key, double value) {
        if (!Double.isNaN(value)) {
            figures.put(key, value);
        }
    }
}
