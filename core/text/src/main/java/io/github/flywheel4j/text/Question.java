package io.github.flywheel4j.text;

/** What kind of answer a question wants. */
public enum Question {
    /** A way to do or get something: "how do I", "what is the way to", "what should I do to". */
    WAY,
    /** A manner or mechanism: "how does it work". */
    MANNER,
    /** A reason. */
    WHY,
    /** A point in time. */
    WHEN,
    /** A place. */
    WHERE,
    /** A person. */
    WHO,
    /** A thing, a choice or an explanation. */
    WHAT,
    /** A price or an amount. */
    HOW_MUCH,
    /** A count. */
    HOW_MANY,
    /** A duration. */
    HOW_LONG,
    /** A frequency. */
    HOW_OFTEN,
    /** Another measure: how old, how far, how big. */
    HOW_DEGREE,
    /** Yes or no. */
    WHETHER,
    /** Advice: "should I", "is it a good idea". */
    ADVICE
}
