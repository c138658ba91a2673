package io.github.flywheel4j.caching;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponseMetadata;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An embedding model that asks another one only for texts it has not embedded before; equal to that one in everything else.
 * Thread-safe.
 *
 * <pre>{@code
 * EmbeddingCache embeddings = EmbeddingCache.around(embeddingModel);
 * }</pre>
 *
 * <p>An embedding is found by its text, the model's name and the parameters of the request. Of a list, the texts that are
 * missing go to the model in one call, each once. Metadata of segments is not looked at, because LangChain4j's models do
 * not either; inputs that are not text alone are passed on. {@code doEmbed} is passed on too: it is the model's inside.
 *
 * <p>Token usage is what was used: zero for a hit, and that of the call for a list with misses. The model's listeners hear
 * of the calls that the model gets. A vector that was handed out may be changed by its owner: each caller has a copy.
 *
 * <p>Texts are held in memory, as they are. Two calls that miss the same text at the same time both ask the model.
 */
public final class EmbeddingCache implements EmbeddingModel {

    private static final long DEFAULT_BYTES = 64L * 1024 * 1024;

    /** What an entry takes beside its text and its vector: key, parameters, node. */
    private static final int OVERHEAD_BYTES = 160;

    private final EmbeddingModel model;
    private final Cache<Key, float[]> cache;
    private final Counters counters;

    private EmbeddingCache(EmbeddingModel model, Cache<Key, float[]> cache, Counters counters) {
        this.model = model;
        this.cache = cache;
        this.counters = counters;
    }

    /** A cache of at most 64 MB around a model: some 35,000 short texts at 384 dimensions. */
    public static EmbeddingCache around(EmbeddingModel model) {
        return around(model, DEFAULT_BYTES);
    }

    /**
     * A cache around a model.
     *
     * @param mostBytes how much memory its entries may take, about; what was not used for long goes first
     * @throws IllegalArgumentException if that is not positive
     */
    public static EmbeddingCache around(EmbeddingModel model, long mostBytes) {
        if (mostBytes < 1) {
            throw new IllegalArgumentException("mostBytes: " + mostBytes
                    + " (expected: > 0; an entry takes four bytes a dimension, two a character, and " + OVERHEAD_BYTES
                    + ")");
        }
        Cache<Key, float[]> cache = Caffeine.newBuilder()
                .maximumWeight(mostBytes)
                .weigher((Key key, float[] vector) ->
                        OVERHEAD_BYTES + 2 * key.text().length() + 4 * vector.length)
                // Its upkeep takes microseconds; another thread would be another thing to wait for in a test.
                .executor(Runnable::run)
                .build();
        return new EmbeddingCache(model, cache, new Counters(new LongAdder(), new LongAdder()));
    }

    /** How many texts were found. */
    public long hits() {
        return counters.hits().sum();
    }

    /** How many texts went to the model. */
    public long misses() {
        return counters.misses().sum();
    }

    @Override
    public Response<Embedding> embed(String text) {
        return one(text, () -> model.embed(text));
    }

    @Override
    public Response<Embedding> embed(TextSegment segment) {
        return one(segment.text(), () -> model.embed(segment));
    }

    private Response<Embedding> one(String text, Supplier<Response<Embedding>> ask) {
        Key key = key(text);
        float[] known = cache.getIfPresent(key);
        if (known != null) {
            counters.hits().increment();
            return Response.from(Embedding.from(known.clone()), none());
        }
        counters.misses().increment();
        Response<Embedding> response = ask.get();
        cache.put(key, response.content().vector().clone());
        return response;
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        Batch<TextSegment> batch = new Batch<>(segments, segment -> key(segment.text()));
        if (batch.missing().isEmpty()) {
            return Response.from(batch.embeddings(List.of()), none());
        }
        Response<List<Embedding>> response = model.embedAll(batch.missing());
        return Response.from(
                batch.embeddings(response.content()),
                response.tokenUsage(),
                response.finishReason(),
                response.metadata());
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        Batch<EmbeddingInput> batch = batch(request);
        return batch == null ? model.embed(request) : batch.complete(request, model::embed);
    }

    /**
     * As {@link #embed(EmbeddingRequest)}, with a future; LangChain4j 1.20 and newer call it. Cancelling the future does not
     * cancel the call: what it returns is worth keeping.
     */
    public CompletableFuture<EmbeddingResponse> embedAsync(EmbeddingRequest request) {
        Batch<EmbeddingInput> batch = batch(request);
        if (batch == null) {
            return Futures.EMBED.call(model, request);
        }
        if (batch.missing().isEmpty()) {
            return CompletableFuture.completedFuture(batch.complete(request, missing -> {
                throw new IllegalStateException("nothing is missing (expected: no call)");
            }));
        }
        CompletableFuture<EmbeddingResponse> asked = Futures.EMBED.call(model, batch.remaining(request));
        return asked.thenApply(response -> batch.complete(request, missing -> response));
    }

    private @Nullable Batch<EmbeddingInput> batch(EmbeddingRequest request) {
        for (EmbeddingInput input : request.inputs()) {
            if (input.contents().size() != 1 || !input.contentTypes().equals(Set.of(ContentType.TEXT))) {
                return null;
            }
        }
        EmbeddingRequestParameters parameters = model.defaultRequestParameters().overrideWith(request.parameters());
        return new Batch<>(request.inputs(), input -> new Key(model.modelName(), parameters, input.text()));
    }

    // ---------------------------------------------------------------- passed on as it is

    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        return model.doEmbed(request);
    }

    /** As {@link #doEmbed}, with a future; LangChain4j 1.20 and newer call it. */
    public CompletableFuture<EmbeddingResponse> doEmbedAsync(EmbeddingRequest request) {
        return Futures.DO_EMBED.call(model, request);
    }

    @Override
    public List<EmbeddingModelListener> listeners() {
        return model.listeners();
    }

    @Override
    public ModelProvider provider() {
        return model.provider();
    }

    @Override
    public EmbeddingRequestParameters defaultRequestParameters() {
        return model.defaultRequestParameters();
    }

    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
        return model.supportedParameters();
    }

    @Override
    public Set<ContentType> supportedContentTypes() {
        return model.supportedContentTypes();
    }

    @Override
    public int dimension() {
        return model.dimension();
    }

    @Override
    public String modelName() {
        return model.modelName();
    }

    /** The same cache around the model with the listener. */
    @Override
    public EmbeddingModel addListener(EmbeddingModelListener listener) {
        return new EmbeddingCache(model.addListener(listener), cache, counters);
    }

    /** The same cache around the model with the listeners. */
    @Override
    public EmbeddingModel addListeners(List<EmbeddingModelListener> listeners) {
        return new EmbeddingCache(model.addListeners(listeners), cache, counters);
    }

    /** Shows what it is around. */
    @Override
    public String toString() {
        return "EmbeddingCache -> " + model.getClass().getSimpleName();
    }

    // ---------------------------------------------------------------- how it is done

    private record Key(String model, EmbeddingRequestParameters parameters, String text) {}

    private record Counters(LongAdder hits, LongAdder misses) {}

    private Key key(String text) {
        return new Key(model.modelName(), model.defaultRequestParameters(), text);
    }

    private static TokenUsage none() {
        return new TokenUsage(0, 0, 0);
    }

    /** Texts of one call: those that are known, and those that are missing, each once. */
    private final class Batch<T> {

        private final List<Key> keys = new ArrayList<>();
        private final Map<Key, float[]> known = new LinkedHashMap<>();
        private final Map<Key, T> missing = new LinkedHashMap<>();

        Batch(List<T> texts, Function<T, Key> keyOf) {
            for (T text : texts) {
                Key key = keyOf.apply(text);
                keys.add(key);
                float[] vector = missing.containsKey(key) ? null : cache.getIfPresent(key);
                if (vector == null) {
                    missing.putIfAbsent(key, text);
                } else {
                    known.put(key, vector);
                }
            }
            counters.misses().add(missing.size());
            counters.hits().add(keys.size() - missing.size());
        }

        List<T> missing() {
            return List.copyOf(missing.values());
        }

        /** All embeddings in order, once the missing ones are there. */
        List<Embedding> embeddings(List<Embedding> fresh) {
            if (fresh.size() != missing.size()) {
                throw new IllegalStateException(
                        "the embedding model returned " + fresh.size() + " embeddings (expected: " + missing.size()
                                + ", one for each text; the model does not keep its contract)");
            }
            Map<Key, float[]> vectors = new LinkedHashMap<>(known);
            int next = 0;
            for (Key key : missing.keySet()) {
                float[] vector = fresh.get(next++).vector().clone();
                cache.put(key, vector);
                vectors.put(key, vector);
            }
            List<Embedding> embeddings = new ArrayList<>(keys.size());
            for (Key key : keys) {
                float[] vector = vectors.get(key);
                if (vector != null) {
                    embeddings.add(Embedding.from(vector.clone()));
                }
            }
            return embeddings;
        }

        /** The request for what is missing. */
        @SuppressWarnings("unchecked") // a batch of inputs
        EmbeddingRequest remaining(EmbeddingRequest request) {
            return EmbeddingRequest.builder()
                    .inputs((List<EmbeddingInput>) missing())
                    .parameters(request.parameters())
                    .build();
        }

        EmbeddingResponse complete(EmbeddingRequest request, Function<EmbeddingRequest, EmbeddingResponse> ask) {
            if (missing.isEmpty()) {
                return EmbeddingResponse.builder()
                        .embeddings(embeddings(List.of()))
                        .metadata(EmbeddingResponseMetadata.builder()
                                .modelName(model.modelName())
                                .tokenUsage(none())
                                .build())
                        .build();
            }
            EmbeddingResponse response = ask.apply(remaining(request));
            return EmbeddingResponse.builder()
                    .embeddings(embeddings(response.embeddings()))
                    .metadata(response.metadata())
                    .build();
        }
    }

    /** The two methods that LangChain4j 1.19, which this is compiled with, does not have. */
    private enum Futures {
        EMBED("embedAsync"),
        DO_EMBED("doEmbedAsync");

        private final String method;
        private final @Nullable MethodHandle handle;

        Futures(String method) {
            this.method = method;
            this.handle = find(method);
        }

        private static @Nullable MethodHandle find(String method) {
            try {
                return MethodHandles.publicLookup()
                        .findVirtual(
                                EmbeddingModel.class,
                                method,
                                MethodType.methodType(CompletableFuture.class, EmbeddingRequest.class));
            } catch (NoSuchMethodException | IllegalAccessException e) {
                return null;
            }
        }

        @SuppressWarnings("unchecked") // the signature is looked up
        CompletableFuture<EmbeddingResponse> call(EmbeddingModel model, EmbeddingRequest request) {
            if (handle == null) {
                return CompletableFuture.failedFuture(new UnsupportedOperationException(
                        method + ": this LangChain4j has no such method (expected: 1.20 or newer)"));
            }
            try {
                return (CompletableFuture<EmbeddingResponse>) handle.invoke(model, request);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                return CompletableFuture.failedFuture(e);
            }
        }
    }
}
