package io.github.flywheel4j.caching;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Outcome;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which answers may be stored: those that ended as they should and that nobody further in found fault with.
 *
 * @param pureTools the tools that may be called from a stored answer
 * @param mostBytes what an answer may weigh
 */
record Storable(Set<String> pureTools, int mostBytes) {

    /** What layers inside the cache call a decision after which an answer is not what the model made of the question. */
    private static final Set<String> FAULTS = Set.of("blocked", "tripped", "cut", "refused", "degraded");

    Storable {
        pureTools = Set.copyOf(pureTools);
    }

    /**
     * Why an answer must not be stored, in a word or two; null if it may.
     *
     * @param decisions what the layers further in decided about it
     */
    @Nullable
    String objection(ChatResponse response, StoredAnswer answer, List<Decision> decisions) {
        AiMessage message = response.aiMessage();
        Outcome marked = AnswerInfo.marked(response).orElse(Outcome.ANSWERED);
        if (marked != Outcome.ANSWERED) {
            return marked == Outcome.BLOCKED ? "blocked" : "degraded";
        }
        for (Decision decision : decisions) {
            if (FAULTS.contains(decision.outcome())) {
                return "objection of a layer";
            }
        }
        if (!message.images().isEmpty()) {
            return "multimodal";
        }
        if (answer.weight() > mostBytes) {
            return "size";
        }
        if (message.hasToolExecutionRequests()) {
            return objectionToTools(response);
        }
        if (response.finishReason() != FinishReason.STOP) {
            return response.finishReason() == null ? "no finish reason" : "finish reason " + response.finishReason();
        }
        return answer.text().isBlank() ? "no text" : null;
    }

    private @Nullable String objectionToTools(ChatResponse response) {
        boolean pure =
                response.aiMessage().toolExecutionRequests().stream().allMatch(call -> pureTools.contains(call.name()));
        boolean ended =
                response.finishReason() == FinishReason.TOOL_EXECUTION || response.finishReason() == FinishReason.STOP;
        return pure && ended ? null : "tool call";
    }
}
