package io.github.flywheel4j.benchmarks.caching;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** LangChain4j's store in memory, in a process of its own: a million vectors need a larger heap than the bench has. */
final class InMemoryStorePeer {

    private static final int WARM_UP = 3;
    private static final int ASKED = 15;
    private static final long BYTES_PER_ENTRY = 3_000;

    private InMemoryStorePeer() {}

    /** The median of a search, in microseconds. */
    static double p50Micros(int entries, long seed) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + (256 + entries * BYTES_PER_ENTRY / 1_000_000) + "m",
                InMemoryStorePeer.class.getName(),
                String.valueOf(entries),
                String.valueOf(seed));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process child = builder.start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            String nanos = said.readLine();
            int status = child.waitFor();
            if (nanos == null || status != 0) {
                throw new IllegalStateException("the process with LangChain4j's store ended with " + status);
            }
            return Long.parseLong(nanos) / 1e3;
        } finally {
            child.destroyForcibly();
        }
    }

    /** Prints the median in nanoseconds. */
    public static void main(String[] arguments) {
        int entries = Integer.parseInt(arguments[0]);
        SentenceLikeVectors vectors = new SentenceLikeVectors(entries, Long.parseLong(arguments[1]));
        InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        // All at once: it copies all that it has for each call that adds.
        List<Embedding> embeddings = new ArrayList<>(entries);
        for (int i = 0; i < entries; i++) {
            embeddings.add(Embedding.from(vectors.stored(i)));
        }
        store.addAll(embeddings);
        long[] nanos = new long[ASKED];
        for (int i = -WARM_UP; i < ASKED; i++) {
            EmbeddingSearchRequest request = EmbeddingSearchRequest.builder()
                    .queryEmbedding(Embedding.from(vectors.paraphrase((i + WARM_UP) % entries, i)))
                    .maxResults(1)
                    .build();
            long start = System.nanoTime();
            int found = store.search(request).matches().size();
            long took = System.nanoTime() - start;
            if (i >= 0 && found == 1) {
                nanos[i] = took;
            }
        }
        Arrays.sort(nanos);
        System.out.println(nanos[ASKED / 2]);
    }
}
