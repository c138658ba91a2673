package io.github.flywheel4j.examples.quickstart;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.examples.quickstart.PassageIndex.Match;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the passages that fit before the question. When none fits, it says so itself and asks no model: a model that is
 * given nothing makes something up.
 */
final class Retrieval implements ChatLayer {

    /** The fact that says where the passages stand, in the order of their numbers; evals and caches read it by this name. */
    static final String SOURCES = "sources";

    static final String NOTHING_FOUND = "I found nothing about this in the documents.";

    private static final int MOST_PASSAGES = 6;

    /**
     * Similarity plus coverage of the best passage. In the test's list off-topic questions reach .75 and questions about
     * the documents start at .4: this bound keeps nearly all of these, and the model judges what is left.
     */
    private static final double LEAST_SCORE = 0.5;

    private final PassageIndex index;

    Retrieval(PassageIndex index) {
        this.index = index;
    }

    @Override
    public Stage stage() {
        return Stage.AUGMENT;
    }

    @Override
    public String settings() {
        return "passages=" + MOST_PASSAGES + " leastScore=" + LEAST_SCORE;
    }

    @Override
    public ChatResponse handle(ChatCall call, Next next) {
        List<ChatMessage> messages = new ArrayList<>(call.request().messages());
        int last = messages.size() - 1;
        if (!(messages.get(last) instanceof UserMessage asked) || !asked.hasSingleText()) {
            return next.proceed(call); // a tool round: the passages are in the conversation already
        }
        long start = System.nanoTime();
        List<Match> best = index.search(asked.singleText(), MOST_PASSAGES);
        List<Passage> fitting = best.stream()
                .filter(match -> match.score() >= LEAST_SCORE)
                .map(Match::passage)
                .toList();
        record(call, fitting, best, Duration.ofNanos(System.nanoTime() - start));
        if (fitting.isEmpty()) {
            return nothingFound();
        }
        String grounded = new GroundedQuestion(fitting, asked.singleText()).toMessage();
        messages.set(
                last,
                asked.toBuilder().contents(List.of(TextContent.from(grounded))).build());
        return next.proceed(
                call.withRequest(call.request().toBuilder().messages(messages).build()));
    }

    private void record(ChatCall call, List<Passage> fitting, List<Match> best, Duration took) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put(SOURCES, fitting.stream().map(Passage::source).toList());
        facts.put(
                "similarity",
                rounded(best.stream().mapToDouble(Match::similarity).max().orElse(0)));
        facts.put(
                "coverage",
                rounded(best.stream().mapToDouble(Match::coverage).max().orElse(0)));
        call.trace().record(name(), fitting.isEmpty() ? "insufficient" : "found", facts, took);
    }

    private static double rounded(double number) {
        return Math.round(number * 100) / 100.0;
    }

    private ChatResponse nothingFound() {
        ChatResponse answer = ChatResponse.builder()
                .aiMessage(AiMessage.from(NOTHING_FOUND))
                .finishReason(FinishReason.STOP)
                .build();
        return AnswerInfo.servedBy(answer, name());
    }
}
