package io.github.flywheel4j.caching;

/**
 * A candidate and what the judge said of it.
 *
 * @param features the candidate's numbers at the time of the lookup; never changed
 * @param same whether the cached answer was right
 * @param weight how many lookups of its kind it stands for: one over the probability with which it was judged
 */
record JudgedLookup(double[] features, boolean same, double weight) {}
