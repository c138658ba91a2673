package io.github.flywheel4j.caching;

import java.util.Objects;

/**
 * Two texts and whether the answer to one is right for the other, as people or a judge said; what a semantic tier is
 * calibrated with.
 *
 * @param a a text
 * @param b another text
 * @param same whether one answer serves both
 */
public record LabelledPair(String a, String b, boolean same) {

    /** Refuses a missing text. */
    public LabelledPair {
        Objects.requireNonNull(a, "a");
        Objects.requireNonNull(b, "b");
    }

    /** Names the label alone: the texts may be personal. */
    @Override
    public String toString() {
        return "LabelledPair[same=" + same + "]";
    }
}
