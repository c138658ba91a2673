package io.github.flywheel4j.caching;

import io.github.flywheel4j.caching.Entries.Found;
import io.github.flywheel4j.caching.PairContext.Near;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Labelled pairs as lookups: each pair as if its first text had been asked for among all the others, with the second as the
 * candidate. Holds the texts as long as it is used. Not thread-safe.
 */
final class Calibration {

    private static final Partition PARTITION = new Partition("calibration");

    private final QuestionVectors vectors;
    private final HitVerifier verifier;
    private final int neighbours;
    private final Entries corpus = new Entries(Integer.MAX_VALUE, partition -> new ExactScan());
    private final RareWords rare = new RareWords();
    private final Map<String, Text> texts = new LinkedHashMap<>();

    private record Text(UUID id, float[] vector, TextShape shape) {}

    Calibration(QuestionVectors vectors, HitVerifier verifier, int neighbours) {
        this.vectors = vectors;
        this.verifier = verifier;
        this.neighbours = neighbours;
    }

    /** The pairs that the verifier lets pass and whose texts are near each other, as lookups. */
    List<JudgedLookup> lookups(Collection<LabelledPair> pairs) {
        for (LabelledPair pair : pairs) {
            store(pair.a());
            store(pair.b());
        }
        List<JudgedLookup> lookups = new ArrayList<>();
        for (LabelledPair pair : pairs) {
            Text asked = text(pair.a());
            Text candidate = text(pair.b());
            if (asked.vector.length > 0
                    && candidate.vector.length > 0
                    && !asked.id.equals(candidate.id)
                    && verifier.verify(pair.a(), pair.b()).isEmpty()) {
                addLookup(lookups, pair, asked, candidate);
            }
        }
        return lookups;
    }

    private void store(String text) {
        if (texts.containsKey(text)) {
            return;
        }
        Text stored = new Text(new UUID(0, texts.size()), vectors.of(text), TextShape.of(text));
        texts.put(text, stored);
        if (stored.vector.length > 0) {
            rare.add(stored.shape);
            List<Near> near = near(text, stored, neighbours);
            double density =
                    PairContext.density(near.stream().map(Near::similarity).toList());
            corpus.add(new Entry(stored.id, PARTITION, text, stored.shape, density), stored.vector);
        }
    }

    private Text text(String text) {
        return Objects.requireNonNull(texts.get(text));
    }

    private List<Near> near(String text, Text of, int most) {
        return corpus.near(PARTITION, of.vector, text, most).stream()
                .map(Found::near)
                .toList();
    }

    private void addLookup(List<JudgedLookup> lookups, LabelledPair pair, Text asked, Text candidate) {
        List<Found> found = new ArrayList<>(corpus.near(PARTITION, asked.vector, pair.a(), neighbours + 1));
        found.removeIf(each -> each.entry().id.equals(asked.id));
        List<Near> near = found.stream().map(Found::near).toList();
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).entry().id.equals(candidate.id)) {
                lookups.add(new JudgedLookup(PairContext.features(asked.shape, i, near, rare), pair.same(), 1));
            }
        }
    }
}
