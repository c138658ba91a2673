package io.github.flywheel4j.caching;

import io.github.flywheel4j.text.Spelling;

/** Compares the characters of two answers, without case and white space. */
record ExactJudge() implements AnswerJudge {

    @Override
    public Verdict compare(String question, String cached, String fresh) {
        return Spelling.fold(cached).equals(Spelling.fold(fresh)) ? Verdict.SAME : Verdict.DIFFERENT;
    }

    @Override
    public String name() {
        return "exact";
    }
}
