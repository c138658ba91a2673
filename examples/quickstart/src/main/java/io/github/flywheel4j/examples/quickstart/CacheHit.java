package io.github.flywheel4j.examples.quickstart;

import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Interaction;
import java.util.Map;
import java.util.Optional;

/**
 * An answer that came from the cache, as its decision in the interaction says it.
 *
 * @param origin the id of the interaction in which the answer was made
 */
record CacheHit(String origin, Map<String, ?> facts) {

    /** By this fact the cache names the origin of what it served. */
    private static final String ANSWER_FROM = "answerFrom";

    /** Empty if the interaction's answer was made for it. */
    static Optional<CacheHit> of(Interaction interaction) {
        return interaction.decisions().stream()
                .map(Decision::facts)
                .filter(facts -> facts.get(ANSWER_FROM) instanceof String)
                .findFirst()
                .map(facts -> new CacheHit(String.valueOf(facts.get(ANSWER_FROM)), facts));
    }

    /** How old the answer is, and what it was the answer to. */
    String describe() {
        String asked = "semantic".equals(facts.get("tier")) ? "a question in other words" : "the same question";
        return "cached, " + facts.get("ageSeconds") + " s old, made for " + asked;
    }

    /** What the model would have cost. */
    String saved() {
        Object input = facts.get("savedInputTokens");
        Object output = facts.get("savedOutputTokens");
        String tokens = input == null || output == null ? "" : input + " tokens in, " + output + " out";
        Object cost = facts.get("savedCost");
        String money = cost == null ? "" : ", " + cost + " " + facts.get("currency");
        return tokens.isEmpty() ? "" : " (saved " + tokens + money + ")";
    }
}
