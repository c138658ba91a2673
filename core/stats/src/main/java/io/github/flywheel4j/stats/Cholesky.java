package io.github.flywheel4j.stats;

import org.jspecify.annotations.Nullable;

/**
 * A symmetric positive definite matrix as the product of a lower triangle and its transpose.
 *
 * <p>Own code, because the systems here have a handful of unknowns and this is all that they need: a library for matrices is a
 * hundred times the size, and would be one more artifact for every user of an interval.
 *
 * <p>Source: G. H. Golub and C. F. Van Loan, "Matrix Computations", 4th edition (2013), section 4.2.
 */
final class Cholesky {

    /** A pivot that keeps less than this of its diagonal is what rounding left of zero. */
    private static final double LEAST_PIVOT = 1e-12;

    private final double[][] lower;

    private Cholesky(double[][] lower) {
        this.lower = lower;
    }

    /** The factor, or null where the matrix is not positive definite to working precision. Only the lower half is read. */
    static @Nullable Cholesky of(double[][] matrix) {
        int n = matrix.length;
        double[][] lower = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double rest = matrix[i][j];
                for (int k = 0; k < j; k++) {
                    rest -= lower[i][k] * lower[j][k];
                }
                if (j < i) {
                    lower[i][j] = rest / lower[j][j];
                } else if (rest > LEAST_PIVOT * matrix[i][i] && rest < Double.POSITIVE_INFINITY) {
                    lower[i][i] = Math.sqrt(rest);
                } else {
                    return null;
                }
            }
        }
        return new Cholesky(lower);
    }

    /** The x of {@code matrix · x = right}. */
    double[] solve(double[] right) {
        int n = lower.length;
        double[] x = right.clone();
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= lower[i][k] * x[k];
            }
            x[i] /= lower[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                x[i] -= lower[k][i] * x[k];
            }
            x[i] /= lower[i][i];
        }
        return x;
    }

    double[][] inverse() {
        int n = lower.length;
        double[][] inverse = new double[n][];
        for (int i = 0; i < n; i++) {
            double[] unit = new double[n];
            unit[i] = 1;
            inverse[i] = solve(unit);
        }
        return inverse;
    }
}
