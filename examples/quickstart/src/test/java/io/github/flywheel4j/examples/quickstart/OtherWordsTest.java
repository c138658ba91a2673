package io.github.flywheel4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.github.flywheel4j.caching.LabelledPair;
import io.github.flywheel4j.caching.SemanticTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judged pairs that the demonstration of the cache learns from. */
class OtherWordsTest {

    private static final Path PAIRS = Path.of("../../examples/quickstart/cache/pairs.jsonl");

    @TempDir
    Path folder;

    @Test
    void judgesNoPairTwice() throws IOException {
        Set<Set<String>> seen = new HashSet<>();
        for (LabelledPair pair : OtherWords.read(PAIRS)) {
            assertThat(pair.a()).isNotEqualTo(pair.b());
            assertThat(seen.add(Set.of(pair.a(), pair.b())))
                    .as(pair.a() + " / " + pair.b())
                    .isTrue();
        }
    }

    @Test
    void learnsFromNoQuestionOfTheDemonstration() throws IOException {
        List<String> questions =
                CacheDemo.STEPS.stream().map(CacheDemo.Step::question).toList();

        assertThat(OtherWords.read(PAIRS))
                .noneMatch(pair -> questions.contains(pair.a()) || questions.contains(pair.b()));
    }

    @Test
    void servesNothingWithoutPairs() throws IOException {
        var embeddings = new AllMiniLmL6V2QuantizedEmbeddingModel();

        SemanticTier untaught = OtherWords.learnedFrom(List.of(), embeddings);

        assertThat(untaught.report().serving()).isFalse();
        assertThat(OtherWords.learnedFrom(OtherWords.read(PAIRS), embeddings)
                        .report()
                        .serving())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "{\"a\":\"x\",\"b\":\"y\"}", "{\"a\":1,\"b\":\"y\",\"same\":true}", ""})
    void saysWhichLineIsNoPair(String line) throws IOException {
        Path file = folder.resolve("pairs.jsonl");
        Files.writeString(file, "{\"a\":\"x\",\"b\":\"y\",\"same\":true}\n" + line + "\n");

        assertThatThrownBy(() -> OtherWords.read(file))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("pairs.jsonl:2: no pair (expected: ");
    }
}
