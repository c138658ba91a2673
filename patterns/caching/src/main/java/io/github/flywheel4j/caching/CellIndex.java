package io.github.flywheel4j.caching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A vector index in memory: cells of some hundred vectors that are near each other, and a directory of the cells. Thread-safe:
 * searches take no lock and see what was added before they began; adds and removes wait for each other.
 *
 * <p>The first cell is searched whole, by 8-bit codes, so a small partition costs what its vectors cost. A cell that is full is
 * parted in two, and vectors around it move to the cell that is nearest now. How it is searched {@link CellSearch} says.
 *
 * <p>Decision 0014 says why this and not a graph.
 */
final class CellIndex implements VectorIndex {

    /** Vectors of a cell. With smaller ones a search has to rank more of them, and to start anew more often. */
    static final int CELL = RowScan.MOST_ROWS;

    /** Vectors of the first cell, before there are signs. */
    static final int FIRST_CELL = 256;

    /** Vectors from which on there are sketches: fewer are seen by their signs as fast. */
    static final int SKETCHED = 8_192;

    /** Vectors from which the main directions are found; more find about the same ones. */
    private static final int SAMPLE = 4_096;

    /** The directions are found anew when there are so many times as many vectors. */
    private static final int GROWTH = 16;

    /** Cells among which the one for a new vector is chosen. */
    private static final int ROUTED = 32;

    /** Cells around a parted one whose vectors may move. */
    private static final int NEIGHBOURS = 8;

    /** Of a search, when vectors move meanwhile; more would only matter to one vector in thousands. */
    private static final int ATTEMPTS = 4;

    private final Semaphore helpers = SketchScan.helpers();
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<UUID, VectorCell> cellOf = new HashMap<>();

    /** What the writer works on. */
    private @Nullable VectorBlock<VectorCell> latest;

    /** What searches work on: no row of it is changed, a writer publishes another one. */
    private volatile @Nullable VectorBlock<VectorCell> published;

    /** How often vectors began or ceased to be where a search may not find them; odd while they are. */
    private final AtomicLong moves = new AtomicLong();

    /** A cell that is dissolved may part others, whose vectors move within this move. */
    private int movesUnderWay;

    private int cells;

    /** Cells of the directory before this row have their signs relative to its centre. */
    private int renewed;

    /** How many vectors there will be when the next directions are found. */
    private int nextDirections = SKETCHED;

    CellIndex() {}

    @Override
    public void add(UUID id, float[] vector) {
        writing.lock();
        try {
            VectorBlock<VectorCell> directory = latest;
            if (directory == null) {
                latest = new VectorBlock<>(vector.length, VectorCentre.NONE, 1);
                latest.append(new VectorCell(vector.length, VectorCentre.NONE, FIRST_CELL), vector);
                cells = 1;
            } else {
                check(vector, directory);
            }
            forget(id);
            put(id, vector);
            renewOne(directory(latest));
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
            List<Neighbour> found = new CellSearch(directory(published), vector, k, helpers).nearest();
            // What moved from a cell that was seen late to one that was seen early may have been missed.
            boolean undisturbed = before == moves.get() && (before & 1) == 0;
            if (undisturbed || attempt == ATTEMPTS) {
                return found;
            }
        }
    }

    /** The cell whose centre is nearest to a vector. */
    private static int home(VectorBlock<VectorCell> directory, VectorQuery query) {
        NearestRows near = CellSearch.cells(directory, query, ROUTED);
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
            int row = directory.centre().isNone() ? 0 : home(directory, new VectorQuery(vector));
            VectorCell cell = CellSearch.cell(directory, row);
            if (!cell.isFull()) {
                cell.append(id, vector);
                cellOf.put(id, cell);
                return;
            }
            if (cell.count() <= cell.rows().capacity() * 3 / 4) {
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
        int[] places = collect(rows, ids, vectors);
        VectorCentre centre = centre(directory, vectors);
        boolean[] second = TwoMeans.part(vectors, dimension);

        VectorBlock<VectorCell> next = without(directory, row, centre);
        List<VectorCell> parts = new ArrayList<>(2);
        for (boolean which : new boolean[] {false, true}) {
            VectorCell part = new VectorCell(dimension, centre, CELL);
            for (int i = 0; i < ids.length; i++) {
                if (second[i] == which) {
                    part.append(ids[i], rows, places[i]);
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

    /** One cell for each vector that is added, so that no vector has to wait for all cells. */
    private void renewOne(VectorBlock<VectorCell> directory) {
        while (renewed < directory.size()) {
            VectorCell cell = directory.label(renewed++);
            if (cell != null && cell.rows().centre() != directory.centre()) {
                cell.renew(directory.centre());
                return;
            }
        }
    }

    /** What new cells have their signs relative to; those that are there are renewed one after the other. */
    private VectorCentre centre(VectorBlock<VectorCell> directory, float[] firstCell) {
        if (directory.centre().isNone()) {
            return VectorCentre.of(firstCell, directory.dimension());
        }
        if (cellOf.size() < nextDirections) {
            return directory.centre();
        }
        nextDirections = cellOf.size() * GROWTH;
        renewed = 0;
        return VectorCentre.withDirections(sample(directory), directory.dimension());
    }

    /** Of all cells, as many of each as it has a share of the vectors. */
    private float[] sample(VectorBlock<VectorCell> directory) {
        int dimension = directory.dimension();
        float[] vectors = new float[SAMPLE * dimension];
        int every = cellOf.size() / SAMPLE;
        int met = 0;
        int taken = 0;
        for (int row = 0; row < directory.size(); row++) {
            VectorCell cell = directory.label(row);
            VectorBlock<UUID> rows = cell == null ? null : cell.rows();
            for (int i = 0; rows != null && i < rows.size(); i++) {
                if (rows.label(i) != null && met++ % every == 0 && taken < SAMPLE) {
                    rows.decode(i, vectors, taken++ * dimension);
                }
            }
        }
        return vectors;
    }

    /**
     * Moves the vectors around a cell that was parted to the cell they are nearest to now: those of the parts that a neighbour
     * suits better, and those of the neighbours that a part suits better (as SPFresh does, SOSP 2023, section 3.3). Else cells
     * would overlap more and more, and a search would have to look into more of them.
     */
    private void settle(VectorBlock<VectorCell> directory, List<VectorCell> parts) {
        Map<UUID, Stand> left = new HashMap<>();
        for (VectorCell part : parts) {
            float[] centre = new float[directory.dimension()];
            directory.decode(directory.find(part), centre, 0);
            NearestRows near = CellSearch.cells(directory, new VectorQuery(centre), NEIGHBOURS);
            near.sort(); // a vector that several suit goes with the nearest of them
            int[] around = new int[near.size()];
            for (int i = 0; i < around.length; i++) {
                around[i] = near.row(i);
            }
            for (int row : around) {
                VectorCell cell = CellSearch.cell(directory, row);
                settle(directory, cell, row, parts.contains(cell) ? around : rowsOf(directory, parts), left);
            }
        }
        // All at once and at the end: until then a search finds what moves where it was or where it is, and a search
        // that meets this moment begins anew.
        beginMove();
        left.values().forEach(stand -> stand.cell().remove(stand.row()));
        endMove();
        left.values().stream().map(Stand::cell).distinct().forEach(cell -> {
            if (cell.count() < cell.rows().size() * 3 / 4) {
                cell.compact();
            }
        });
    }

    /** Where a vector stands. */
    private record Stand(VectorCell cell, int row) {}

    private static int[] rowsOf(VectorBlock<VectorCell> directory, List<VectorCell> cells) {
        return cells.stream().mapToInt(directory::find).toArray();
    }

    private void settle(
            VectorBlock<VectorCell> directory, VectorCell cell, int home, int[] others, Map<UUID, Stand> left) {
        VectorBlock<UUID> rows = cell.rows();
        float[] vector = new float[directory.dimension()];
        for (int row = 0; row < rows.size(); row++) {
            UUID id = rows.label(row);
            if (id == null || left.containsKey(id)) {
                continue;
            }
            rows.decode(row, vector, 0);
            VectorQuery query = new VectorQuery(vector);
            float best = directory.similarity(query, home);
            VectorCell nearer = cell;
            for (int other : others) {
                float similarity = directory.similarity(query, other);
                if (similarity > best && !CellSearch.cell(directory, other).isFull()) {
                    best = similarity;
                    nearer = CellSearch.cell(directory, other);
                }
            }
            if (nearer != cell) {
                nearer.append(id, rows, row);
                cellOf.put(id, nearer);
                left.put(id, new Stand(cell, row));
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
        // A neighbour that is parted meanwhile publishes a directory in which neither the cell nor all of its vectors
        // stand.
        beginMove();
        latest = without(directory, directory.find(cell), directory.centre());
        cells--;
        for (int i = 0; i < ids.length; i++) {
            put(ids[i], Arrays.copyOfRange(vectors, i * dimension, (i + 1) * dimension));
        }
        published = latest;
        endMove();
    }

    private void beginMove() {
        if (movesUnderWay++ == 0) {
            moves.incrementAndGet();
        }
    }

    private void endMove() {
        if (--movesUnderWay == 0) {
            moves.incrementAndGet();
        }
    }

    /** Copies what has a label, and says in which rows it stands. */
    private static int[] collect(VectorBlock<UUID> rows, UUID[] ids, float[] vectors) {
        int[] places = new int[ids.length];
        int count = 0;
        for (int row = 0; row < rows.size(); row++) {
            UUID id = rows.label(row);
            if (id != null) {
                rows.decode(row, vectors, count * rows.dimension());
                places[count] = row;
                ids[count++] = id;
            }
        }
        return places;
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
