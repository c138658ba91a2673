package io.github.flywheel4j.caching;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The rows of some blocks that are best by their sketches: it goes over all outlines, and looks at the details of those above a floor.
 *
 * <p>Where there are many vectors a thread of the common pool helps: both take the next few blocks until none is left, and what is found
 * is the same as without it, or more where so many are above the floor that one thread alone would have kept the best of them. Nobody waits for a pool that is busy with something else: a helper that has not begun by then is not
 * needed any more, and one that has is done with the few blocks it took. Used once.
 */
final class SketchScan {

    /** Vectors from which on help is asked for: to wake a thread takes as long as to go over some ten thousand. */
    static final int SHARED = 65_536;

    /** Blocks that are taken at once: some ten microseconds of work. */
    private static final int TAKEN = 8;

    /** Rows whose details are fetched together: more of them at a time than when each is waited for. */
    private static final int DETAILS_AHEAD = 128;

    /** Below any cosine, and above what is left of a row without a label. */
    static final float GONE = -2;

    private final List<VectorBlock<UUID>> blocks;
    private final float floor;
    private final int most;
    private final int kept;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicBoolean begun = new AtomicBoolean();

    /**
     * A scan.
     *
     * @param floor rows are looked at in detail if their outlines are above this
     * @param most of these the best, should there be so many more than were expected
     * @param kept how many are kept at the end
     */
    SketchScan(List<VectorBlock<UUID>> blocks, float floor, int most, int kept) {
        this.blocks = blocks;
        // Of a removed row only the outline knows: it must not come as far as its detail.
        this.floor = Math.max(GONE, floor);
        this.most = most;
        this.kept = kept;
    }

    /**
     * As many helpers as the common pool has threads: more would only wait, and a pool that is stuck shall not collect searches.
     * None where there is one processor.
     */
    static Semaphore helpers() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new Semaphore(processors == 1 ? 0 : ForkJoinPool.getCommonPoolParallelism());
    }

    NearestRows alone(VectorQuery query) {
        NearestRows best = scan(query);
        best.trim();
        return best;
    }

    /** The same with the help of another thread, if one is free. */
    NearestRows shared(VectorQuery query, Semaphore helpers) {
        if (!helpers.tryAcquire()) {
            return alone(query);
        }
        // A query prepares itself for the centres that it meets, so each thread has one of its own.
        VectorQuery another = query.another();
        ForkJoinTask<@Nullable NearestRows> helper = ForkJoinPool.commonPool().submit(() -> help(another, helpers));
        NearestRows best = scan(query);
        if (!begun.compareAndSet(false, true)) {
            NearestRows more = helper.join();
            if (more != null) {
                best.offer(more);
            }
        }
        best.trim();
        return best;
    }

    private @Nullable NearestRows help(VectorQuery query, Semaphore helpers) {
        try {
            return begun.compareAndSet(false, true) ? scan(query) : null;
        } finally {
            helpers.release();
        }
    }

    private NearestRows scan(VectorQuery query) {
        RowScan scan = new RowScan(most);
        scan.rows().raiseFloor(floor);
        for (int from = next.getAndAdd(TAKEN); from < blocks.size(); from = next.getAndAdd(TAKEN)) {
            for (int block = from; block < Math.min(blocks.size(), from + TAKEN); block++) {
                blocks.get(block).scan(query, block, scan);
            }
        }
        scan.rows().trim();
        return refined(query, scan.rows());
    }

    private NearestRows refined(VectorQuery query, NearestRows rough) {
        NearestRows refined = new NearestRows(kept);
        int touched = 0;
        for (int from = 0; from < rough.size(); from += DETAILS_AHEAD) {
            int to = Math.min(rough.size(), from + DETAILS_AHEAD);
            for (int i = from; i < to; i++) {
                touched += blocks.get(rough.block(i)).touch(rough.row(i));
            }
            // Whatever the sum is: it has to be used, or the compiler would leave out the touching.
            for (int i = from + (touched & 0); i < to; i++) {
                int block = rough.block(i);
                int row = rough.row(i);
                refined.offer(blocks.get(block).refine(query, row, rough.score(i)), block, row);
            }
        }
        return refined;
    }
}
