package io.github.flywheel4j.stats;

/**
 * The result of a two-sided test.
 *
 * @param statistic the test's statistic; which one is said by the method that returns it; NaN where the data leave it
 *     undefined, infinite where differences do not vary at all
 * @param pValue the probability, 0 to 1, of data at least as extreme if there is no difference
 * @param method how the p-value was computed, for a report: for example {@code "Wilcoxon signed rank, exact"}
 */
public record TestResult(double statistic, double pValue, String method) {

    /**
     * Checks the p-value.
     *
     * @throws IllegalArgumentException if it is not within 0 and 1
     */
    public TestResult {
        if (!(pValue >= 0 && pValue <= 1)) {
            throw new IllegalArgumentException("pValue: " + pValue + " (expected: 0 to 1)");
        }
    }
}
