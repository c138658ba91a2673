package io.github.flywheel4j.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.stats.ArrivalSchedule;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Intervals;
import io.github.flywheel4j.stats.LatencyPercentiles;
import io.github.flywheel4j.stats.LatencyRecorder;
import io.github.flywheel4j.stats.PairedTests;
import io.github.flywheel4j.stats.TestResult;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import io.github.flywheel4j.testkit.TokenSplit;
import io.github.flywheel4j.text.Fact;
import io.github.flywheel4j.text.Sentences;
import io.github.flywheel4j.text.Spelling;
import io.github.flywheel4j.text.TextFacts;
import io.github.flywheel4j.text.Words;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The examples of the core modules' package documentation. */
class PackageDocsTest {

    private final ChatRequest request =
            ChatRequest.builder().messages(UserMessage.from("How is Paris?")).build();

    @Test
    void text() {
        // snippet
        String folded = Spelling.fold("The  ﬁle was CANCELLED"); // "the file was cancelled"
        List<String> words = Words.of("It costs 3.50, doesn't it?"); // it, costs, 3.50, doesn't, it
        List<String> content = Words.content("Which layers does the stack run?"); // layer, stack, run
        List<String> sentences = Sentences.of("See e.g. the guide. It is short."); // See e.g. the guide. | It is short.
        // end snippet

        assertThat(folded).isEqualTo("the file was cancelled");
        assertThat(words).containsExactly("it", "costs", "3.50", "doesn't", "it");
        assertThat(content).containsExactly("layer", "stack", "run");
        assertThat(sentences).containsExactly("See e.g. the guide.", "It is short.");
    }

    @Test
    void facts() {
        // snippet
        TextFacts over = TextFacts.of("Is a fee charged on transfers over $100?");
        TextFacts under = TextFacts.of("Is a fee charged on transfers under 100 dollars?");
        over.facts(Fact.Kind.AMOUNT).get(0).value(); // 100 USD
        over.difference(under); // ANTONYM
        // end snippet

        assertThat(over.facts(Fact.Kind.AMOUNT).get(0).value()).isEqualTo("100 USD");
        assertThat(over.difference(under)).asString().contains("ANTONYM");
    }

    @Test
    void latency() {
        ChatModel model = ScriptedChatModel.saying("Lovely.");

        // snippet
        ArrivalSchedule schedule = ArrivalSchedule.perSecond(10_000, System.nanoTime());
        LatencyRecorder latencies = new LatencyRecorder();
        for (long call = 0; call < 5_000; call++) {
            long intended = schedule.intendedNanos(call);
            waitUntil(intended);
            model.chat(request);
            latencies.record(intended, System.nanoTime());
        }
        LatencyPercentiles percentiles = latencies.percentiles();
        // end snippet

        assertThat(percentiles).isNotNull();
    }

    private static void waitUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Test
    void comparison() {
        double[] candidate = {1, 1, 0, 1, 1, 1};
        double[] baseline = {0, 1, 0, 0, 1, 1};
        int[] conversations = {0, 0, 1, 1, 2, 2};
        int passed = 5;
        int cases = 6;

        // snippet
        TestResult test =
                PairedTests.clusteredSignFlip(candidate, baseline, conversations, 10_000, new SplittableRandom(1));
        Interval rate = Intervals.wilson(passed, cases, 0.95);
        // end snippet

        assertThat(test).isNotNull();
        assertThat(rate).isNotNull();
    }

    @Test
    void testkit() {
        ChatLayer layer = RetrySnippet.layer();

        // snippet
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Answer.failure(new RateLimitException("slow down")),
                Answer.text("Paris is lovely in May.").tokens(TokenSplit.random(7)));
        RecordingHandler heard = new RecordingHandler();
        layer.around(model).chat(request, heard);
        assertThat(heard.await().text()).isEqualTo("Paris is lovely in May.");
        // end snippet
    }
}
