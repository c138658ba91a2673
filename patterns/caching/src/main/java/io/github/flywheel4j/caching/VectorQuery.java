package io.github.flywheel4j.caching;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A vector prepared for comparison with many stored ones. Not thread-safe: it prepares itself for a centre when a block with
 * that centre is first met.
 *
 * <p>For the dot product with codes of 8 bits it is held in whole numbers as large as a sum of {@code int} allows.
 */
final class VectorQuery {

    private static final int LARGEST_CODE = 127;

    private final float[] vector;
    private final List<CentredQuery> centred = new ArrayList<>(2);
    private @Nullable CentredQuery latest;

    /** The vector in whole numbers; {@link #wholeScale} times this is the vector. */
    final int[] whole;

    final float wholeScale;

    VectorQuery(float[] vector) {
        this.vector = vector;
        int dimension = vector.length;
        float largest = Float.MIN_NORMAL;
        for (float value : vector) {
            largest = Math.max(largest, Math.abs(value));
        }
        this.wholeScale = largest / Math.min(Short.MAX_VALUE, Integer.MAX_VALUE / (LARGEST_CODE * dimension));
        this.whole = new int[dimension];
        for (int i = 0; i < dimension; i++) {
            whole[i] = Math.round(vector[i] / wholeScale);
        }
    }

    /** The same for another thread. */
    VectorQuery another() {
        return new VectorQuery(vector);
    }

    /** The same relative to a centre; there are few centres in an index. */
    CentredQuery relativeTo(VectorCentre centre) {
        // Asked for each row of which a detail is looked at, and mostly for the same one.
        if (latest != null && latest.centre == centre) {
            return latest;
        }
        for (CentredQuery each : centred) {
            if (each.centre == centre) {
                latest = each;
                return each;
            }
        }
        CentredQuery query = new CentredQuery(vector, centre);
        centred.add(query);
        latest = query;
        return query;
    }
}
