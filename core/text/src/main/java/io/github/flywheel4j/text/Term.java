package io.github.flywheel4j.text;

/**
 * A word or listed phrase of a text, as it is compared.
 *
 * @param key the key of the word, or the keys of the phrase joined by underscores
 * @param word the folded word, of a phrase the first
 * @param content whether it carries content: no light word
 * @param name whether it is part of a name
 * @param fact whether it belongs to a number, date, code or the like
 * @param listed whether a comma stands before it
 * @param senses what it may mean
 */
record Term(String key, String word, boolean content, boolean name, boolean fact, boolean listed, Senses senses) {

    private static final String SUFFIXES =
            " e s es d ed n an ian er or r ing al ial ion ation ition ions ment ity y ies iness ness able ible ance"
                    + " ence ant ent cy ic ical ive ative ly ally ist ism ize ise ful t te tion sion ce se us ous ational ship age ement ration rted ";

    /** Whether two terms say the same: equal, synonyms, or of one family (install, installation). */
    boolean matches(Term other) {
        if (key.equals(other.key)) {
            return true;
        }
        if (fact || other.fact) {
            return false;
        }
        return senses.meet(other.senses)
                || (!key.isEmpty()
                        && !other.key.isEmpty()
                        && key.charAt(0) == other.key.charAt(0)
                        && (family(key, other.key) || typo(key, other.key)));
    }

    private static boolean family(String one, String other) {
        int limit = Math.min(one.length(), other.length());
        int common = 0;
        while (common < limit && one.charAt(common) == other.charAt(common)) {
            common++;
        }
        return common >= 4
                && (one.length() == common || SUFFIXES.contains(" " + one.substring(common) + " "))
                && (other.length() == common || SUFFIXES.contains(" " + other.substring(common) + " "));
    }

    /** One letter more, less, other or exchanged in a long word, when its beginning is the same. */
    private static boolean typo(String one, String other) {
        int difference = one.length() - other.length();
        if (Math.min(one.length(), other.length()) < 7
                || Math.abs(difference) > 1
                || one.charAt(0) != other.charAt(0)
                || Antonyms.opposed(one, other)) {
            return false;
        }
        int from = 0;
        while (from < one.length() && from < other.length() && one.charAt(from) == other.charAt(from)) {
            from++;
        }
        int a = one.length();
        int b = other.length();
        while (a > from && b > from && one.charAt(a - 1) == other.charAt(b - 1)) {
            a--;
            b--;
        }
        boolean exchanged = a - from == 2
                && b - from == 2
                && one.charAt(from) == other.charAt(from + 1)
                && one.charAt(from + 1) == other.charAt(from);
        return exchanged || (a - from <= 1 && b - from <= 1);
    }
}
