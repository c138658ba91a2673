package io.github.flywheel4j.evals;

import dev.langchain4j.model.chat.ChatModel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What every judge is told: its name and question, its model, and what it sees beside the answer. Not thread-safe.
 *
 * @param <B> the builder itself, so that calls can be chained
 */
abstract sealed class JudgeBuilder<B extends JudgeBuilder<B>> permits RubricJudge.Builder, PairwiseJudge.Builder {

    final String name;
    final String question;
    private @Nullable ChatModel model;
    private String modelId = "";
    private String candidateModel = "";
    private @Nullable String reason;
    boolean reference;
    boolean context;

    JudgeBuilder(String name, String question) {
        this.name = name;
        this.question = question;
    }

    abstract B self();

    /** The model that judges, and the id of its one fixed version, which every request names. Required. */
    public B model(ChatModel model, String modelId) {
        this.model = model;
        this.modelId = modelId;
        return self();
    }

    /** The model that is judged, so that a judge of its own family is noticed. Required. */
    public B candidateModel(String candidateModel) {
        this.candidateModel = candidateModel;
        return self();
    }

    /** Why a judge of the candidate's own family will do; without a reason it is refused. */
    public B sameFamilyBecause(String reason) {
        this.reason = reason;
        return self();
    }

    /** The judge sees the expected answer; cases without one are errors. Not unless told. */
    public B withReference() {
        reference = true;
        return self();
    }

    /** The judge sees the case's context; cases without one are errors. Not unless told. */
    public B withContext() {
        context = true;
        return self();
    }

    /** The model that judges, when all that was told of it and of the judge is of use. */
    JudgeModel judgeModel() {
        if (name.isBlank() || question.isBlank()) {
            throw new IllegalArgumentException("name or question: blank (expected: both)");
        }
        return new JudgeModel(Objects.requireNonNull(model, "model"), modelId, candidateModel, reason);
    }
}
