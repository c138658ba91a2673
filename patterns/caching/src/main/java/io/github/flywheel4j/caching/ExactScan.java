package io.github.flywheel4j.caching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/** Compares with every vector: exact, and for some thousand vectors fast enough. Thread-safe. */
final class ExactScan implements VectorIndex {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, Integer> places = new HashMap<>();
    private UUID[] ids = new UUID[16];
    private float[][] vectors = new float[16][];
    private int size;

    @Override
    public void add(UUID id, float[] vector) {
        lock.lock();
        try {
            remove(id);
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, 2 * size);
                vectors = Arrays.copyOf(vectors, 2 * size);
            }
            ids[size] = id;
            vectors[size] = vector;
            places.put(id, size++);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void remove(UUID id) {
        lock.lock();
        try {
            Integer place = places.remove(id);
            if (place != null) {
                size--;
                if (place < size) {
                    ids[place] = ids[size];
                    vectors[place] = vectors[size];
                    places.put(ids[place], place);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Neighbour> nearest(float[] vector, int k) {
        lock.lock();
        try {
            PriorityQueue<Neighbour> best = new PriorityQueue<>(Comparator.comparingDouble(Neighbour::similarity));
            for (int i = 0; i < size; i++) {
                double similarity = dot(vector, vectors[i]);
                if (best.size() < k) {
                    best.add(new Neighbour(ids[i], similarity));
                } else if (similarity > best.element().similarity()) {
                    best.remove();
                    best.add(new Neighbour(ids[i], similarity));
                }
            }
            List<Neighbour> nearest = new ArrayList<>(best);
            nearest.sort(Comparator.comparingDouble(Neighbour::similarity).reversed());
            return nearest;
        } finally {
            lock.unlock();
        }
    }

    /** Four sums at once, because a single one has to wait for each addition. */
    static double dot(float[] a, float[] b) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return (double) s0 + s1 + s2 + s3;
    }
}
