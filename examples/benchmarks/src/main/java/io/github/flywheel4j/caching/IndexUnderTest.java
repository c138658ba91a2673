package io.github.flywheel4j.caching;

import java.util.List;
import java.util.UUID;

/**
 * The semantic tier's vector index, for its bench: the index is package-private, because nobody should come to depend on it.
 * Thread-safe.
 */
public final class IndexUnderTest {

    /** As many as the tier asks for, whatever the bench looks at. */
    private static final int ASKED = 10;

    private final CellIndex index = new CellIndex();

    /** An empty index. */
    public IndexUnderTest() {}

    /** Adds the vector of a number. */
    public void add(int number, float[] vector) {
        index.add(new UUID(0, number), vector);
    }

    /** The number of the nearest vector; -1 if there is none. */
    public int nearest(float[] vector) {
        List<VectorIndex.Neighbour> nearest = index.nearest(vector, ASKED);
        return nearest.isEmpty() ? -1 : (int) nearest.get(0).id().getLeastSignificantBits();
    }
}
