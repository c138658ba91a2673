package io.github.flywheel4j.caching;

import io.github.flywheel4j.text.Difference;

/**
 * A verifier's no to a similar question's answer. Holds no text, so that it may be logged and counted.
 *
 * @param reason why
 */
public record Veto(Reason reason) {

    /** Why an answer was not served; closed, so that each can have a counter of its own. */
    public enum Reason {
        /** A number is missing or another. */
        NUMBER,
        /** An amount of money differs. */
        AMOUNT,
        /** A number with a unit differs. */
        UNIT,
        /** A date or time differs. */
        DATE,
        /** A version differs. */
        VERSION,
        /** A code, order number or address differs. */
        ID,
        /** A name differs. */
        NAME,
        /** Quoted words differ. */
        QUOTE,
        /** A decisive word stands in the place of another that is no synonym. */
        RARE_TOKEN,
        /** One denies what the other does not. */
        NEGATION,
        /** A word became its opposite. */
        ANTONYM,
        /** The same words have exchanged their roles. */
        ARGUMENT_ORDER,
        /** Another kind of answer is asked for. */
        QUESTION_TYPE,
        /** A comparison or superlative points the other way. */
        COMPARISON,
        /** All became some, at least became at most. */
        QUANTIFIER,
        /** The answer was found to be wrong for this question before. */
        KNOWN_WRONG,
        /** A verifier of the application's own said no. */
        CUSTOM
    }

    static Veto of(Difference difference) {
        return new Veto(
                switch (difference) {
                    case NUMBER -> Reason.NUMBER;
                    case AMOUNT -> Reason.AMOUNT;
                    case UNIT -> Reason.UNIT;
                    case DATE -> Reason.DATE;
                    case VERSION -> Reason.VERSION;
                    case ID -> Reason.ID;
                    case NAME -> Reason.NAME;
                    case QUOTE -> Reason.QUOTE;
                    case NEGATION -> Reason.NEGATION;
                    case ANTONYM -> Reason.ANTONYM;
                    case COMPARISON -> Reason.COMPARISON;
                    case QUANTIFIER -> Reason.QUANTIFIER;
                    case ARGUMENT_ORDER -> Reason.ARGUMENT_ORDER;
                    case QUESTION_TYPE -> Reason.QUESTION_TYPE;
                    case WORD -> Reason.RARE_TOKEN;
                });
    }
}
