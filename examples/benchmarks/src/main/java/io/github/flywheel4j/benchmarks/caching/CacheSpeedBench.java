package io.github.flywheel4j.benchmarks.caching;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.caching.IndexUnderTest;
import io.github.flywheel4j.caching.ResponseCache;
import io.github.flywheel4j.caching.Scope;
import io.github.flywheel4j.caching.TemperaturePolicy;
import io.github.flywheel4j.stats.LatencyPercentiles;
import io.github.flywheel4j.stats.LatencyRecorder;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a hit costs: an exact one through the whole stack, and the search for the nearest of many vectors, beside looking at all
 * of them and beside LangChain4j's store in memory. One thread asks; embedding is apart.
 *
 * <p>Of five queries four are paraphrases of something stored and one is about something else ({@link SentenceLikeVectors} says
 * how they are made). {@code recall_at_1} is over all; {@code recall_at_1_near} is over those that have a neighbour a cache could
 * serve, of a cosine of at least {@code near}. A million entries run in the usual heap: the vectors at full
 * precision are in a mapped file of 1.5 GB, and LangChain4j's store runs in a process with a heap of 3.3 GB.
 */
@Command(
        name = "cache-speed",
        description =
                "What an exact hit costs, and the search for the nearest of many vectors: time, recall, memory and"
                        + " build time, beside brute force and LangChain4j's in-memory store.",
        sortOptions = false)
public final class CacheSpeedBench implements Bench {

    private static final int LEAST = 100;
    private static final int MOST = 2_000_000;
    private static final double NEAR = 0.8;
    private static final int ROUNDS = 5;
    private static final int WARM_UP_ROUNDS = 3;
    private static final int BRUTE_FORCE_RUNS = 7;
    private static final int EXACT_WARM_UP = 400_000;
    private static final int EXACT_BATCHES = 2_001;
    private static final int EXACT_BATCH = 100;
    private static final long COMPARISONS = 400_000_000;

    @Option(
            names = "--entries",
            paramLabel = "N",
            defaultValue = "10000",
            description = "how many vectors, 100 to 2,000,000 (default: ${DEFAULT-VALUE})")
    private int entries;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "of the vectors and queries (default: ${DEFAULT-VALUE})")
    private long seed;

    /** Takes results, so that the compiler cannot leave out the work. */
    @SuppressWarnings("UnusedVariable")
    private int sink;

    /** Creates it with the options' defaults. */
    public CacheSpeedBench() {}

    @Override
    public Figures run(PrintStream out) throws Exception {
        if (entries < LEAST || entries > MOST) {
            throw new BadInput("--entries: " + entries + " (expected: a number from 100 to 2,000,000)");
        }
        Figures figures = new Figures().put("entries", (long) entries);
        double exact = exactHitMicros();
        figures.put("exact_hit_us", exact);
        SentenceLikeVectors vectors = new SentenceLikeVectors(entries, seed);
        try (StoredVectors stored = new StoredVectors(entries)) {
            search(vectors, stored, figures, out);
        }
        double store = InMemoryStorePeer.p50Micros(entries, seed);
        figures.put("in_memory_store_p50_us", store);
        new Table("beside it", "us")
                .row("exact hit, whole stack", Table.number(exact))
                .row("LangChain4j's in-memory store, p50", Table.number(store))
                .print(out);
        return figures;
    }

    private void search(SentenceLikeVectors vectors, StoredVectors stored, Figures figures, PrintStream out)
            throws IOException {
        for (int i = 0; i < entries; i++) {
            stored.put(i, vectors.stored(i));
        }
        long before = usedHeap();
        IndexUnderTest index = new IndexUnderTest();
        float[] vector = new float[SentenceLikeVectors.DIMENSION];
        long building = 0;
        for (int i = 0; i < entries; i++) {
            stored.get(i, vector);
            long start = System.nanoTime();
            index.add(i, vector);
            building += System.nanoTime() - start;
        }
        double bytes = (usedHeap() - before) / (double) entries;

        List<float[]> queries = queries(vectors);
        StoredVectors.Truth truth = stored.nearest(queries);
        LatencyRecorder latency = new LatencyRecorder();
        int near = 0;
        int nearFound = 0;
        int found = 0;
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            for (int i = 0; i < queries.size(); i++) {
                long start = System.nanoTime();
                int nearest = index.nearest(queries.get(i));
                long took = System.nanoTime() - start;
                if (round >= 0) {
                    latency.recordNanos(took);
                }
                if (round == 0) {
                    boolean right = nearest == truth.nearest()[i];
                    boolean servable = truth.similarity()[i] >= NEAR;
                    found += right ? 1 : 0;
                    near += servable ? 1 : 0;
                    nearFound += right && servable ? 1 : 0;
                }
            }
        }
        LatencyPercentiles percentiles = latency.percentiles();
        double bruteForce = bruteForceMicros(stored, queries);
        figures.put("semantic_p50_us", percentiles.p50Micros())
                .put("semantic_p99_us", percentiles.p99Micros())
                .put("recall_at_1", found / (double) queries.size())
                .put("recall_at_1_near", near == 0 ? 0 : nearFound / (double) near)
                .put("near", NEAR)
                .put("near_queries", (long) near)
                .put("queries", (long) queries.size())
                .put("bytes_per_entry", bytes)
                .put("build_seconds", building / 1e9)
                .put("brute_force_p50_us", bruteForce);
        new Table(entries + " entries", "p50 us", "p99 us", "recall, near", "recall, all", "bytes an entry", "build s")
                .row(
                        "semantic tier's index",
                        Table.number(percentiles.p50Micros()),
                        Table.number(percentiles.p99Micros()),
                        share(nearFound, near),
                        share(found, queries.size()),
                        Table.number(bytes),
                        Table.number(building / 1e9))
                .row("brute force", Table.number(bruteForce), "", "1", "1", "1,536", "")
                .print(out);
    }

    private List<float[]> queries(SentenceLikeVectors vectors) {
        Random random = new Random(seed);
        int count = (int) Math.max(100, Math.min(1_000, COMPARISONS / entries));
        List<float[]> queries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            queries.add(i % 5 == 4 ? vectors.unrelated(i) : vectors.paraphrase(random.nextInt(entries), i));
        }
        return queries;
    }

    private double bruteForceMicros(StoredVectors stored, List<float[]> queries) {
        long[] nanos = new long[BRUTE_FORCE_RUNS];
        for (int i = -1; i < BRUTE_FORCE_RUNS; i++) {
            long start = System.nanoTime();
            sink += stored.nearest(List.of(queries.get(i + 1))).nearest()[0];
            if (i >= 0) {
                nanos[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(nanos);
        return nanos[BRUTE_FORCE_RUNS / 2] / 1e3;
    }

    private double exactHitMicros() {
        ChatModel model = new AnsweringModel();
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("How do I return the kettle that I bought last week?"))
                .build();
        double[] micros = new double[EXACT_BATCHES];
        try (ResponseCache cache = ResponseCache.builder(Scope.shared("a bench with one question"))
                        .temperature(TemperaturePolicy.any())
                        .build();
                ChatStack stack =
                        ChatStack.builder().chatModel(model).layer(cache).build()) {
            exactHits(stack.chatModel(), request, EXACT_WARM_UP);
            for (int batch = 0; batch < EXACT_BATCHES; batch++) {
                micros[batch] = exactHits(stack.chatModel(), request, EXACT_BATCH) / EXACT_BATCH;
            }
        }
        // Of batches, because reading the clock would be a part of what one hit takes; the median, because a batch
        // during which
        // another process had the processor says nothing about a hit.
        Arrays.sort(micros);
        return micros[EXACT_BATCHES / 2];
    }

    private double exactHits(ChatModel model, ChatRequest request, int count) {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            sink += model.chat(request).aiMessage().text().length();
        }
        return (System.nanoTime() - start) / 1e3;
    }

    private static String share(int part, int whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.4f", part / (double) whole);
    }

    @SuppressWarnings("SystemGc") // what is left after a collection is what the index takes
    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static final class AnsweringModel implements ChatModel {

        private final ChatResponse response = ChatResponse.builder()
                .aiMessage(AiMessage.from("Print the label from your account and hand the box in at any post office."))
                .finishReason(FinishReason.STOP)
                .tokenUsage(new TokenUsage(54, 18))
                .build();

        @Override
        public ChatResponse chat(ChatRequest request) {
            return response;
        }
    }
}
