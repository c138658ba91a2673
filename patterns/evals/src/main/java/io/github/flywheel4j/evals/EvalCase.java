package io.github.flywheel4j.evals;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One case of a dataset: what is asked, and what is known of a good answer. Immutable.
 *
 * @param id unique in its dataset; results of two runs are paired by it
 * @param input what is asked
 * @param expected a right answer, or what a scorer makes of it (a label, a number, JSON); null where no single one is
 *     known
 * @param context the passages that a grounded answer may use; empty if there are none
 * @param slices the named parts of the dataset that this case belongs to, such as "language:de" or "unanswerable"
 * @param origin where the case comes from
 * @param author who wrote or checked it; null if nobody is named
 * @param cluster what it shares with other cases that makes them depend on each other: a conversation, a document. Null if
 *     it stands alone; then it is its own cluster
 */
public record EvalCase(
        String id,
        EvalInput input,
        @Nullable String expected,
        List<String> context,
        SortedSet<String> slices,
        Origin origin,
        @Nullable String author,
        @Nullable String cluster) {

    /** Where a case comes from. */
    public enum Origin {
        /** What a user really asked. */
        PRODUCTION,
        /** Written by a person for the dataset. */
        HAND,
        /** Made by a program or a model. */
        SYNTHETIC
    }

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if the id is blank
     */
    public EvalCase {
        if (id.isBlank()) {
            throw new IllegalArgumentException("id: blank (expected: an id that is unique in its dataset)");
        }
        Objects.requireNonNull(input, "input");
        context = List.copyOf(context);
        slices = Collections.unmodifiableSortedSet(new TreeSet<>(slices));
    }

    /** A case written by hand that asks a text and knows a right answer, in no slice. */
    public static EvalCase of(String id, String text, @Nullable String expected) {
        return new EvalCase(id, EvalInput.text(text), expected, List.of(), new TreeSet<>(), Origin.HAND, null, null);
    }

    /** The cluster that the case counts in: its own id where none is named. */
    public String clusterOrSelf() {
        return cluster == null ? id : cluster;
    }
}
