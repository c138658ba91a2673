package io.github.flywheel4j.benchmarks.caching;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The vectors of a bench at full precision in a mapped file, outside the heap that is measured. Not thread-safe. */
final class StoredVectors implements AutoCloseable {

    private static final int PER_MAP = 250_000;
    private static final int VECTOR_BYTES = SentenceLikeVectors.DIMENSION * Float.BYTES;

    private final Path file;
    private final FileChannel channel;
    private final List<FloatBuffer> maps = new ArrayList<>();
    private final int count;

    StoredVectors(int count) throws IOException {
        this.count = count;
        this.file = Files.createTempFile("flywheel4j-vectors", ".bin");
        this.channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        for (int from = 0; from < count; from += PER_MAP) {
            long bytes = (long) Math.min(PER_MAP, count - from) * VECTOR_BYTES;
            maps.add(channel.map(FileChannel.MapMode.READ_WRITE, (long) from * VECTOR_BYTES, bytes)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer());
        }
    }

    int count() {
        return count;
    }

    void put(int number, float[] vector) {
        maps.get(number / PER_MAP).put(number % PER_MAP * vector.length, vector);
    }

    void get(int number, float[] vector) {
        maps.get(number / PER_MAP).get(number % PER_MAP * vector.length, vector);
    }

    /** The nearest to each query, by looking at all. */
    Truth nearest(List<float[]> queries) {
        int[] nearest = new int[queries.size()];
        float[] similarity = new float[queries.size()];
        Arrays.fill(similarity, Float.NEGATIVE_INFINITY);
        float[] vector = new float[SentenceLikeVectors.DIMENSION];
        for (int i = 0; i < count; i++) {
            get(i, vector);
            for (int query = 0; query < nearest.length; query++) {
                float cosine = dot(vector, queries.get(query));
                if (cosine > similarity[query]) {
                    similarity[query] = cosine;
                    nearest[query] = i;
                }
            }
        }
        return new Truth(nearest, similarity);
    }

    /** Of each query, the number of the nearest vector and its cosine. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Truth(int[] nearest, float[] similarity) {}

    private static float dot(float[] a, float[] b) {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        for (int i = 0; i < a.length; i += 4) {
            first += a[i] * b[i];
            second += a[i + 1] * b[i + 1];
            third += a[i + 2] * b[i + 2];
            fourth += a[i + 3] * b[i + 3];
        }
        return first + second + third + fourth;
    }

    @Override
    public void close() throws IOException {
        maps.clear();
        channel.close();
        Files.deleteIfExists(file);
    }
}
