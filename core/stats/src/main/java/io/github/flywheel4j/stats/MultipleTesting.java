package io.github.flywheel4j.stats;

import java.util.Arrays;
import java.util.Comparator;

/**
 * P-values corrected for being several: of ten metrics without any difference, one in two runs has a p-value below 0.07.
 * Pure functions, safe from any thread; inputs are never changed.
 */
public final class MultipleTesting {

    private MultipleTesting() {}

    /**
     * Holm's adjusted p-values, in the order of the input: at the level 0.05 the chance of one or more false alarms is at
     * most 5 %, however the tests depend on each other. For gates.
     *
     * <p>Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6
     * (1979).
     *
     * @param pValues from 0 to 1; none gives none
     * @throws IllegalArgumentException if one is not within 0 and 1
     */
    public static double[] holm(double... pValues) {
        Integer[] order = ascending(pValues);
        double[] adjusted = new double[pValues.length];
        double least = 0;
        for (int i = 0; i < order.length; i++) {
            least = Math.max(least, Math.min(1, (order.length - i) * pValues[order[i]]));
            adjusted[order[i]] = least;
        }
        return adjusted;
    }

    /**
     * Benjamini and Hochberg's adjusted p-values, in the order of the input: of what is below 0.05, at most 5 % on average
     * are false alarms, if the tests are independent or positively dependent. For looking through many slices, not for
     * gates.
     *
     * <p>Source: Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical
     * Society B 57 (1995), section 3.
     *
     * @param pValues from 0 to 1; none gives none
     * @throws IllegalArgumentException if one is not within 0 and 1
     */
    public static double[] benjaminiHochberg(double... pValues) {
        Integer[] order = ascending(pValues);
        double[] adjusted = new double[pValues.length];
        double most = 1;
        for (int i = order.length - 1; i >= 0; i--) {
            most = Math.min(most, order.length * pValues[order[i]] / (i + 1));
            adjusted[order[i]] = most;
        }
        return adjusted;
    }

    private static Integer[] ascending(double[] pValues) {
        Integer[] order = new Integer[pValues.length];
        for (int i = 0; i < order.length; i++) {
            Checks.share("pValues[" + i + "]", pValues[i]);
            order[i] = i;
        }
        Arrays.sort(order, Comparator.comparingDouble(i -> pValues[i]));
        return order;
    }
}
