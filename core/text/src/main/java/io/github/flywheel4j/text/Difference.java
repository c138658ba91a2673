package io.github.flywheel4j.text;

/** What makes two texts say different things though they look alike. */
public enum Difference {
    /** A number is missing or another. */
    NUMBER,
    /** An amount of money. */
    AMOUNT,
    /** A number with a unit. */
    UNIT,
    /** A date or a time of day. */
    DATE,
    /** A version. */
    VERSION,
    /** A code, order number or address. */
    ID,
    /** A name. */
    NAME,
    /** Quoted words. */
    QUOTE,
    /** One denies what the other does not. */
    NEGATION,
    /** A word and its opposite. */
    ANTONYM,
    /** More and less, cheaper and more expensive, best and worst. */
    COMPARISON,
    /** All and some, at least and at most, only. */
    QUANTIFIER,
    /** The same words with their roles exchanged. */
    ARGUMENT_ORDER,
    /** Another kind of question. */
    QUESTION_TYPE,
    /** Another word in the same place, which is no synonym. */
    WORD
}
