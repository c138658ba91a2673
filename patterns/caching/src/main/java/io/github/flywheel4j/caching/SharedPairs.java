package io.github.flywheel4j.caching;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The pairs of questions that people found not to have the same answer, in a {@link SharedTier}: for nodes that start later or
 * did not hear of them. Thread-safe; throws what the tier throws.
 */
record SharedPairs(SharedTier tier, SemanticTier semantic) {

    private static final String LIST = "wrong";

    static void note(SharedTier tier, Collection<KnownWrong.Pair> pairs) {
        tier.note(
                LIST,
                pairs.stream().map(KnownWrong.Pair::toString).toList(),
                KnownWrong.MOST_TOLD,
                KnownWrong.KEPT_AFTER_THE_LAST);
    }

    /** Learns which pairs others found wrong, and notes those that the tier has lost or was never told. */
    void exchange() {
        List<KnownWrong.Pair> noted = tier.noted(LIST).stream()
                .map(KnownWrong.Pair::parse)
                .flatMap(Optional::stream)
                .toList();
        Set<KnownWrong.Pair> unknown = new LinkedHashSet<>(semantic.toldWrong());
        noted.forEach(unknown::remove);
        noted.forEach(semantic::knownWrong);
        if (!unknown.isEmpty()) {
            note(tier, unknown);
        }
    }
}
