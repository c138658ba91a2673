package io.github.flywheel4j.evals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one scorer made of one answer in production. {@link #attributes()} has it in the words of OpenTelemetry's event
 * {@code gen_ai.evaluation.result}, so that it can be emitted as one without this library depending on OpenTelemetry.
 * Holds no text of the question or the answer. Immutable.
 *
 * @param time when it was scored
 * @param interactionId the interaction that made the answer
 * @param responseId the provider's id of the completion; null if it gave none
 * @param workload the task of the call; empty if none was named
 * @param stackFingerprint which configuration answered
 * @param scorer the metric's name
 * @param scorerFingerprint what the score depends on; a series holds only as long as it stays
 * @param score the score; null if the scorer failed
 * @param errorType the class of the scorer's exception; null if it scored
 */
public record EvaluationEvent(
        Instant time,
        UUID interactionId,
        @Nullable String responseId,
        String workload,
        String stackFingerprint,
        String scorer,
        String scorerFingerprint,
        @Nullable Score score,
        @Nullable String errorType) {

    /** The name of the event in OpenTelemetry's semantic conventions for generative AI (in development, 2026). */
    public static final String NAME = "gen_ai.evaluation.result";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Checks that there is either a score or an error.
     *
     * @throws IllegalArgumentException if there are both or neither
     */
    public EvaluationEvent {
        if ((score == null) == (errorType == null)) {
            throw new IllegalArgumentException(
                    "score and errorType: " + (score == null ? "neither" : "both") + " given (expected: one of them)");
        }
    }

    /**
     * The event's attributes by OpenTelemetry's names, in a stable order; what the conventions have no name for begins with
     * {@code flywheel4j.}
     */
    public Map<String, Object> attributes() {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("gen_ai.evaluation.name", scorer);
        if (score != null) {
            attributes.put("gen_ai.evaluation.score.value", score.value());
            if (score.passed() != null) {
                attributes.put("gen_ai.evaluation.score.label", score.passed() ? "pass" : "fail");
            }
            if (score.category() != null) {
                attributes.put("gen_ai.evaluation.explanation", score.category());
            }
        }
        if (responseId != null) {
            attributes.put("gen_ai.response.id", responseId);
        }
        if (errorType != null) {
            attributes.put("error.type", errorType);
        }
        attributes.put("flywheel4j.interaction.id", interactionId.toString());
        attributes.put("flywheel4j.workload", workload);
        attributes.put("flywheel4j.stack.fingerprint", stackFingerprint);
        attributes.put("flywheel4j.scorer.fingerprint", scorerFingerprint);
        return attributes;
    }

    /** The event as one line of JSON: its name, its time and its attributes. */
    public String toJson() {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event", NAME);
        event.put("time", time.toString());
        event.put("attributes", attributes());
        try {
            return JSON.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an evaluation event is not JSON", e);
        }
    }
}
