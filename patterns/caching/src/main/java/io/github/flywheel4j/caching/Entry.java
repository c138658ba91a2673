package io.github.flywheel4j.caching;

import java.util.UUID;

/**
 * A stored text and what verdicts said of it. Guarded by the lock of {@link Entries}.
 *
 * <p>A <em>group</em> is entries that a judge found to have the same answer: they do not compete with each other, and a
 * verdict on one is a verdict on all. A <em>surprise</em> is a verdict less its probability at that time, so that what the
 * model already knows is not learned twice.
 */
final class Entry {

    final UUID id;
    final Partition partition;
    final TextShape shape;
    final String text;
    final double density;

    /** See {@link KnownWrong}. */
    final UUID form;

    /** Of the text's own lookup: was its candidate right? */
    double surprise;

    /** How much that verdict could tell: the variance p (1 - p) that the model gave it. */
    double information;

    private Group group = new Group();

    /** For how many texts this is known not to be the answer. */
    int timesWrong;

    Entry(UUID id, Partition partition, String text, TextShape shape, double density) {
        this.id = id;
        this.partition = partition;
        this.text = text;
        this.shape = shape;
        this.density = density;
        this.form = KnownWrong.form(partition, text);
    }

    /** Verdicts on lookups whose candidate was one of the group. */
    static final class Group {
        private Group parent = this;
        double surprise;
        double information;

        private Group root() {
            Group root = this;
            while (root.parent != root) {
                root.parent = root.parent.parent;
                root = root.parent;
            }
            return root;
        }
    }

    Group group() {
        return group.root();
    }

    void join(Entry other) {
        Group into = other.group();
        Group from = group();
        if (into != from) {
            from.parent = into;
            into.surprise += from.surprise;
            into.information += from.information;
        }
    }
}
