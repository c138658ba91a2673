package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.flywheel4j.caching.VectorIndex.Neighbour;
import io.github.flywheel4j.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellIndexTest {

    /** What a cache may look for: signs of 32 coordinates do not rank what is farther away. */
    private static final double NEAR = .7;

    private final CellIndex index = new CellIndex();

    @Test
    void knowsNothingBeforeSomethingCame() {
        assertThat(index.nearest(new float[] {1, 0}, 3)).isEmpty();
        index.remove(new UUID(0, 1));
        assertThat(index.nearest(new float[] {1, 0}, 3)).isEmpty();
    }

    @Test
    void ranksByCosineAndReturnsAtMostAsManyAsAsked() {
        index.add(id(1), new float[] {1, 0});
        index.add(id(2), Vectors.ofLengthOne(new float[] {1, 1}));
        index.add(id(3), new float[] {0, 1});
        index.add(id(4), new float[] {-1, 0});

        assertThat(index.nearest(new float[] {1, 0}, 3))
                .extracting(Neighbour::id)
                .containsExactly(id(1), id(2), id(3));
        assertThat(index.nearest(new float[] {1, 0}, 0)).isEmpty();
        List<Neighbour> all = index.nearest(new float[] {1, 0}, 10);
        assertThat(all).hasSize(4);
        assertThat(all.get(0).similarity()).isEqualTo(1, within(.001));
        assertThat(all.get(1).similarity()).isEqualTo(Math.sqrt(.5), within(.001));
        assertThat(all.get(3).similarity()).isEqualTo(-1, within(.001));
    }

    @Test
    void replacesTheVectorOfAnIdItHas() {
        index.add(id(1), new float[] {1, 0});
        index.add(id(1), new float[] {0, 1});

        assertThat(index.nearest(new float[] {0, 1}, 5)).singleElement().satisfies(only -> assertThat(only.similarity())
                .isEqualTo(1, within(.001)));
    }

    @Test
    void refusesAVectorOfAnotherModel() {
        index.add(id(1), new float[] {1, 0});

        assertThatThrownBy(() -> index.add(id(2), new float[] {1, 0, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vector: 3 dimensions (expected: 2, as the first one had; one index holds vectors of one"
                        + " embedding model)");
        assertThatThrownBy(() -> index.nearest(new float[] {1}, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void partsVectorsThatCannotBeToldApart() {
        for (int i = 0; i < 2_000; i++) {
            index.add(id(i), new float[] {0.6f, 0.8f});
        }
        index.remove(id(7));

        assertThat(index.nearest(new float[] {0.6f, 0.8f}, 20))
                .hasSize(20)
                .doesNotHaveDuplicates()
                .allSatisfy(each -> assertThat(each.similarity()).isEqualTo(1, within(.001)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000, 5_000, 20_000})
    void findsVectorsThatCannotBeToldApartAmongOthers(int equal) {
        Random random = Seeds.named("equal vectors").random();
        float[] same = Vectors.near(random, new float[64], 0);
        List<float[]> vectors = clustered(random, 20_000 - equal, 64);
        for (int i = 0; i < equal; i++) {
            index.add(id(i), Vectors.near(random, same, .99999));
        }
        for (int i = 0; i < vectors.size(); i++) {
            index.add(id(equal + i), vectors.get(i));
        }

        for (int i = 0; i < 50; i++) {
            float[] query = Vectors.near(random, same, .7 + .29 * random.nextDouble());
            List<Neighbour> found = index.nearest(query, 10);
            assertThat(found).hasSize(10);
            assertThat(found.get(0).similarity()).isGreaterThan((float) Vectors.cosine(same, query) - .02f);
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 24", "159, 384", "1000, 64", "4000, 96", "2000, 768", "1000, 1000", "12000, 160", "20000, 100"})
    void findsTheNearestAsSurelyAsLookingAtAll(int count, int dimension) {
        Random random = Seeds.named("cell index " + count + " " + dimension).random();
        List<float[]> vectors = clustered(random, count, dimension);
        for (int i = 0; i < count; i++) {
            index.add(id(i), vectors.get(i));
        }

        int found = 0;
        int asked = 200;
        for (int i = 0; i < asked; i++) {
            float[] query = Vectors.near(random, vectors.get(random.nextInt(count)), 0.7 + 0.29 * random.nextDouble());
            Neighbour nearest = index.nearest(query, 1).get(0);
            int best = nearest(vectors, query);
            double similarity = Vectors.cosine(vectors.get(number(nearest.id())), query);
            assertThat(nearest.similarity()).isEqualTo(similarity, within(.004));
            // An equally near one is as good.
            found += similarity > Vectors.cosine(vectors.get(best), query) - .001 ? 1 : 0;
        }
        assertThat(found / (double) asked).as("recall of the nearest").isGreaterThan(.98);
    }

    /** Embeddings of e5 point all in about one direction: the signs must not be those of that direction. */
    @Test
    void findsTheNearestWhereAllVectorsPointInOneDirection() {
        Random random = Seeds.named("cell index in a cone").random();
        float[] axis = Vectors.random(random, 128);
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            vectors.add(Vectors.near(random, axis, .87));
            index.add(id(i), vectors.get(i));
        }
        int found = 0;
        for (int i = 0; i < 300; i++) {
            float[] query = Vectors.near(random, vectors.get(i * 13), .95);
            found += number(index.nearest(query, 1).get(0).id()) == nearest(vectors, query) ? 1 : 0;
        }
        assertThat(found).as("nearest found of 300").isGreaterThan(294);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void agreesWithAnExactModelThroughAddsReplacementsAndRemovals(int round) {
        Random random = Seeds.named("cell index churn " + round).random();
        Map<UUID, float[]> model = new HashMap<>();
        List<float[]> pool = clustered(random, 3_000, 32);
        for (int step = 0; step < 8_000; step++) {
            UUID id = id(random.nextInt(1_500));
            // First mostly adds, then mostly removals, so that cells are parted, compacted and dissolved.
            if (random.nextInt(100) < (step < 4_000 ? 80 : 25)) {
                float[] vector = pool.get(random.nextInt(pool.size()));
                index.add(id, vector);
                model.put(id, vector);
            } else {
                index.remove(id);
                model.remove(id);
            }
            if (step % 50 == 0 && !model.isEmpty()) {
                agrees(model, pool.get(random.nextInt(pool.size())));
            }
        }
        for (UUID id : List.copyOf(model.keySet())) {
            index.remove(id);
            model.remove(id);
        }
        assertThat(index.nearest(pool.get(0), 10)).isEmpty();
    }

    private void agrees(Map<UUID, float[]> model, float[] query) {
        List<Neighbour> nearest = index.nearest(query, 5);
        assertThat(nearest)
                .hasSize(Math.min(5, model.size()))
                .extracting(Neighbour::id)
                .doesNotHaveDuplicates();
        double best = model.values().stream()
                .mapToDouble(each -> Vectors.cosine(each, query))
                .max()
                .orElseThrow();
        for (Neighbour each : nearest) {
            assertThat(model).as("what is there").containsKey(each.id());
            assertThat(each.similarity()).isEqualTo(Vectors.cosine(model.get(each.id()), query), within(.006));
        }
        if (best > NEAR) {
            assertThat(nearest.get(0).similarity()).as("the nearest").isGreaterThan(best - .02);
        }
    }

    /** Thousands of removed rows that are nearer than all the rest do not hide it. */
    @ParameterizedTest
    @ValueSource(ints = {3_000, 12_000})
    void findsWhatIsLeftWhereAllThatWasNearIsGone(int count) {
        Random random = Seeds.named("cell index after a removal " + count).random();
        float[] topic = Vectors.random(random, 96);
        Map<UUID, float[]> left = new HashMap<>();
        for (int i = 0; i < count; i++) {
            boolean near = i % 2 == 0;
            float[] vector = Vectors.near(random, topic, near ? .9 : .75);
            index.add(id(i), vector);
            if (!near) {
                left.put(id(i), vector);
            }
        }
        for (int i = 0; i < count; i += 2) {
            index.remove(id(i));
        }
        for (int i = 0; i < 20; i++) {
            float[] query = Vectors.near(random, topic, .95);
            double best = left.values().stream()
                    .mapToDouble(each -> Vectors.cosine(each, query))
                    .max()
                    .orElseThrow();
            assertThat(index.nearest(query, 1)).singleElement().satisfies(nearest -> {
                assertThat(left).containsKey(nearest.id());
                assertThat(nearest.similarity()).isGreaterThan(best - .02);
            });
        }
    }

    /** What is there during a whole search is found; what was removed before it is not. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 9_000})
    void searchesWhileOthersAddAndRemove(int lasting) throws Exception {
        Random random = Seeds.named("cell index race " + lasting).random();
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < lasting; i++) {
            vectors.add(Vectors.random(random, 48));
            index.add(id(i), vectors.get(i));
        }
        Map<UUID, Boolean> removed = new ConcurrentHashMap<>();
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicInteger searches = new AtomicInteger();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int writer = 0; writer < 3; writer++) {
                int first = lasting * (writer + 1);
                long seed = random.nextLong();
                writers.add(
                        CompletableFuture.runAsync(() -> write(first, new Random(seed), vectors, removed), threads));
            }
            List<CompletableFuture<Void>> readers = new ArrayList<>();
            for (int reader = 0; reader < 3; reader++) {
                long seed = random.nextLong();
                readers.add(CompletableFuture.runAsync(
                        () -> read(running, new Random(seed), vectors, removed, searches), threads));
            }
            CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).get();
            running.set(false);
            CompletableFuture.allOf(readers.toArray(CompletableFuture[]::new)).get();
        } finally {
            running.set(false);
            threads.shutdownNow();
        }
        assertThat(searches).hasPositiveValue();
        assertThat(index.nearest(vectors.get(0), 100)).noneMatch(each -> removed.containsKey(each.id()));
    }

    private void write(int first, Random random, List<float[]> near, Map<UUID, Boolean> removed) {
        for (int i = 0; i < 700; i++) {
            index.add(id(first + i), Vectors.near(random, near.get(random.nextInt(near.size())), .8));
            if (i % 3 == 0) {
                UUID gone = id(first + random.nextInt(i + 1));
                index.remove(gone);
                removed.put(gone, true);
            }
        }
    }

    private void read(
            AtomicBoolean running,
            Random random,
            List<float[]> vectors,
            Map<UUID, Boolean> removed,
            AtomicInteger searches) {
        while (running.get()) {
            int wanted = random.nextInt(vectors.size());
            Map<UUID, Boolean> before = Map.copyOf(removed);
            List<Neighbour> nearest = index.nearest(vectors.get(wanted), 5);
            assertThat(nearest)
                    .extracting(Neighbour::id)
                    .doesNotHaveDuplicates()
                    .contains(id(wanted));
            assertThat(nearest).noneMatch(each -> before.containsKey(each.id()));
            searches.incrementAndGet();
        }
    }

    private static List<float[]> clustered(Random random, int count, int dimension) {
        List<float[]> centres = new ArrayList<>();
        for (int i = 0; i < Math.max(1, count / 40); i++) {
            centres.add(Vectors.random(random, dimension));
        }
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            vectors.add(
                    Vectors.near(random, centres.get(random.nextInt(centres.size())), .5 + .4 * random.nextDouble()));
        }
        return vectors;
    }

    private static int nearest(List<float[]> vectors, float[] query) {
        int best = 0;
        for (int i = 1; i < vectors.size(); i++) {
            best = Vectors.cosine(vectors.get(i), query) > Vectors.cosine(vectors.get(best), query) ? i : best;
        }
        return best;
    }

    private static UUID id(int number) {
        return new UUID(7, number);
    }

    private static int number(UUID id) {
        return (int) id.getLeastSignificantBits();
    }
}
