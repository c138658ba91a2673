package io.github.flywheel4j.feedback;

import java.util.Locale;

/**
 * One thing in which those whose verdict is known may differ from the others.
 *
 * @param what such as {@code tenant acme}, a share, or {@code answer's characters}, a mean
 * @param share whether the two figures are shares, 0 to 1, rather than means
 * @param known the figure of the interactions with a rating, or a verdict
 * @param unknown the figure of the others
 * @param difference between the two, in standard deviations; 0.1 is usually taken for small and 0.5 for large. Skewed numbers
 *     are compared by their logarithm
 */
public record Contrast(String what, boolean share, double known, double unknown, double difference) {

    /** For people: {@code tenant acme: 62 % against 35 %}, the known ones first. */
    @Override
    public String toString() {
        return share
                ? String.format(Locale.ROOT, "%s: %.0f %% against %.0f %%", what, known * 100, unknown * 100)
                : String.format(Locale.ROOT, "%s: %.1f against %.1f", what, known, unknown);
    }
}
