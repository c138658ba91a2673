package io.github.flywheel4j.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.Answered;
import io.github.flywheel4j.Attempt;
import io.github.flywheel4j.Attempts;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.PriceList;
import io.github.flywheel4j.ResponseStream;
import io.github.flywheel4j.stats.Bootstrap;
import io.github.flywheel4j.stats.FittedPropensities;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.LogisticRegression;
import io.github.flywheel4j.stats.LogisticRegression.Prior;
import io.github.flywheel4j.stats.Quantiles;
import io.github.flywheel4j.stats.WeightedMeans;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import io.github.flywheel4j.testkit.StubReply;
import io.github.flywheel4j.testkit.Terminal;
import io.github.flywheel4j.testkit.TokenSplit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The examples of the core modules' classes. */
class ClassDocsTest {

    private final ChatModel model = ScriptedChatModel.saying("Lovely.");
    private final StreamingChatModel streamingModel = ScriptedStreamingChatModel.of(Answer.text("Lovely."));
    private final ChatRequest request =
            ChatRequest.builder().messages(UserMessage.from("How is Paris?")).build();
    private final SplittableRandom random = new SplittableRandom(1);
    private final boolean[] rated = new boolean[60];
    private final double[] thumbs = new double[60];
    private final double[][] features = new double[60][];
    private final double[] propensities = new double[60];
    private final int[] users = IntStream.range(0, 60).map(i -> i / 2).toArray();

    {
        for (int i = 0; i < 60; i++) {
            rated[i] = i % 3 == 0;
            thumbs[i] = rated[i] && i % 2 == 0 ? 1 : 0;
            features[i] = new double[] {i % 7 / 10.0, i % 2};
            propensities[i] = 1.0 / 3;
        }
    }

    @Test
    void logisticRegression() {
        // snippet
        LogisticRegression.Prior prior = LogisticRegression.Prior.ridge(2, 1);
        LogisticRegression rating =
                LogisticRegression.fit(features, rated, prior).orElseThrow();
        double propensity = rating.probability(0.3, 1);
        // end snippet

        assertThat(propensity).isBetween(0.1, 0.6);
    }

    @Test
    void fittedPropensities() {
        // snippet
        FittedPropensities fitted =
                FittedPropensities.of(features, rated, Prior.ridge(2, 1), 0.02).orElseThrow();
        Bootstrap byUser = Bootstrap.of(2_000, random).byCluster(users);
        Interval satisfied = fitted.selfNormalised(thumbs, 0.95, byUser);
        // end snippet

        assertThat(satisfied.estimate()).isBetween(0.2, 0.8);
    }

    @Test
    void weightedMeans() {
        // snippet
        WeightedMeans means = WeightedMeans.of(rated, propensities, 0.02);
        Interval satisfied = means.selfNormalised(thumbs, 0.95, Bootstrap.of(2_000, random));
        // end snippet

        assertThat(satisfied.estimate()).isEqualTo(0.5);
    }

    @Test
    void bootstrap() {
        double[] latencies = IntStream.range(0, 60).mapToDouble(i -> i).toArray();
        double[] scores = thumbs;
        int[] conversations = users;

        // snippet
        Bootstrap bootstrap = Bootstrap.of(10_000, new SplittableRandom(42));
        Interval median = bootstrap.bca(latencies, Quantiles::median, 0.95);
        Interval mean = bootstrap.byCluster(conversations).percentile(scores, Bootstrap::mean, 0.95);
        // end snippet

        assertThat(median.contains(29.5)).isTrue();
        assertThat(mean.contains(1.0 / 6)).isTrue();
    }

    @Test
    void stubReply() {
        // snippet
        StubReply plain = StubReply.text("Paris is lovely.");
        StubReply refusal = StubReply.tooManyRequests(Duration.ofSeconds(2));
        StubReply brokenOff = StubReply.text("Paris is lovely.").resetAfterTokens(2);
        // end snippet

        assertThat(List.of(plain, refusal, brokenOff)).doesNotHaveDuplicates();
    }

    @Test
    void answer() {
        // snippet
        Answer plain = Answer.text("Paris is lovely in May.").usage(12, 6);
        Answer tool = Answer.toolCall("weather", "{\"city\":\"Paris\"}");
        Answer brokenOff = Answer.text("Paris is lovely")
                .tokens(TokenSplit.characters())
                .failAfterTokens(3, new IOException("reset"));
        Answer thrown = Answer.failure(new RateLimitException("slow down")).terminals(Terminal.THROW);
        // end snippet

        assertThat(List.of(plain, tool, brokenOff, thrown)).doesNotHaveDuplicates();
    }

    @Test
    void recordingHandler() {
        StreamingChatModel model = ScriptedStreamingChatModel.of(Answer.text("Paris"));

        // snippet
        RecordingHandler heard = new RecordingHandler();
        model.chat(request, heard);
        assertThat(heard.await().events()).containsExactly("text:Paris", "complete");
        // end snippet
    }

    @Test
    void chatLayer() {
        // snippet
        ChatLayer timing = (call, next) -> {
            long start = System.nanoTime();
            ChatResponse answer = next.proceed(call);
            call.trace().record("Timing", "measured", Map.of(), Duration.ofNanos(System.nanoTime() - start));
            return answer;
        };
        // end snippet

        assertThat(timing.around(model).chat("How is Paris?")).isEqualTo("Lovely.");
    }

    @Test
    void chatStack() {
        ChatLayer timing = (call, next) -> next.proceed(call);
        List<String> log = new CopyOnWriteArrayList<>();

        // snippet
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streamingModel)
                .workload("support-answers")
                .layer(timing)
                .interactionListener(interaction -> log.add(interaction.toJson()))
                .build();
        ChatModel chatModel = stack.chatModel();
        // end snippet

        assertThat(chatModel.chat("How is Paris?")).isEqualTo("Lovely.");
        stack.close();
        assertThat(log).hasSize(1);
    }

    /** Counts the characters of a stream. */
    private record Counting(LongAdder counter) implements ChatLayer {
        @Override
        public ChatResponse handle(ChatCall call, Next next) {
            // snippet
            ChatCall watched = call.withStream(new ResponseStream.Forwarding(call.stream()) {
                @Override
                public void text(String text) {
                    counter.add(text.length());
                    super.text(text);
                }
            });
            return next.proceed(watched);
            // end snippet
        }
    }

    @Test
    void responseStream() {
        LongAdder counter = new LongAdder();
        RecordingHandler heard = new RecordingHandler();

        new Counting(counter).around(streamingModel).chat(request, heard);

        assertThat(heard.await().text()).isEqualTo("Lovely.");
        assertThat(counter.sum()).isEqualTo(7);
    }

    /** Asks again a few times. */
    private record Retry(int tries) implements ChatLayer {
        @Override
        public ChatResponse handle(ChatCall call, Next next) {
            int triesLeft = tries;
            // snippet
            Attempts attempts = call.attempts();
            while (true) {
                Attempt attempt = attempts.start();
                try {
                    return attempt.commit(next.proceed(attempt.call()));
                } catch (RetriableException e) {
                    call.cancellation().throwIfCancelled();
                    if (attempts.committed() || --triesLeft == 0) {
                        throw e;
                    }
                }
            }
            // end snippet
        }
    }

    @Test
    void attempts() {
        ChatModel model =
                ScriptedChatModel.of(Answer.failure(new RateLimitException("slow down")), Answer.text("Lovely."));

        assertThat(new Retry(2).around(model).chat("How is Paris?")).isEqualTo("Lovely.");
    }

    interface Assistant {
        String ask(String question);
    }

    @Test
    void callContext() {
        ChatStack stack = ChatStack.builder().chatModel(model).build();
        Assistant assistant = stack.chatModel()::chat;
        CallContext context = CallContext.builder().user("ann").build();
        String question = "How is Paris?";

        // snippet
        Answered<String> answered = CallContext.call(context, () -> assistant.ask(question));
        UUID id = answered.info().orElseThrow().id();
        // end snippet

        assertThat(answered.interactions().get(0).id()).isEqualTo(id);
    }

    @Test
    void priceList() {
        // snippet
        PriceList prices = PriceList.builder("USD")
                .perMillionTokens("small-model", "0.15", "0.60")
                .perMillionTokens("large-model", "2.50", "10.00")
                .build();
        // end snippet

        assertThat(prices.cost("small-model", new TokenUsage(1_000_000, 0))).isPresent();
    }
}
