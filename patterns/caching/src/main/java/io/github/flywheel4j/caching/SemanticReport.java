package io.github.flywheel4j.caching;

import io.github.flywheel4j.stats.Interval;
import java.util.Map;
import java.util.Optional;

/**
 * What a semantic tier did since it was built.
 *
 * @param entries texts in memory now
 * @param serving whether anything can be served now; false while too little was judged and after the breaker opened
 * @param hits lookups that were answered
 * @param shadowHits lookups that were not answered but, by what was known then, were right with a probability above one less
 *     the tolerance
 * @param explored lookups that were near something, not answered, and marked to be judged
 * @param vetoes lookups whose nearest candidate was refused, by the verifier or because it is known to be wrong, by reason
 * @param verdicts how many judgements were learned from, those of hits included
 * @param audits hits that were judged
 * @param wrongShare the share of wrong ones among the audited hits with its Clopper-Pearson interval of level 0.95; empty
 *     before the first audit. The first hits are audited more often than later ones, so it tells more of the early hits.
 * @param breakerOpened how often the audits showed that the tolerance was passed, and the tier fell back to learning
 * @param withoutVerdict comparisons that taught nothing: the judge was unsure, failed, or had too much to do
 * @param storeFailures times that the embedding store could not do its job; 0 without one
 */
public record SemanticReport(
        int entries,
        boolean serving,
        long hits,
        long shadowHits,
        long explored,
        Map<Veto.Reason, Long> vetoes,
        long verdicts,
        long audits,
        Optional<Interval> wrongShare,
        long breakerOpened,
        long withoutVerdict,
        long storeFailures) {

    /** Copies the map. */
    public SemanticReport {
        vetoes = Map.copyOf(vetoes);
    }
}
