package io.github.flywheel4j.stats;

import java.util.HashMap;
import java.util.Map;

/** Cases by cluster, in order of first appearance, so that equal input gives equal draws. */
final class Clusters {

    private Clusters() {}

    /**
     * The indices of the cases of each cluster.
     *
     * @throws IllegalArgumentException if there are less than two clusters
     */
    static int[][] members(int[] clusters) {
        Map<Integer, Integer> numbers = new HashMap<>();
        int[] number = new int[clusters.length];
        for (int i = 0; i < clusters.length; i++) {
            Integer known = numbers.putIfAbsent(clusters[i], numbers.size());
            number[i] = known == null ? numbers.size() - 1 : known;
        }
        if (numbers.size() < 2) {
            throw new IllegalArgumentException("clusters: " + numbers.size()
                    + " different (expected: at least 2; one cluster says nothing about others)");
        }
        int[] sizes = new int[numbers.size()];
        for (int cluster : number) {
            sizes[cluster]++;
        }
        int[][] members = new int[sizes.length][];
        for (int cluster = 0; cluster < sizes.length; cluster++) {
            members[cluster] = new int[sizes[cluster]];
        }
        int[] filled = new int[sizes.length];
        for (int i = 0; i < number.length; i++) {
            members[number[i]][filled[number[i]]++] = i;
        }
        return members;
    }

    /** The sum of the values of each cluster. */
    static double[] sums(double[] values, int[] clusters) {
        int[][] members = members(clusters);
        double[] sums = new double[members.length];
        for (int cluster = 0; cluster < members.length; cluster++) {
            for (int index : members[cluster]) {
                sums[cluster] += values[index];
            }
        }
        return sums;
    }
}
