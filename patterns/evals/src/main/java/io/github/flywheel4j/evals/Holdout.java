package io.github.flywheel4j.evals;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Which clusters are kept away from development: a frozen part of all conversations and documents, told by a hash of the
 * cluster's name alone. So a cluster never stands on both sides, a case stays where it is whatever is added or taken away,
 * and whoever knows the share and the salt can ask about a conversation before it has become a case. A greater share keeps
 * all that a smaller one kept. Immutable.
 *
 * @param share how much of all clusters is kept away, above 0 and below 1. It holds on average; a small dataset may have
 *     more or less
 * @param salt makes another choice of the same size; empty unless a second holdout is needed, for instance when the first
 *     one has been looked at too often
 */
public record Holdout(double share, String salt) {

    private static final double TWO_TO_53 = 0x1p53;

    /**
     * Checks the share.
     *
     * @throws IllegalArgumentException if it is not above 0 and below 1
     */
    public Holdout {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("share: " + share + " (expected: above 0 and below 1, such as 0.2)");
        }
    }

    /** A holdout without salt. */
    public static Holdout share(double share) {
        return new Holdout(share, "");
    }

    /** Whether a cluster is kept away. */
    public boolean contains(String cluster) {
        byte[] digest = ContentHash.digest(List.of("holdout", salt, cluster));
        return (ByteBuffer.wrap(digest).getLong() >>> 11) / TWO_TO_53 < share;
    }

    /** Whether a case is kept away: whether its cluster is, or its id where it names none. */
    public boolean contains(EvalCase evalCase) {
        return contains(evalCase.clusterOrSelf());
    }
}
