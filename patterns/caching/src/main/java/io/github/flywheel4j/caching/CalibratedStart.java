package io.github.flywheel4j.caching;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What labelled pairs taught, and how far calls are judged by it: alone before the first verdicts of calls, as a part of what is
 * learned from while there are few, and not at all when there are enough.
 *
 * <p>Three things are not taken from the pairs, because another kind of text is where they err.
 * <ul>
 *   <li><b>Their share of right ones.</b> Whoever collects pairs chooses it; as in a case-control study it tells nothing of the
 *       share among calls, the slopes do (R. L. Prentice and R. Pyke, Biometrika 66 (1979)). Where it is above a half, right
 *       pairs count less, so that it is a half.
 *   <li><b>Their weight.</b> Together they count as 100 verdicts of calls at most, however many they are: the power prior of
 *       J. G. Ibrahim and M.-H. Chen, "Power prior distributions for regression models", Statistical Science 15 (2000).
 *   <li><b>Their likeness to calls.</b> When {@link LikenessWatch} says that calls bring other candidates, nothing is served until
 *       verdicts of calls say what may be.
 * </ul>
 *
 * <p>Stateful; guarded by the lock of {@link HitPolicy}.
 */
final class CalibratedStart {

    private static final double WORTH = 100;

    /** As many verdicts of calls say where the threshold is, as without a calibration; the pairs go on teaching the model. */
    private static final int ENOUGH_FOR_THE_THRESHOLD = HitPolicy.FEWEST_JUDGED;

    /** From so many verdicts of calls on these alone are learned from. */
    private static final int ENOUGH = 400;

    private static final int FEWEST_JUDGED = 10;

    private final List<JudgedLookup> given;
    private final List<JudgedLookup> balanced;
    private final List<JudgedLookup> discounted;
    private final HitModel model;
    private final LikenessWatch watch;

    private CalibratedStart(List<JudgedLookup> given, List<JudgedLookup> balanced, HitModel model) {
        this.given = List.copyOf(given);
        this.balanced = balanced;
        this.model = model;
        double share = Math.min(1, WORTH / given.size());
        this.discounted =
                balanced.stream().map(lookup -> lookup.countedAs(share)).toList();
        this.watch = new LikenessWatch(
                balanced.stream().mapToDouble(model::scoreWithout).toArray(),
                balanced.stream()
                        .mapToDouble(lookup -> lookup.feature(PairContext.COSINE))
                        .toArray());
    }

    /** Empty where they are too few or too much alike to teach a model. */
    static Optional<CalibratedStart> of(List<JudgedLookup> given) {
        long same = given.stream().filter(JudgedLookup::same).count();
        double share = Math.min(1, (double) (given.size() - same) / Math.max(1, same));
        List<JudgedLookup> balanced = given.stream()
                .map(lookup -> lookup.same() ? lookup.countedAs(share) : lookup)
                .toList();
        return HitModel.fit(balanced).map(model -> new CalibratedStart(given, balanced, model));
    }

    /** The lookups as they were given. */
    List<JudgedLookup> given() {
        return given;
    }

    /** What they taught by themselves. */
    HitModel model() {
        return model;
    }

    /** What {@link #model} was learned from. */
    List<JudgedLookup> evidence() {
        return balanced;
    }

    /** Takes in the candidate of a call that nobody judged yet. */
    void saw(double[] features) {
        watch.saw(model.score(features), features[PairContext.COSINE]);
    }

    /** Whether calls bring other candidates than the pairs were. */
    boolean doubted() {
        return watch.alarmed();
    }

    void restore(boolean doubted) {
        watch.restore(doubted);
    }

    /** How many verdicts of calls it takes to learn from them. */
    int fewest() {
        return doubted() ? ENOUGH_FOR_THE_THRESHOLD : FEWEST_JUDGED;
    }

    /** The model after verdicts of calls; empty where none can be learned. */
    Optional<HitModel> model(List<JudgedLookup> judged) {
        return judged.size() >= ENOUGH ? HitModel.fit(judged) : model.refit(with(judged));
    }

    /** By what a threshold is chosen after verdicts of calls. */
    List<JudgedLookup> evidence(List<JudgedLookup> judged) {
        return judged.size() >= ENOUGH_FOR_THE_THRESHOLD ? judged : with(judged);
    }

    private List<JudgedLookup> with(List<JudgedLookup> judged) {
        List<JudgedLookup> all = new ArrayList<>(judged);
        all.addAll(discounted);
        return all;
    }
}
