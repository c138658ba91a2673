package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.RETURNS_DEFAULTS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockingDetails;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponseMetadata;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EmbeddingCacheTest {

    private final Counting model = new Counting();
    private final EmbeddingCache cache = EmbeddingCache.around(model);

    @Test
    void asksTheModelOnceForAText() {
        Response<Embedding> first = cache.embed("hello");
        Response<Embedding> again = cache.embed(TextSegment.from("hello"));

        assertThat(model.calls).containsExactly(List.of("hello"));
        assertThat(again.content()).isEqualTo(first.content());
        assertThat(first.tokenUsage()).isEqualTo(new TokenUsage(5));
        assertThat(again.tokenUsage()).isEqualTo(new TokenUsage(0, 0, 0));
        assertThat(cache.hits()).isEqualTo(1);
        assertThat(cache.misses()).isEqualTo(1);
    }

    @Test
    void asksForAllThatIsMissingInOneCallAndForEachOnce() {
        cache.embed("b");
        Response<List<Embedding>> all = cache.embedAll(segments("a", "b", "c", "a"));
        Response<List<Embedding>> known = cache.embedAll(segments("c", "a"));

        assertThat(model.calls).containsExactly(List.of("b"), List.of("a", "c"));
        assertThat(all.content()).containsExactly(vector("a"), vector("b"), vector("c"), vector("a"));
        assertThat(all.tokenUsage()).isEqualTo(new TokenUsage(2));
        assertThat(known.content()).containsExactly(vector("c"), vector("a"));
        assertThat(known.tokenUsage()).isEqualTo(new TokenUsage(0, 0, 0));
        assertThat(cache.embedAll(List.of()).content()).isEmpty();
    }

    @Test
    void sharesItsEntriesBetweenTextsAndRequests() {
        cache.embed("a");
        EmbeddingRequest request = EmbeddingRequest.builder().inputs("a", "b").build();

        EmbeddingResponse response = cache.embed(request);
        EmbeddingResponse known = cache.embed(request);

        assertThat(model.calls).containsExactly(List.of("a"), List.of("b"));
        assertThat(response.embeddings()).containsExactly(vector("a"), vector("b"));
        assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(1));
        assertThat(known.embeddings()).isEqualTo(response.embeddings());
        assertThat(known.tokenUsage()).isEqualTo(new TokenUsage(0, 0, 0));
    }

    @Test
    void tellsTheParametersOfRequestsApart() {
        cache.embed(EmbeddingRequest.builder().input("a").build());
        cache.embed(EmbeddingRequest.builder().input("a").dimensions(2).build());
        cache.embed(EmbeddingRequest.builder().input("a").modelName("other").build());
        cache.embed(EmbeddingRequest.builder().input("a").dimensions(2).build());

        assertThat(model.calls).hasSize(3);
    }

    @Test
    void handsOutVectorsThatTheirOwnersMayChange() {
        cache.embed("a").content().vector()[0] = 99;
        cache.embed("a").content().vector()[0] = 99;
        cache.embedAll(segments("a", "b")).content().get(1).vector()[0] = 99;

        assertThat(cache.embedAll(segments("a", "b")).content()).containsExactly(vector("a"), vector("b"));
    }

    @Test
    void storesNothingOfACallThatFailedOrReturnedTooLittle() {
        model.broken = true;
        assertThatThrownBy(() -> cache.embed("a")).hasMessage("scripted");
        assertThatThrownBy(() -> cache.embedAll(segments("a", "b"))).hasMessage("scripted");
        model.broken = false;
        model.tooFew = true;
        assertThatThrownBy(() -> cache.embedAll(segments("a", "b")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the embedding model returned 1 embeddings (expected: 2");
        model.tooFew = false;

        assertThat(cache.embed("a").content()).isEqualTo(vector("a"));
    }

    @Test
    void staysWithinItsBound() {
        EmbeddingCache small = EmbeddingCache.around(model, 2_000);
        for (int i = 0; i < 1_000; i++) {
            small.embed("text " + i);
        }
        model.calls.clear();
        for (int i = 0; i < 1_000; i++) {
            small.embed("text " + i);
        }
        assertThat(model.calls).hasSizeGreaterThan(980);
        assertThatThrownBy(() -> EmbeddingCache.around(model, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mostBytes: 0 (expected: > 0");
    }

    @Test
    void keepsItsEntriesWhenAListenerIsAdded() {
        cache.embed("a");
        EmbeddingModel listened = cache.addListener(mock(EmbeddingModelListener.class));

        listened.embed("a");

        assertThat(listened).isInstanceOf(EmbeddingCache.class);
        assertThat(model.calls).hasSize(1);
    }

    static Stream<Method> methods() {
        return Stream.of(EmbeddingModel.class.getMethods()).filter(method -> !Modifier.isStatic(method.getModifiers()));
    }

    /** On each LangChain4j that this is run with: a new method of the interface fails here until it is passed on. */
    @ParameterizedTest
    @MethodSource("methods")
    void passesOnEveryMethod(Method method) throws Exception {
        EmbeddingModel inner = mock(EmbeddingModel.class, invocation -> {
            Class<?> type = invocation.getMethod().getReturnType();
            if (type == Response.class) {
                boolean many = invocation.getMethod().getName().equals("embedAll");
                return many ? Response.from(List.of(vector("a"))) : Response.from(vector("a"));
            }
            if (type == EmbeddingRequestParameters.class) {
                return EmbeddingRequestParameters.EMPTY;
            }
            EmbeddingResponse response =
                    EmbeddingResponse.builder().embeddings(List.of(vector("a"))).build();
            return type == EmbeddingResponse.class
                    ? response
                    : type == CompletableFuture.class
                            ? CompletableFuture.completedFuture(response)
                            : type == EmbeddingModel.class ? invocation.getMock() : RETURNS_DEFAULTS.answer(invocation);
        });
        EmbeddingCache around = EmbeddingCache.around(inner);

        assertThat(EmbeddingCache.class
                        .getMethod(method.getName(), method.getParameterTypes())
                        .getDeclaringClass())
                .as("the class with %s", method)
                .isEqualTo(EmbeddingCache.class);
        method.invoke(
                around,
                Stream.of(method.getParameterTypes())
                        .map(EmbeddingCacheTest::argument)
                        .toArray());

        assertThat(mockingDetails(inner).getInvocations())
                .as("calls of the inner model")
                .anyMatch(call -> call.getMethod().getName().equals(method.getName())
                        && List.of(call.getMethod().getParameterTypes()).equals(List.of(method.getParameterTypes())));
    }

    private static Object argument(Class<?> type) {
        if (type == String.class) {
            return "a";
        }
        if (type == TextSegment.class) {
            return TextSegment.from("a");
        }
        if (type == List.class) {
            return segments("a");
        }
        return type == EmbeddingRequest.class
                ? EmbeddingRequest.builder().input("a").build()
                : mock(type);
    }

    private static List<TextSegment> segments(String... texts) {
        return Stream.of(texts).map(TextSegment::from).toList();
    }

    private static Embedding vector(String text) {
        return Embedding.from(new float[] {text.length(), text.charAt(0)});
    }

    /** Counts a token for each character. */
    private static final class Counting implements EmbeddingModel {

        final List<List<String>> calls = new ArrayList<>();
        boolean broken;
        boolean tooFew;

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            List<String> texts = segments.stream().map(TextSegment::text).toList();
            Answer answer = answer(texts);
            return Response.from(answer.embeddings, new TokenUsage(answer.tokens));
        }

        @Override
        public EmbeddingResponse doEmbed(EmbeddingRequest request) {
            Answer answer =
                    answer(request.inputs().stream().map(EmbeddingInput::text).toList());
            return EmbeddingResponse.builder()
                    .embeddings(answer.embeddings)
                    .metadata(EmbeddingResponseMetadata.builder()
                            .tokenUsage(new TokenUsage(answer.tokens))
                            .build())
                    .build();
        }

        @Override
        public EmbeddingResponse embed(EmbeddingRequest request) {
            return doEmbed(request);
        }

        private record Answer(List<Embedding> embeddings, int tokens) {}

        private Answer answer(List<String> texts) {
            if (broken) {
                throw new IllegalStateException("scripted");
            }
            calls.add(texts);
            return new Answer(
                    texts.stream()
                            .skip(tooFew ? 1 : 0)
                            .map(EmbeddingCacheTest::vector)
                            .toList(),
                    texts.stream().mapToInt(String::length).sum());
        }

        @Override
        public Set<ContentType> supportedContentTypes() {
            return Set.of(ContentType.TEXT);
        }

        @Override
        public ModelProvider provider() {
            return ModelProvider.OTHER;
        }
    }
}
