package io.github.flywheel4j.quickstart;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.github.flywheel4j.text.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
     */
    record Match(Passage passage, double similarity, double coverage) {

        double score() {
            return similarity + coverage;
        }
    }

    private final EmbeddingModel embeddings;
    private final List<Entry> entries;
    private final Map<String, Integer> passagesWith = new HashMap<>();

    PassageIndex(List<Passage> passages, EmbeddingModel embeddings) {
        this.embeddings = embeddings;
        List<TextSegment> texts = passages.stream()
                .map(passage -> TextSegment.from(passage.searchable()))
                .toList();
        List<float[]> vectors = embeddings.embedAll(texts).content().stream()
                .map(embedding -> embedding.vector())
                .toList();
        this.entries = new ArrayList<>();
        for (int i = 0; i < passages.size(); i++) {
            Set<String> words = new HashSet<>(Words.content(passages.get(i).searchable()));
            words.forEach(word -> passagesWith.merge(word, 1, Integer::sum));
            entries.add(new Entry(passages.get(i), vectors.get(i), words));
        }
    }

    int size() {
        return entries.size();
    }

    /** The best passages for a question, best first; how good they are is for the caller to judge. */
    List<Match> search(String question, int count) {
        float[] vector = embeddings.embed(question).content().vector();
        Set<String> words = new HashSet<>(Words.content(question));
        return entries.stream()
                .map(entry -> new Match(
                        entry.passage, Vectors.cosine(vector, entry.vector), coverage(words, entry.words)))
                .sorted(Comparator.comparingDouble(Match::score).reversed())
                .limit(count)
                .toList();
    }

    private double coverage(Set<String> question, Set<String> passage) {
        double all = 0;
        double found = 0;
        for (String word : question) {
            double weight = Math.log((entries.size() + 1.0) / (passagesWith.getOrDefault(word, 0) + 0.5));
            all += weight;
            found += passage.contains(word) ? weight : 0;
        }
        return all == 0 ? 0 : found / all;
    }

    private record Entry(Passage passage, float[] vector, Set<String> words) {}
}
