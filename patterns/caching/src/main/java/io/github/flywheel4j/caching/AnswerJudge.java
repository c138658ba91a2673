package io.github.flywheel4j.caching;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;

/**
 * Says whether a cached answer would have been right for a question to which a fresh answer is known. The semantic tier
 * learns from its verdicts alone, so what it calls the same is what the tier's tolerance is about.
 *
 * <p>It runs in the background, off the path of the call, and may ask a model. An exception counts as {@link
 * Verdict#UNSURE}. Implementations are thread-safe.
 */
@FunctionalInterface
public interface AnswerJudge {

    /** What a judge may say. */
    enum Verdict {
        /** Either answer serves the question. */
        SAME,
        /** The cached answer would have been wrong. */
        DIFFERENT,
        /** No verdict; nothing is learned from it. */
        UNSURE
    }

    /**
     * Compares two answers.
     *
     * @param question the text that was asked
     * @param cached the answer that the cache holds for a similar text
     * @param fresh the answer that the model gave to the question itself
     */
    Verdict compare(String question, String cached, String fresh);

    /**
     * What its verdicts depend on, in a few words, for the settings of the cache: two judges of one name judge alike. The name of
     * the class unless told.
     */
    default String name() {
        return ClassNames.of(this);
    }

    /**
     * Counts answers as the same that have the same characters but for case and white space. For short answers of a fixed form
     * (a class, a yes or no, JSON); for free text it hardly ever says the same.
     */
    static AnswerJudge exact() {
        return new ExactJudge();
    }

    /**
     * Counts answers as the same whose embeddings are near each other and whose facts agree, as {@link HitVerifier#english()}
     * compares them: "over 100" is near "under 100" and not the same. For free text of a few sentences, in English; it costs
     * two embeddings for a verdict.
     *
     * @param model embeds the answers; a text without direction (all zero) gives no verdict
     * @param modelName the name of the embedding model that the threshold was found for
     * @param threshold the lowest cosine of two answers that say the same, between 0 and 1; there is no default, because .9
     *     of one model is .7 of another
     * @throws IllegalArgumentException if the name is blank or the threshold out of range
     */
    static AnswerJudge embedding(EmbeddingModel model, String modelName, double threshold) {
        return new EmbeddingJudge(model, modelName, threshold);
    }

    /**
     * Asks a chat model whether two answers tell the same. It is asked in both orders, so that a model which prefers a place
     * calls nothing the same, at temperature 0, with instructions that do not change within a version of this library;
     * their hash is part of the {@link #name}. What is not plainly a yes or a no is no verdict.
     *
     * <p>A verdict costs one request, or two where the first says yes, each with the question and both answers. How many
     * there are is bounded by the tier: {@link SemanticTier.Builder#auditShare}, {@link SemanticTier.Builder#exploreShare}
     * and the bounded queue of {@link SemanticTier.Builder#judgeExecutor}. Give the model a timeout: a judge that hangs keeps
     * a thread. Best take a model of its own; should it be one of a stack with a cache, the cache lets these requests pass.
     *
     * @param model asked for the verdicts
     * @param modelName the exact model that is asked for; an alias that moves would change the judge unseen
     * @throws IllegalArgumentException if the name is blank
     */
    static AnswerJudge chat(ChatModel model, String modelName) {
        return new ChatJudge(model, modelName);
    }
}
