package io.github.flywheel4j.evals;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The model that judges: pinned to one id, and of another family than the candidate unless a reason is given.
 *
 * @param model answers the judge's requests
 * @param id the exact model that is asked for and must answer
 * @param candidate the model that is judged
 * @param reason why the judge may be of the candidate's family; null if it is not
 */
record JudgeModel(
        ChatModel model,
        String id,
        String candidate,
        @Nullable String reason) {

    /** What may follow the name that was asked: a date or a build, and no "-mini" or ".1", which are other models. */
    private static final Pattern VERSION = Pattern.compile("[-@:](latest|v?\\d{3,}.*)");

    JudgeModel {
        Objects.requireNonNull(model, "model");
        if (id.isBlank() || id.toLowerCase(Locale.ROOT).endsWith("latest")) {
            throw new IllegalArgumentException(
                    "modelId: '" + id + "' (expected: the id of one fixed version; an alias that"
                            + " moves would change the judge between two runs)");
        }
        if (candidate.isBlank()) {
            throw new IllegalArgumentException("candidateModel: blank (expected: the model that is judged)");
        }
        requireOtherFamily("modelId", id, candidate, reason);
    }

    /** Refuses a candidate of the family of whatever judge a scorer is or is made of. */
    static void requireOtherFamily(Scorer scorer, String candidateModel) {
        if (scorer instanceof RubricJudge judge) {
            judge.requireOtherFamily(candidateModel);
        } else if (scorer instanceof PairwiseScorer pairs) {
            pairs.judge().requireOtherFamily(candidateModel);
        } else if (scorer instanceof CalibratedJudge calibrated) {
            requireOtherFamily(calibrated.judge(), candidateModel);
        } else if (scorer instanceof BoundedScorer bounded) {
            requireOtherFamily(bounded.scorer(), candidateModel);
        } else if (scorer instanceof JsonFieldScorer field) {
            requireOtherFamily(field.scorer(), candidateModel);
        }
    }

    /** Refuses a candidate of the judge's own family, whatever name the judge was told when it was built. */
    void requireOtherFamily(String judge, String candidateModel) {
        requireOtherFamily("judge '" + judge + "'", id, candidateModel, reason);
    }

    private static void requireOtherFamily(String what, String id, String candidate, @Nullable String reason) {
        if (ModelFamily.same(id, candidate) && (reason == null || reason.isBlank())) {
            throw new IllegalArgumentException(what + ": '" + id + "' is of the family of the candidate '" + candidate
                    + "' (expected: another family, because judges favour their own; or sameFamilyBecause(reason))");
        }
    }

    /**
     * Asks for a verdict.
     *
     * @param judged the answers that are judged
     */
    ChatResponse ask(String judge, JudgePrompt prompt, Output... judged) {
        for (Output output : judged) {
            if (output.model() != null) {
                requireOtherFamily(judge, output.model());
            }
        }
        ChatResponse response = model.chat(ChatRequest.builder()
                .messages(SystemMessage.from(prompt.system()), UserMessage.from(prompt.material()))
                .modelName(id)
                .build());
        JudgeUse.note(response);
        String answered = response.modelName();
        // A dated version of the asked name is that model; anything else is another judge.
        if (answered != null && !answered.equals(id) && !isVersion(answered)) {
            throw new IllegalStateException(
                    "judge '" + judge + "': '" + answered + "' answered (expected: '" + id + "')");
        }
        return response;
    }

    /** Which model says that it answered: a provider may take another version under the same name. */
    String answering(ChatResponse response) {
        String answered = response.modelName();
        return answered == null ? id : answered;
    }

    private boolean isVersion(String answered) {
        return answered.startsWith(id)
                && VERSION.matcher(answered.substring(id.length())).matches();
    }

    static String words(ChatResponse response) {
        String text = response.aiMessage().text();
        return text == null ? "" : text;
    }

    String fingerprint() {
        return id;
    }
}
