package io.github.flywheel4j.examples.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.github.flywheel4j.caching.AnswerJudge;
import io.github.flywheel4j.caching.AnswerJudge.Verdict;
import io.github.flywheel4j.caching.LabelledPair;
import io.github.flywheel4j.caching.SemanticTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The tier of the cache that serves a question in other words. It has learned from pairs of questions, each judged by hand:
 * does one answer serve both? Without them it would serve nothing and watch.
 */
final class OtherWords {

    static final String EMBEDDING_MODEL = "all-minilm-l6-v2-q";

    /** Of a hundred answers to questions in other words, five may be wrong. */
    static final double TOLERANCE = 0.05;

    /** Answers that are this near say the same; below the second bound they do not, and between them nobody can tell. */
    private static final double SAME_ANSWER = 0.9;

    private static final double OTHER_ANSWER = 0.6;

    private static final ObjectMapper JSON = new ObjectMapper();

    private OtherWords() {}

    static SemanticTier learnedFrom(List<LabelledPair> pairs, EmbeddingModel embeddings) {
        SemanticTier tier = SemanticTier.builder(embeddings, EMBEDDING_MODEL)
                .tolerance(TOLERANCE)
                .judge(judge(embeddings))
                .build();
        tier.calibrate(pairs);
        return tier;
    }

    /** Compares answers when hits are audited, which is done in the background and for ever. */
    private static AnswerJudge judge(EmbeddingModel embeddings) {
        return (question, cached, fresh) -> {
            double cosine = Vectors.cosine(
                    embeddings.embed(cached).content().vector(),
                    embeddings.embed(fresh).content().vector());
            return cosine >= SAME_ANSWER ? Verdict.SAME : cosine < OTHER_ANSWER ? Verdict.DIFFERENT : Verdict.UNSURE;
        };
    }

    /** Reads pairs, one on each line: {@code {"a":"...","b":"...","same":true}}. */
    static List<LabelledPair> read(Path file) throws IOException {
        List<LabelledPair> pairs = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            pairs.add(pair(line, file + ":" + (pairs.size() + 1)));
        }
        return pairs;
    }

    private static LabelledPair pair(String line, String place) {
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw noPair(place);
        }
        if (!json.path("a").isTextual()
                || !json.path("b").isTextual()
                || !json.path("same").isBoolean()) {
            throw noPair(place);
        }
        return new LabelledPair(
                json.path("a").asText(),
                json.path("b").asText(),
                json.path("same").asBoolean());
    }

    private static Problem noPair(String place) {
        return new Problem(
                Problem.BAD_INPUT,
                place + ": no pair (expected: {\"a\":\"...\",\"b\":\"...\",\"same\":true or false})");
    }
}
