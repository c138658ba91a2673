package io.github.flywheel4j.caching;

/** The features of a candidate at the time of its lookup, and what the judge said of it. Immutable. */
final class JudgedLookup {

    private final double[] features;
    private final boolean same;
    private final double weight;
    private final double worth;

    /**
     * Creates it.
     *
     * @param features not copied; the caller never changes them
     * @param same whether the cached answer was right
     * @param weight how many lookups of its kind it stands for: one over the probability with which it was judged
     */
    JudgedLookup(double[] features, boolean same, double weight) {
        this(features, same, weight, 1);
    }

    private JudgedLookup(double[] features, boolean same, double weight, double worth) {
        this.features = features;
        this.same = same;
        this.weight = weight;
        this.worth = worth;
    }

    /** The same, counted as a part of one wherever it counts. */
    JudgedLookup countedAs(double share) {
        return new JudgedLookup(features, same, weight * share, worth * share);
    }

    int size() {
        return features.length;
    }

    double feature(int i) {
        return features[i];
    }

    double[] features() {
        return features;
    }

    boolean same() {
        return same;
    }

    double weight() {
        return weight;
    }

    /** As how much of a verdict it counts when a model is learned; the weight does not matter there. */
    double worth() {
        return worth;
    }
}
