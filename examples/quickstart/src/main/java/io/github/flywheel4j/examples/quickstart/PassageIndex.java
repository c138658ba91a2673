package io.github.flywheel4j.examples.quickstart;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.github.flywheel4j.text.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the passages that a question is about: by meaning (cosine of embeddings) and by words (how much of what the
 * question says stands in the passage, rare words counting more). Immutable and thread-safe.
 */
final class PassageIndex {

    /**
     * A passage and how well it fits a question.
     *
     * @param similarity cosine of the embeddings, -1 to 1
     * @param coverage the share of the question's content words that stand in the passage, weighted by rarity, 0 to 1
     * @param defines whether the passage says what the thing is that the question asks the meaning of
     */
    record Match(Passage passage, double similarity, double coverage, boolean defines) {

        double score() {
            return similarity + coverage + (defines ? DEFINITION : 0);
        }
    }

    private static final double DEFINITION = 0.3;

    private final EmbeddingModel embeddings;
    private final List<Entry> entries;
    private final WordWeights weights;

    PassageIndex(List<Passage> passages, EmbeddingModel embeddings) {
        this.embeddings = embeddings;
        List<TextSegment> texts = passages.stream()
                .map(passage -> TextSegment.from(passage.searchable()))
                .toList();
        List<Embedding> vectors = embeddings.embedAll(texts).content();
        this.entries = new ArrayList<>();
        for (int i = 0; i < passages.size(); i++) {
            Set<String> words = new HashSet<>(Words.content(passages.get(i).searchable()));
            List<String> sentences = passages.get(i).sentences().stream()
                    .map(Passage.Sentence::prose)
                    .toList();
            entries.add(new Entry(passages.get(i), vectors.get(i), words, sentences));
        }
        this.weights = new WordWeights(entries.stream().map(Entry::words).toList());
    }

    int size() {
        return entries.size();
    }

    /** The best passages for a question, best first; how good they are is for the caller to judge. */
    List<Match> search(String text, int count) {
        Question question = Question.of(text);
        float[] vector = embeddings.embed(text).content().vector();
        return entries.stream()
                .map(entry -> new Match(
                        entry.passage,
                        Vectors.cosine(vector, entry.embedding.vector()),
                        weights.coverage(question, entry.words),
                        entry.sentences.stream().anyMatch(question::isDefinedBy)))
                .sorted(Comparator.comparingDouble(Match::score).reversed())
                .limit(count)
                .toList();
    }

    private record Entry(Passage passage, Embedding embedding, Set<String> words, List<String> sentences) {}
}
