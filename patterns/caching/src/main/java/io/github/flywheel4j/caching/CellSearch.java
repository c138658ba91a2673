package io.github.flywheel4j.caching;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * One search in the cells of a {@link CellIndex}: it takes the cells nearest to its vector until it has {@value #SEEN} vectors, all of
 * them in most caches, and goes over the outlines of their sketches, 20 bytes each. Of about the best {@value #GLANCED} it looks at the
 * detail too, and computes the cosine of the best {@value #RESCORED} of these. Which cells a vector is in hardly matters then: what
 * decides are estimates. Not thread-safe.
 *
 * <p>Most of the time goes to sketches, and of that more than half to waiting for memory, so two threads take less: where there
 * are many vectors, one of the common pool helps if it is free ({@link SketchScan}).
 */
final class CellSearch {

    /** Vectors whose outlines it looks at. */
    static final int SEEN = 229_376;

    /** Vectors of those whose details it looks at, about: how many are above the floor nobody knows before. */
    static final int GLANCED = 2_048;

    /** But not so many times as many, as where thousands cannot be told apart. */
    private static final int MOST_GLANCED = 2;

    /** Vectors of those whose cosine it computes. */
    static final int RESCORED = 128;

    /** Cells that are ranked by their details: enough even if each was just parted and is half full. */
    private static final int CANDIDATE_CELLS = 512;

    /** Blocks of which some rows are sampled, about. */
    private static final int SAMPLED_BLOCKS = 48;

    /** Rows whose codes are fetched together: more of them at a time than when each is waited for. */
    private static final int CODES_AHEAD = 16;

    private final VectorBlock<VectorCell> directory;
    private final VectorQuery query;
    private final int k;
    private final Semaphore helpers;
    private final List<VectorBlock<UUID>> blocks = new ArrayList<>();

    /** Vectors of the blocks. */
    private int seen;

    CellSearch(VectorBlock<VectorCell> directory, float[] vector, int k, Semaphore helpers) {
        this.directory = directory;
        this.query = new VectorQuery(vector);
        this.k = k;
        this.helpers = helpers;
    }

    /** What was found, the nearest first. */
    List<VectorIndex.Neighbour> nearest() {
        NearestRows best = new NearestRows(k);
        if (directory.centre().isNone()) {
            compareAll(best);
        } else {
            choose();
            compare(sketched(), best);
        }
        best.sort();
        return neighbours(best);
    }

    /** With every row of the only cell. */
    private void compareAll(NearestRows best) {
        VectorBlock<UUID> only = cell(directory, 0).rows();
        blocks.add(only);
        for (int row = 0, size = only.size(); row < size; row++) {
            if (only.label(row) != null) {
                best.offer(only.similarity(query, row), 0, row);
            }
        }
    }

    /** The blocks to look at. */
    private void choose() {
        NearestRows near = cells(directory, query, CANDIDATE_CELLS);
        NearestRows nearest = new NearestRows(near.size());
        for (int i = 0; i < near.size(); i++) {
            nearest.offer(directory.refine(query, near.row(i), near.score(i)), 0, near.row(i));
        }
        nearest.sort();
        for (int i = 0; i < nearest.size() && seen < SEEN; i++) {
            VectorBlock<UUID> rows = cell(directory, nearest.row(i)).rows();
            blocks.add(rows);
            seen += rows.size();
        }
    }

    /** The rows that are best by their sketches. */
    private NearestRows sketched() {
        int glanced = Math.min(Math.max(k, GLANCED), seen);
        int rescored = Math.min(Math.max(k, RESCORED), seen);
        SketchScan scan = new SketchScan(blocks, floor(glanced), MOST_GLANCED * glanced, rescored);
        return seen < SketchScan.SHARED ? scan.alone(query) : scan.shared(query, helpers);
    }

    /** What about so many rows are above, as a sample has it. */
    private float floor(int wanted) {
        RowScan scan = new RowScan(1); // it samples, and keeps no row
        if (seen > wanted) {
            // Spread over near and far ones: to begin with a block takes longer than to go on with it.
            int every = 1 + blocks.size() / SAMPLED_BLOCKS;
            for (int block = 0; block < blocks.size(); block += every) {
                blocks.get(block).sample(query, block, scan);
            }
            scan.floor(wanted, seen);
        }
        return scan.rows().floor();
    }

    private void compare(NearestRows sketched, NearestRows best) {
        int touched = 0;
        for (int from = 0; from < sketched.size(); from += CODES_AHEAD) {
            int to = Math.min(sketched.size(), from + CODES_AHEAD);
            for (int i = from; i < to; i++) {
                touched += blocks.get(sketched.block(i)).touchCode(sketched.row(i));
            }
            for (int i = from + (touched & 0); i < to; i++) {
                int block = sketched.block(i);
                int row = sketched.row(i);
                // One that was removed meanwhile must not take the place of another.
                if (blocks.get(block).label(row) != null) {
                    best.offer(blocks.get(block).similarity(query, row), block, row);
                }
            }
        }
    }

    private List<VectorIndex.Neighbour> neighbours(NearestRows best) {
        List<VectorIndex.Neighbour> neighbours = new ArrayList<>(best.size());
        for (int i = 0; i < best.size(); i++) {
            UUID id = blocks.get(best.block(i)).label(best.row(i));
            // Null: removed meanwhile. Twice: moved from one cell to another meanwhile.
            if (id != null && neighbours.stream().noneMatch(each -> each.id().equals(id))) {
                neighbours.add(new VectorIndex.Neighbour(id, Math.max(-1, Math.min(1, best.score(i)))));
            }
        }
        return neighbours;
    }

    /** About the cells nearest to a vector, in no order. */
    static NearestRows cells(VectorBlock<VectorCell> directory, VectorQuery query, int count) {
        RowScan scan = new RowScan(count);
        scan.rows().raiseFloor(SketchScan.GONE);
        directory.scan(query, 0, scan);
        scan.rows().trim();
        return scan.rows();
    }

    /** Nobody takes the label off a row of a directory that was handed out: a writer works on a fork. */
    static VectorCell cell(VectorBlock<VectorCell> directory, int row) {
        VectorCell cell = directory.label(row);
        if (cell == null) {
            throw new IllegalStateException("cell " + row + " of the directory is gone (expected: a cell)");
        }
        return cell;
    }
}
