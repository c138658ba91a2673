package io.github.flywheel4j.evals;

import io.github.flywheel4j.text.Sentences;
import io.github.flywheel4j.text.Words;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How much of an answer's words its context has; told at {@link Scorers#groundedness}. */
final class GroundedWords {

    private GroundedWords() {}

    static Score score(EvalCase evalCase, Output output) {
        if (evalCase.context().isEmpty()) {
            throw new IllegalStateException("case '" + evalCase.id() + "' has no context (expected: the passages that a"
                    + " grounded answer may use)");
        }
        String context = String.join("\n", evalCase.context());
        Set<String> words = new HashSet<>(Words.content(context));
        Set<BigDecimal> numbers = numbers(context);
        double sum = 0;
        int sentences = 0;
        int wrongNumbers = 0;
        for (String sentence : Sentences.of(output.text())) {
            List<String> content = Words.content(sentence);
            if (content.isEmpty()) {
                continue;
            }
            sentences++;
            if (!numbers.containsAll(numbers(sentence))) {
                wrongNumbers++;
            } else {
                sum += (double) content.stream().filter(words::contains).count() / content.size();
            }
        }
        return new Score(
                sentences == 0 ? 1 : sum / sentences,
                null,
                wrongNumbers > 0 ? "number that is not in the context" : null,
                Map.of("sentences", sentences, "sentencesWithOtherNumbers", wrongNumbers));
    }

    private static Set<BigDecimal> numbers(String text) {
        Set<BigDecimal> numbers = new HashSet<>();
        NumbersInText.of(text).forEach(number -> numbers.add(number.stripTrailingZeros()));
        return numbers;
    }
}
