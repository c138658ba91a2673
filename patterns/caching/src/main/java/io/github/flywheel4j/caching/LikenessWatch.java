package io.github.flywheel4j.caching;

import java.util.Arrays;

/**
 * Watches whether the candidates that calls bring are more alike, or seem surer, than those of a calibration: then what the
 * calibration says of its top says nothing of theirs. Needs no verdict.
 *
 * <p>If both were of one kind, the rank of a new number among the calibration's would be uniform. A bet of the form e p^(e - 1) on
 * the share p of numbers that are at least as high wins where new ones are higher than that; bets that begin at each lookup anew
 * and are added up (the procedure of Shiryaev and Roberts) also see a change after a calm time, as when a cache was filled first.
 * The sum is averaged over e and over two numbers, the cosine and the score. Without any change it passes 10,000 after that many
 * lookups on average, or later. Source: D. Volkhonskiy, E. Burnaev, I. Nouretdinov, A. Gammerman and V. Vovk, "Inductive
 * conformal martingales for change-point detection", COPA (2017), sections 3 and 4; mixture of bets from V. Vovk,
 * I. Nouretdinov and A. Gammerman, "Testing exchangeability on-line", ICML (2003).
 *
 * <p>Higher alone is looked for: candidates that are less alike than the calibration's are hardly served.
 *
 * <p>Stateful; guarded by the lock of {@link HitPolicy}.
 */
final class LikenessWatch {

    /** Lookups without a false alarm, on average. Verdicts take over long before, so that one costs little. */
    private static final double ALARM = 10_000;

    private static final int BETS = 20;

    private final Series scores;
    private final Series cosines;
    private boolean alarmed;

    /**
     * Creates it.
     *
     * @param scores of the calibration's lookups
     * @param cosines of the same
     */
    LikenessWatch(double[] scores, double[] cosines) {
        this.scores = new Series(scores);
        this.cosines = new Series(cosines);
    }

    /** Takes in the candidate of a lookup. */
    void saw(double score, double cosine) {
        double won = (scores.won(score) + cosines.won(cosine)) / 2;
        alarmed |= won > ALARM;
    }

    /** Whether calls bring other candidates than the calibration had; once so, it stays. */
    boolean alarmed() {
        return alarmed;
    }

    /** Goes on from an earlier one's alarm. */
    void restore(boolean alarmed) {
        this.alarmed |= alarmed;
    }

    private static final class Series {
        private final double[] sorted;
        private final double[] bets = new double[BETS];

        Series(double[] values) {
            sorted = values.clone();
            Arrays.sort(sorted);
        }

        double won(double value) {
            double p = (atLeast(value) + 0.5) / (sorted.length + 1);
            double sum = 0;
            for (int i = 0; i < BETS; i++) {
                double e = (i + 0.5) / BETS;
                bets[i] = (1 + bets[i]) * e * Math.pow(p, e - 1);
                sum += bets[i];
            }
            return sum / BETS;
        }

        private int atLeast(double value) {
            int low = 0;
            int high = sorted.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (sorted[middle] < value) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return sorted.length - low;
        }
    }
}
