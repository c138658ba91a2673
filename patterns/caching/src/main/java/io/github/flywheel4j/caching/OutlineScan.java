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
 * The rows of some blocks that are best by their outlines. Where there are many vectors a thread of the common pool helps: both take
 * the next few blocks until none is left, and what is found is the same as without it. Nobody waits for a pool that is busy with
 * something else: a helper that has not begun by then is not needed any more, and one that has is done with the few blocks it took.
 * Used once.
 */
final class OutlineScan {

    /** Vectors from which on help is asked for: to wake a thread takes as long as to go over some ten thousand. */
    static final int SHARED = 65_536;

    /** Blocks that are taken at once: some ten microseconds of work. */
    private static final int TAKEN = 8;

    private final List<VectorBlock<UUID>> blocks;
    private final int wanted;
    private final float floor;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicBoolean begun = new AtomicBoolean();

    /** Only rows above the floor are looked for. */
    OutlineScan(List<VectorBlock<UUID>> blocks, int wanted, float floor) {
        this.blocks = blocks;
        this.wanted = wanted;
        this.floor = floor;
    }

    /**
     * As many helpers as the common pool has threads: more would only wait, and a pool that is stuck shall not collect searches.
     * None where there is one processor.
     */
    static Semaphore helpers() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new Semaphore(processors == 1 ? 0 : ForkJoinPool.getCommonPoolParallelism());
    }

    /** As many as are wanted, or fewer if the floor leaves no more. */
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
        RowScan scan = new RowScan(wanted);
        scan.rows().raiseFloor(floor);
        for (int from = next.getAndAdd(TAKEN); from < blocks.size(); from = next.getAndAdd(TAKEN)) {
            for (int block = from; block < Math.min(blocks.size(), from + TAKEN); block++) {
                blocks.get(block).scan(query, block, scan);
            }
        }
        return scan.rows();
    }
}
