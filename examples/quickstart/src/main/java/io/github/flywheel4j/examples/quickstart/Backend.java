package io.github.flywheel4j.examples.quickstart;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.github.flywheel4j.PriceList;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The model that answers: one behind an OpenAI-compatible endpoint if the environment names it, else the offline one.
 *
 * @param place where it is, for people
 */
record Backend(ChatModel chat, StreamingChatModel streaming, PriceList prices, String place) {

    private static final String OPEN_AI = "https://api.openai.com/v1";
    private static final String DEFAULT_MODEL = "gpt-4o-mini";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    static Backend of(Map<String, String> environment, EmbeddingModel embeddings) {
        String key = setting(environment, "OPENAI_API_KEY");
        String url = setting(environment, "OPENAI_BASE_URL");
        return key == null && url == null
                ? offline(embeddings)
                : openAi(key == null ? "none" : key, url == null ? OPEN_AI : url, setting(environment, "OPENAI_MODEL"));
    }

    private static Backend offline(EmbeddingModel embeddings) {
        ExtractiveAnswer answer = new ExtractiveAnswer(embeddings);
        PriceList free = PriceList.builder("USD")
                .perMillionTokens(OfflineModel.NAME, "0", "0")
                .build();
        return new Backend(
                new OfflineModel(answer), new OfflineStreamingModel(answer), free, "offline, no key, no network");
    }

    private static Backend openAi(String key, String url, @Nullable String model) {
        requireHttp(url);
        // Servers such as vLLM and LM Studio stumble over the JDK client's offer to speak HTTP/2.
        HttpClient.Builder http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        ChatModel chat = OpenAiChatModel.builder()
                .baseUrl(url)
                .apiKey(key)
                .modelName(model == null ? DEFAULT_MODEL : model)
                .timeout(TIMEOUT)
                .maxRetries(0)
                .httpClientBuilder(JdkHttpClient.builder().httpClientBuilder(http))
                .build();
        StreamingChatModel streaming = OpenAiStreamingChatModel.builder()
                .baseUrl(url)
                .apiKey(key)
                .modelName(model == null ? DEFAULT_MODEL : model)
                .timeout(TIMEOUT)
                .httpClientBuilder(JdkHttpClient.builder().httpClientBuilder(http))
                .build();
        return new Backend(chat, streaming, url.equals(OPEN_AI) ? listPrices() : PriceList.empty(), url);
    }

    private static void requireHttp(String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?")) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new Problem(
                Problem.BAD_INPUT, "OPENAI_BASE_URL: " + url + " (expected: a URL such as http://localhost:11434/v1)");
    }

    /** List prices in USD of OpenAI's own endpoint, of 2025; change them to those of your contract. */
    private static PriceList listPrices() {
        return PriceList.builder("USD")
                .perMillionTokens("gpt-4o-mini", "0.15", "0.60")
                .perMillionTokens("gpt-4o-20", "2.50", "10.00")
                .perMillionTokens("gpt-4.1-nano", "0.10", "0.40")
                .perMillionTokens("gpt-4.1-mini", "0.40", "1.60")
                .perMillionTokens("gpt-4.1-20", "2.00", "8.00")
                .build();
    }

    /** Why the model did not answer, in one line for people; what the provider wrote may hold keys and is not repeated. */
    Problem problem(Throwable failure) {
        HttpException http = cause(failure, HttpException.class);
        String what;
        if (failure instanceof AuthenticationException) {
            what = "did not accept the key (expected: a valid OPENAI_API_KEY)";
        } else if (failure instanceof ModelNotFoundException) {
            what = "does not know the model (expected: a name it serves, in OPENAI_MODEL)";
        } else if (failure instanceof RateLimitException) {
            what = "refuses further calls for now: rate limit or quota (HTTP 429)";
        } else if (http != null) {
            what = "answered with HTTP status " + http.statusCode();
        } else if (failure instanceof UnresolvedModelServerException
                || cause(failure, ConnectException.class) != null) {
            what = "cannot be reached (expected: a running server; is OPENAI_BASE_URL right?)";
        } else {
            what = "failed: " + firstLine(failure);
        }
        return new Problem(Problem.NO_ANSWER, "the model at " + place + " " + what);
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < 16; depth++) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
            each = each.getCause();
        }
        return null;
    }

    private static String firstLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    private static @Nullable String setting(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
