package io.github.flywheel4j.stats;

/**
 * What several tries at one case say: the chance that one of k passes, that all of k pass, and that two disagree. Pure
 * functions, safe from any thread.
 *
 * <p>Each is unbiased: the share of all ways to choose k (or two) of the n tries that were made. Taking k tries and looking
 * whether one passed has the same mean and more noise; {@code 1 - (1 - passed / n)^k} is too high.
 */
public final class RepeatedTrials {

    private RepeatedTrials() {}

    /**
     * pass@k: the chance that at least one of k tries passes.
     *
     * <p>Source: M. Chen and others, "Evaluating Large Language Models Trained on Code", arXiv:2107.03374 (2021), formula 1.
     *
     * @param tries how many were made, at least 1
     * @param passed how many of them passed
     * @param k from 1 to {@code tries}
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static double passAtK(int tries, int passed, int k) {
        check(tries, passed, k);
        return 1 - allOf(tries - passed, tries, k);
    }

    /**
     * pass^k: the chance that all of k tries pass.
     *
     * <p>Source: S. Yao and others, "tau-bench: A Benchmark for Tool-Agent-User Interaction in Real-World Domains",
     * arXiv:2406.12045 (2024), section 3.
     *
     * @param tries how many were made, at least 1
     * @param passed how many of them passed
     * @param k from 1 to {@code tries}
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static double passHatK(int tries, int passed, int k) {
        check(tries, passed, k);
        return allOf(passed, tries, k);
    }

    /**
     * The chance that of two tries one passes and the other fails: 0 for a case that always does the same, up to 1.
     *
     * @param tries how many were made, at least 2
     * @param passed how many of them passed
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static double disagreement(int tries, int passed) {
        check(tries, passed, 2);
        return 2.0 * passed * (tries - passed) / ((double) tries * (tries - 1));
    }

    /** The share of the ways to choose k of n that choose of the m only; a product, since factorials overflow. */
    private static double allOf(int m, int n, int k) {
        double share = 1;
        for (int i = 0; i < k; i++) {
            share *= Math.max(0, m - i) / (double) (n - i);
        }
        return share;
    }

    private static void check(int tries, int passed, int k) {
        Checks.atLeast("tries", tries, 1);
        if (passed < 0 || passed > tries) {
            throw new IllegalArgumentException("passed: " + passed + " (expected: 0 to " + tries + ", the tries)");
        }
        if (k < 1 || k > tries) {
            throw new IllegalArgumentException(
                    "k: " + k + " (expected: 1 to " + tries + ", the tries; more tries than were made say nothing)");
        }
    }
}
