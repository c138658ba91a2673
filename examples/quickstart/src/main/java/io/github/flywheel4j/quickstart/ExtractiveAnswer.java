package io.github.flywheel4j.quickstart;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.github.flywheel4j.text.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Answers with sentences of the passages it was given and with nothing else: those that are nearest to the question in
 * meaning and in words. When none is near enough it says so. Immutable and thread-safe.
 */
final class ExtractiveAnswer {

    static final String NOTHING_GIVEN = "I only quote documents, and I was given none.";
    static final String NOTHING_FITS = "The passages that I found do not answer this.";

    /**
     * Of the questions in the test's list the best sentence of an off-topic one scores up to .6, that of a question about
     * the documents rarely less than .7. The number belongs to this embedding model.
     */
    private static final double LEAST_SCORE = 0.66;

    /** A sentence this much worse than the best one is about something else. */
    private static final double LARGEST_GAP = 0.2;

    private static final int MOST_SENTENCES = 3;

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
        List<Candidate> ranked = rank(grounded);
        if (ranked.isEmpty() || ranked.get(0).score() < LEAST_SCORE) {
            return NOTHING_FITS;
        }
        double least = Math.max(LEAST_SCORE, ranked.get(0).score() - LARGEST_GAP);
        return ranked.stream()
                .filter(candidate -> candidate.score() >= least)
                .limit(MOST_SENTENCES)
                .sorted(Comparator.comparingInt(Candidate::position))
                .map(candidate -> candidate.sentence() + " [" + candidate.passage() + "]")
                .collect(Collectors.joining(" "));
    }

    private List<Candidate> rank(GroundedQuestion grounded) {
        List<Candidate> candidates = new ArrayList<>();
        Set<String> asked = Set.copyOf(Words.content(grounded.question()));
        float[] question = embeddings.embed(grounded.question()).content().vector();
        for (int i = 0; i < grounded.passages().size(); i++) {
            Passage passage = grounded.passages().get(i);
            List<String> sentences = passage.sentences();
            List<Embedding> vectors = embed(passage, sentences);
            for (int j = 0; j < sentences.size(); j++) {
                double similarity = Vectors.cosine(question, vectors.get(j).vector());
                double overlap = overlap(asked, passage.title() + " " + sentences.get(j));
                // Meaning counts twice as much as words: a question rarely uses the words of its answer.
                candidates.add(new Candidate(sentences.get(j), i + 1, candidates.size(), similarity + overlap / 2));
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::score).reversed());
        return candidates;
    }

    /** A sentence often leaves unsaid what its heading says. */
    private List<Embedding> embed(Passage passage, List<String> sentences) {
        return sentences.isEmpty()
                ? List.of()
                : embeddings
                        .embedAll(sentences.stream()
                                .map(sentence -> TextSegment.from(passage.title() + ": " + sentence))
                                .toList())
                        .content();
    }

    private static double overlap(Set<String> asked, String text) {
        Set<String> words = new HashSet<>(Words.content(text));
        return asked.isEmpty() ? 0 : (double) asked.stream().filter(words::contains).count() / asked.size();
    }

    private record Candidate(String sentence, int passage, int position, double score) {}
}
