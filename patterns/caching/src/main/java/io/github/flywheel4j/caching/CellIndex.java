package io.github.flywheel4j.caching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A vector index in memory: cells of some hundred vectors that are near each other, and a directory of the cells. Thread-safe:
 * searches take no lock and see what was added before they began; adds and removes wait for each other.
 *
 * <p>The first cell is searched whole, by 8-bit codes, so a small partition costs what its vectors cost. A cell that is full is
 * parted in two. A search looks into the cells nearest to its vector until it has seen {@value #SEEN} vectors, estimates each
 * one's cosine from its signs, and computes it for the best {@value #RESCORED}. What a cache looks for is near, so it is found
 * in the first cells; the rest of the budget serves vectors without a near neighbour.
 *
 * <p>Decision 0014 says why this and not a graph.
 */
final class CellIndex implements VectorIndex {

    /** Vectors of a cell. With larger cells the directory is shorter, but a search sees more that is far away. */
    static final int CELL = 160;

    /** Vectors whose signs a search looks at. */
    static final int SEEN = 32_768;

    /** Vectors of those whose cosine it estimates. */
    static final int GLANCED = 512;

    /** Vectors of those whose cosine it computes. */
    static final int RESCORED = 96;

    /** Cells that were just parted have about so many; there are always enough cells to see as many vectors as it may. */
    private static final int LEAST_PER_CELL = CELL / 2;

    /** Cells among which the one for a new vector is chosen. */
    private static final int ROUTED = 16;

    /** Cells around a parted one whose vectors may move. */
    private static final int NEIGHBOURS = 8;

    /** Of a search, when vectors move meanwhile; more would only matter to one vector in thousands. */
    private static final int ATTEMPTS = 4;

    private final ReentrantLock writing = new ReentrantLock();
    private final Map<UUID, VectorCell> cellOf = new HashMap<>();

    /** What the writer works on. */
    private @Nullable VectorBlock<VectorCell> latest;

    /** What searches work on: no row of it is changed, a writer publishes another one. */
    private volatile @Nullable VectorBlock<VectorCell> published;

    /** Odd while vectors move between cells. */
    private final AtomicLong moves = new AtomicLong();

    private int cells;

    CellIndex() {}

    @Override
    public void add(UUID id, float[] vector) {
        writing.lock();
        try {
            VectorBlock<VectorCell> directory = latest;
            if (directory == null) {
                latest = new VectorBlock<>(vector.length, VectorCentre.NONE, 1);
                latest.append(new VectorCell(vector.length, VectorCentre.NONE, CELL), vector);
                cells = 1;
            } else {
                check(vector, directory);
            }
            forget(id);
            put(id, vector);
            published = latest;
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void remove(UUID id) {
        writing.lock();
        try {
            VectorCell cell = forget(id);
            if (cell != null && cells > 1 && cell.count() < CELL / 8) {
                dissolve(cell);
                published = latest;
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public List<Neighbour> nearest(float[] vector, int k) {
        VectorBlock<VectorCell> directory = published;
        if (directory == null || k < 1) {
            return List.of();
        }
        check(vector, directory);
        for (int attempt = 1; ; attempt++) {
            long before = moves.get();
            List<Neighbour> found = search(directory(published), vector, k);
            // What moved from a cell that was seen late to one that was seen early was missed.
            boolean undisturbed = before == moves.get() && (before & 1) == 0;
            if (undisturbed || attempt == ATTEMPTS) {
                return found;
            }
        }
    }

    private static List<Neighbour> search(VectorBlock<VectorCell> directory, float[] vector, int k) {
        VectorQuery query = VectorQuery.of(vector, directory.centre());
        List<VectorBlock<UUID>> blocks = new ArrayList<>();
        NearestRows best = new NearestRows(k);
        if (directory.centre().isNone()) {
            VectorBlock<UUID> only = cell(directory, 0).rows();
            blocks.add(only);
            for (int row = 0, size = only.size(); row < size; row++) {
                if (only.label(row) != null) {
                    best.offer(only.similarity(query, row), 0, row);
                }
            }
        } else {
            rescore(directory, query, blocks, k, best);
        }
        best.sort();
        return neighbours(best, blocks);
    }

    private static void rescore(
            VectorBlock<VectorCell> directory,
            VectorQuery query,
            List<VectorBlock<UUID>> blocks,
            int k,
            NearestRows best) {
        NearestRows near = nearest(directory, query, SEEN / LEAST_PER_CELL);
        int seen = 0;
        for (int i = 0; i < near.size() && seen < SEEN; i++) {
            VectorBlock<UUID> rows = cell(directory, near.row(i)).rows();
            blocks.add(rows);
            seen += rows.size();
        }
        int touched = 0;
        for (VectorBlock<UUID> rows : blocks) {
            touched += rows.touch();
        }
        NearestRows rough = new NearestRows(Math.max(k, GLANCED));
        // Whatever the sum is: it has to be used, or the compiler would leave out the touching.
        for (int block = 0, end = blocks.size() + (touched & 0); block < end; block++) {
            blocks.get(block).glance(query, block, rough);
        }
        NearestRows estimated = new NearestRows(Math.max(k, RESCORED));
        rough.sort();
        for (int i = 0; i < rough.size(); i++) {
            int block = rough.block(i);
            int row = rough.row(i);
            estimated.offer(blocks.get(block).estimate(query, row), block, row);
        }
        estimated.sort();
        for (int i = 0; i < estimated.size(); i++) {
            int block = estimated.block(i);
            int row = estimated.row(i);
            best.offer(blocks.get(block).similarity(query, row), block, row);
        }
    }

    private static List<Neighbour> neighbours(NearestRows best, List<VectorBlock<UUID>> blocks) {
        List<Neighbour> neighbours = new ArrayList<>(best.size());
        for (int i = 0; i < best.size(); i++) {
            UUID id = blocks.get(best.block(i)).label(best.row(i));
            // Null: removed meanwhile. Twice: moved from one cell to another meanwhile.
            if (id != null && neighbours.stream().noneMatch(each -> each.id().equals(id))) {
                neighbours.add(new Neighbour(id, Math.max(-1, Math.min(1, best.score(i)))));
            }
        }
        return neighbours;
    }

    /** About the cells nearest to a vector, the nearest first. */
    private static NearestRows nearest(VectorBlock<VectorCell> directory, VectorQuery query, int count) {
        NearestRows rough = new NearestRows(2 * count);
        directory.glance(query, 0, rough);
        rough.sort();
        NearestRows near = new NearestRows(count);
        for (int i = 0; i < rough.size(); i++) {
            near.offer(directory.estimate(query, rough.row(i)), 0, rough.row(i));
        }
        near.sort();
        return near;
    }

    /** The cell whose centre is nearest to a vector. */
    private static int home(VectorBlock<VectorCell> directory, VectorQuery query) {
        NearestRows near = nearest(directory, query, ROUTED);
        int home = near.row(0);
        float best = directory.similarity(query, home);
        for (int i = 1; i < near.size(); i++) {
            float similarity = directory.similarity(query, near.row(i));
            if (similarity > best) {
                best = similarity;
                home = near.row(i);
            }
        }
        return home;
    }

    /** Nobody takes the label off a row of a directory that was handed out: a writer works on a fork. */
    private static VectorCell cell(VectorBlock<VectorCell> directory, int row) {
        VectorCell cell = directory.label(row);
        if (cell == null) {
            throw new IllegalStateException("cell " + row + " of the directory is gone (expected: a cell)");
        }
        return cell;
    }

    private static void check(float[] vector, VectorBlock<?> directory) {
        if (vector.length != directory.dimension()) {
            throw new IllegalArgumentException(
                    "vector: " + vector.length + " dimensions (expected: " + directory.dimension()
                            + ", as the first one had; one index holds vectors of one embedding model)");
        }
    }

    private static VectorBlock<VectorCell> directory(@Nullable VectorBlock<VectorCell> directory) {
        if (directory == null) {
            throw new IllegalStateException("there is no directory (expected: one since the first vector came)");
        }
        return directory;
    }

    // ---------------------------------------------------------------- under the lock

    private @Nullable VectorCell forget(UUID id) {
        VectorCell cell = cellOf.remove(id);
        if (cell != null) {
            cell.remove(id);
        }
        return cell;
    }

    private void put(UUID id, float[] vector) {
        while (true) {
            VectorBlock<VectorCell> directory = directory(latest);
            int row = directory.centre().isNone() ? 0 : home(directory, VectorQuery.of(vector, directory.centre()));
            VectorCell cell = cell(directory, row);
            if (!cell.isFull()) {
                cell.append(id, vector);
                cellOf.put(id, cell);
                return;
            }
            if (cell.count() <= CELL * 3 / 4) {
                cell.compact();
            } else {
                part(directory, row, cell);
            }
        }
    }

    private void part(VectorBlock<VectorCell> directory, int row, VectorCell cell) {
        int dimension = directory.dimension();
        VectorBlock<UUID> rows = cell.rows();
        UUID[] ids = new UUID[cell.count()];
        float[] vectors = new float[cell.count() * dimension];
        collect(rows, ids, vectors);
        VectorCentre centre = directory.centre().isNone() ? VectorCentre.of(vectors, dimension) : directory.centre();
        boolean[] second = TwoMeans.part(vectors, dimension);

        VectorBlock<VectorCell> next = without(directory, row, centre);
        List<VectorCell> parts = new ArrayList<>(2);
        for (boolean which : new boolean[] {false, true}) {
            VectorCell part = new VectorCell(dimension, centre, CELL);
            for (int i = 0; i < ids.length; i++) {
                if (second[i] == which) {
                    part.append(ids[i], Arrays.copyOfRange(vectors, i * dimension, (i + 1) * dimension));
                    cellOf.put(ids[i], part);
                }
            }
            next.append(part, TwoMeans.mean(vectors, dimension, second, which));
            parts.add(part);
        }
        cells++;
        latest = next;
        published = next;
        settle(next, parts);
    }

    /**
     * Moves the vectors around a cell that was parted to the cell they are nearest to now: those of the parts that a neighbour
     * suits better, and those of the neighbours that a part suits better (as SPFresh does, SOSP 2023, section 3.3). Else cells
     * would overlap more and more, and a search would have to look into more of them.
     */
    private void settle(VectorBlock<VectorCell> directory, List<VectorCell> parts) {
        moves.incrementAndGet();
        for (VectorCell part : parts) {
            float[] centre = new float[directory.dimension()];
            directory.decode(directory.find(part), centre, 0);
            NearestRows near = nearest(directory, VectorQuery.of(centre, directory.centre()), NEIGHBOURS);
            int[] around = new int[near.size()];
            for (int i = 0; i < around.length; i++) {
                around[i] = near.row(i);
            }
            for (int row : around) {
                VectorCell cell = cell(directory, row);
                settle(directory, cell, row, parts.contains(cell) ? around : rowsOf(directory, parts));
            }
        }
        moves.incrementAndGet();
    }

    private static int[] rowsOf(VectorBlock<VectorCell> directory, List<VectorCell> cells) {
        return cells.stream().mapToInt(directory::find).toArray();
    }

    private void settle(VectorBlock<VectorCell> directory, VectorCell cell, int home, int[] others) {
        VectorBlock<UUID> rows = cell.rows();
        float[] vector = new float[directory.dimension()];
        for (int row = 0; row < rows.size(); row++) {
            UUID id = rows.label(row);
            if (id == null) {
                continue;
            }
            rows.decode(row, vector, 0);
            VectorQuery query = VectorQuery.of(vector, VectorCentre.NONE);
            float best = directory.similarity(query, home);
            VectorCell nearer = cell;
            for (int other : others) {
                float similarity = directory.similarity(query, other);
                if (similarity > best && !cell(directory, other).isFull()) {
                    best = similarity;
                    nearer = cell(directory, other);
                }
            }
            if (nearer != cell) {
                nearer.append(id, vector);
                cellOf.put(id, nearer);
                cell.remove(row);
            }
        }
    }

    /** Gives the vectors of a cell that few are left of to its neighbours. */
    private void dissolve(VectorCell cell) {
        VectorBlock<VectorCell> directory = directory(latest);
        int dimension = directory.dimension();
        UUID[] ids = new UUID[cell.count()];
        float[] vectors = new float[cell.count() * dimension];
        collect(cell.rows(), ids, vectors);
        latest = without(directory, directory.find(cell), directory.centre());
        cells--;
        for (int i = 0; i < ids.length; i++) {
            put(ids[i], Arrays.copyOfRange(vectors, i * dimension, (i + 1) * dimension));
        }
    }

    private static void collect(VectorBlock<UUID> rows, UUID[] ids, float[] vectors) {
        int count = 0;
        for (int row = 0; row < rows.size(); row++) {
            UUID id = rows.label(row);
            if (id != null) {
                rows.decode(row, vectors, count * rows.dimension());
                ids[count++] = id;
            }
        }
    }

    /** The directory without a cell, and with room for two more. */
    private VectorBlock<VectorCell> without(VectorBlock<VectorCell> directory, int gone, VectorCentre centre) {
        if (directory.size() + 2 <= directory.capacity() && centre == directory.centre()) {
            VectorBlock<VectorCell> fork = directory.fork();
            fork.clear(gone);
            return fork;
        }
        VectorBlock<VectorCell> fresh = new VectorBlock<>(directory.dimension(), centre, cells * 2 + 16);
        float[] vector = new float[directory.dimension()];
        for (int row = 0; row < directory.size(); row++) {
            VectorCell cell = directory.label(row);
            if (cell != null && row != gone) {
                directory.decode(row, vector, 0);
                fresh.append(cell, vector);
            }
        }
        return fresh;
    }
}
