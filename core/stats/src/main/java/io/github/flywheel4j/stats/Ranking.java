package io.github.flywheel4j.stats;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How good a ranking of sources is, on the scale 0 to 1, as pure functions of the ranking and of the grades that people gave
 * the sources. Relevant is what has a grade above 0; sources without a grade are not. A source that stands in a ranking twice
 * counts where it stands first.
 *
 * <p>The mean of {@link #averagePrecision} over queries is MAP, that of {@link #reciprocalRank} is MRR. Definitions as in
 * NIST's trec_eval: C. Buckley and E. M. Voorhees, "Retrieval System Evaluation", in TREC: Experiment and Evaluation in
 * Information Retrieval, MIT Press 2005; nDCG by K. Järvelin and J. Kekäläinen, "Cumulated Gain-based Evaluation of IR
 * Techniques", ACM Transactions on Information Systems 20 (2002), with the grade as gain and the logarithm of the rank plus 1
 * to base 2 as discount from the first rank on.
 */
public final class Ranking {

    private Ranking() {}

    /**
     * The share of all relevant sources that stand among the first k.
     *
     * @throws IllegalArgumentException if k is less than 1 or nothing is relevant
     */
    public static <T> double recallAt(int k, List<T> ranked, Map<T, Double> grades) {
        return (double) hits(k, ranked, grades) / relevant(grades);
    }

    /**
     * The share of the first k that is relevant. Places that a shorter ranking leaves empty count as not relevant.
     *
     * @throws IllegalArgumentException if k is less than 1 or nothing is relevant
     */
    public static <T> double precisionAt(int k, List<T> ranked, Map<T, Double> grades) {
        relevant(grades);
        return (double) hits(k, ranked, grades) / k;
    }

    /**
     * 1 over the rank of the first relevant source; 0 if there is none.
     *
     * @throws IllegalArgumentException if nothing is relevant
     */
    public static <T> double reciprocalRank(List<T> ranked, Map<T, Double> grades) {
        relevant(grades);
        for (int i = 0; i < ranked.size(); i++) {
            if (isRelevant(ranked.get(i), grades)) {
                return 1.0 / (i + 1);
            }
        }
        return 0;
    }

    /**
     * The mean, over all relevant sources, of the precision at their ranks; 0 for those that were not found.
     *
     * @throws IllegalArgumentException if nothing is relevant
     */
    public static <T> double averagePrecision(List<T> ranked, Map<T, Double> grades) {
        double sum = 0;
        int found = 0;
        Set<T> seen = new HashSet<>();
        for (int i = 0; i < ranked.size(); i++) {
            if (seen.add(ranked.get(i)) && isRelevant(ranked.get(i), grades)) {
                found++;
                sum += (double) found / (i + 1);
            }
        }
        return sum / relevant(grades);
    }

    /**
     * The discounted sum of the grades of the first k, over that of the best possible ranking.
     *
     * @throws IllegalArgumentException if k is less than 1 or nothing is relevant
     */
    public static <T> double ndcgAt(int k, List<T> ranked, Map<T, Double> grades) {
        Checks.atLeast("k", k, 1);
        relevant(grades);
        double gain = 0;
        Set<T> seen = new HashSet<>();
        for (int i = 0; i < Math.min(k, ranked.size()); i++) {
            if (seen.add(ranked.get(i))) {
                gain += Math.max(0, grades.getOrDefault(ranked.get(i), 0.0)) / discount(i);
            }
        }
        double best = 0;
        double[] sorted = descending(grades.values());
        for (int i = 0; i < Math.min(k, sorted.length); i++) {
            best += sorted[i] / discount(i);
        }
        return gain / best;
    }

    private static double discount(int index) {
        return Math.log(index + 2.0) / Math.log(2);
    }

    private static double[] descending(Collection<Double> grades) {
        return grades.stream()
                .filter(grade -> grade > 0)
                .mapToDouble(grade -> -grade)
                .sorted()
                .map(grade -> -grade)
                .toArray();
    }

    private static <T> int hits(int k, List<T> ranked, Map<T, Double> grades) {
        Checks.atLeast("k", k, 1);
        Set<T> first = new HashSet<>(ranked.subList(0, Math.min(k, ranked.size())));
        return (int) first.stream().filter(each -> isRelevant(each, grades)).count();
    }

    private static <T> boolean isRelevant(T source, Map<T, Double> grades) {
        return grades.getOrDefault(source, 0.0) > 0;
    }

    private static long relevant(Map<?, Double> grades) {
        long relevant = grades.values().stream().filter(grade -> grade > 0).count();
        if (relevant == 0) {
            throw new IllegalArgumentException(
                    "grades: nothing relevant (expected: a grade above 0; leave out queries that nothing answers)");
        }
        return relevant;
    }
}
