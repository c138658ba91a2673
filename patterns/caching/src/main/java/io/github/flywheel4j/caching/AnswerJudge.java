package io.github.flywheel4j.caching;

import io.github.flywheel4j.text.Spelling;

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
     * Counts answers as the same that have the same characters but for case and white space. For short answers of a fixed form
     * (a class, a yes or no, JSON); for free text it hardly ever says the same.
     */
    static AnswerJudge exact() {
        return (question, cached, fresh) ->
                Spelling.fold(cached).equals(Spelling.fold(fresh)) ? Verdict.SAME : Verdict.DIFFERENT;
    }
}
