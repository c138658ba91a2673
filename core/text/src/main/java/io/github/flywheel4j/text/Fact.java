package io.github.flywheel4j.text;

/**
 * One thing that a text states exactly, in one spelling: {@code $1,500}, {@code 1500 dollars} and
 * {@code fifteen hundred USD} are the same amount.
 *
 * @param kind what it is
 * @param value its spelling for comparing, for example {@code 1500 USD}, {@code 1000 m}, {@code 2024-03-03}
 * @param number the number as written, before a unit was converted; empty where there is none
 * @param weak whether the word often says nothing of the kind ("one" of them, "first" of all): it counts only against
 *     another number
 * @param start where it begins in the text, in UTF-16 units
 * @param end where it ends, exclusive
 */
public record Fact(Kind kind, String value, String number, boolean weak, int start, int end) {

    /** What a fact is about. */
    public enum Kind {
        /** A count, an ordinal ({@code 2nd}), a share ({@code 50 %}). */
        NUMBER,
        /** Money: {@code 1500 USD}. */
        AMOUNT,
        /** A number with a unit, in the base unit where the conversion is exact: {@code 1000 m}. */
        MEASURE,
        /** A day, month, year or a day relative to today: {@code 2024-03-03}, {@code next monday}. */
        DATE,
        /** A time of day, {@code 15:00}. */
        TIME,
        /** A version: {@code 2.4.0}. */
        VERSION,
        /** An order number, code, address of mail or web. */
        ID,
        /** A name: capitals inside a sentence, or an acronym. */
        NAME,
        /** Words in quotation marks. */
        QUOTE
    }

    /** Gives the kind and the place, never the text. */
    @Override
    public String toString() {
        return "Fact[" + kind + " at " + start + ".." + end + "]";
    }
}
