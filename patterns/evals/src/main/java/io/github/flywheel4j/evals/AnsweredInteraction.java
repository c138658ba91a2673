package io.github.flywheel4j.evals;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Interaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A call of production that has an answer, as a case and an output that scorers take. Immutable. */
record AnsweredInteraction(Interaction interaction, ChatResponse response) {

    /** Scores the answer to a case, which is {@link #evalCase}. */
    Score score(Scorer scorer, EvalCase evalCase) {
        Output output = output();
        return CallContext.call(context(), () -> scorer.score(evalCase, output)).value();
    }

    /**
     * The question, with what was retrieved for it.
     *
     * @param passages the text of a source that was retrieved without it, by its id
     */
    EvalCase evalCase(Function<String, Optional<String>> passages) {
        return new EvalCase(
                interaction.id().toString(),
                new EvalInput.Conversation(interaction.request().messages()),
                null,
                RetrievedSources.passages(interaction, passages),
                new TreeSet<>(),
                EvalCase.Origin.PRODUCTION,
                null,
                interaction.context().session());
    }

    private Output output() {
        String text = response.aiMessage().text();
        return new Output(
                text == null ? "" : text,
                response.aiMessage().toolExecutionRequests(),
                RetrievedSources.ids(List.of(interaction)),
                interaction.outcome(),
                interaction.usage(),
                interaction.cost(),
                interaction.latency(),
                interaction.id(),
                response.modelName());
    }

    /** What a judge asks is no traffic: it is not to be scored, made a case of, or answered from a cache of users' answers. */
    private CallContext context() {
        return CallContext.builder()
                .attribute(CallContext.FRESH, true)
                .attribute(
                        Candidate.ATTRIBUTE,
                        Map.<String, Object>of(
                                "run", "online", "case", interaction.id().toString(), "repeat", 0))
                .build();
    }

    EvaluationEvent event(Instant at, Scorer scorer, @Nullable Score score, @Nullable String errorType) {
        String workload = interaction.context().workload();
        return new EvaluationEvent(
                at,
                interaction.id(),
                response.id(),
                workload == null ? "" : workload,
                interaction.fingerprint(),
                scorer.name(),
                scorer.fingerprint(),
                score,
                errorType);
    }
}
