package io.github.flywheel4j.feedback;

import io.github.flywheel4j.stats.Agreement;
import io.github.flywheel4j.stats.Bootstrap;
import io.github.flywheel4j.stats.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How far the people who rate the same answers agree beyond chance: the ceiling of what can be learned from them.
 *
 * @param answers with at least two ratings
 * @param raters who gave them, by name
 * @param alpha Krippendorff's alpha of all ratings, ordinal, with a bootstrap interval over answers; null if it is not
 *     defined, because nobody rated the same answer as another or all ratings are the same
 * @param weightedKappa Cohen's kappa, quadratic weights, of the two raters with the most answers in common; null if it is not
 *     defined
 */
public record RaterAgreement(
        long answers,
        int raters,
        @Nullable Interval alpha,
        @Nullable Interval weightedKappa) {

    private static final int RESAMPLES = 1_000;

    /**
     * What a rater said of an answer.
     *
     * @param rater who; never shown
     * @param grade the place on an ordered scale; steps are of like size for kappa's weights
     */
    public record Grade(String rater, int grade) {

        /** Leaves out who. */
        @Override
        public String toString() {
            return "Grade(" + grade + ")";
        }
    }

    /**
     * The agreement of grades.
     *
     * @param answers for each answer its grades, one per rater
     * @param level of the intervals, for example 0.95
     * @param random of the bootstrap: an equal one gives equal intervals
     */
    public static RaterAgreement of(List<? extends Collection<Grade>> answers, double level, RandomGenerator random) {
        List<Collection<Grade>> shared = new ArrayList<>();
        for (Collection<Grade> answer : answers) {
            if (answer.size() > 1) {
                shared.add(answer);
            }
        }
        TreeSet<String> raters = new TreeSet<>();
        shared.forEach(answer -> answer.forEach(grade -> raters.add(grade.rater())));
        return new RaterAgreement(
                shared.size(), raters.size(), alpha(shared, level, random), kappa(shared, raters, level));
    }

    private static @Nullable Interval alpha(List<Collection<Grade>> answers, double level, RandomGenerator random) {
        double[][] grades = new double[answers.size()][];
        Arrays.setAll(
                grades, i -> answers.get(i).stream().mapToDouble(Grade::grade).toArray());
        if (grades.length < 2
                || Agreement.krippendorffAlpha(grades, Agreement.Scale.ORDINAL).isEmpty()) {
            return null;
        }
        return Bootstrap.of(RESAMPLES, random)
                .percentile(
                        grades.length,
                        indices -> Agreement.krippendorffAlpha(
                                        Arrays.stream(indices)
                                                .mapToObj(i -> grades[i])
                                                .toArray(double[][]::new),
                                        Agreement.Scale.ORDINAL)
                                .orElse(1),
                        level);
    }

    /** Of the pair of raters with the most answers in common; the first by name where several have as many. */
    private static @Nullable Interval kappa(List<Collection<Grade>> answers, TreeSet<String> raters, double level) {
        Map<String, Map<String, List<int[]>>> pairs = new TreeMap<>();
        for (Collection<Grade> answer : answers) {
            List<Grade> sorted =
                    answer.stream().sorted(Comparator.comparing(Grade::rater)).toList();
            for (int i = 0; i < sorted.size(); i++) {
                for (int j = i + 1; j < sorted.size(); j++) {
                    pairs.computeIfAbsent(sorted.get(i).rater(), rater -> new TreeMap<>())
                            .computeIfAbsent(sorted.get(j).rater(), rater -> new ArrayList<>())
                            .add(new int[] {sorted.get(i).grade(), sorted.get(j).grade()});
                }
            }
        }
        List<int[]> most = List.of();
        for (Map<String, List<int[]>> ofOne : pairs.values()) {
            for (List<int[]> both : ofOne.values()) {
                most = both.size() > most.size() ? both : most;
            }
        }
        if (raters.size() < 2 || most.isEmpty()) {
            return null;
        }
        return Agreement.cohenKappa(
                        most.stream().mapToInt(both -> both[0]).toArray(),
                        most.stream().mapToInt(both -> both[1]).toArray(),
                        Agreement.Weights.QUADRATIC,
                        level)
                .orElse(null);
    }
}
