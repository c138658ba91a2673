package io.github.flywheel4j.text;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers in digits and in English words. */
final class Numerals {

    /**
     * A number that begins at a token.
     *
     * @param value its value
     * @param text the number as written without separators, or the value where it is in words
     * @param taken how many tokens it takes
     * @param ordinal whether it is a place in an order (second, 2nd)
     * @param weak whether the word is often no number ("one", "first", "second")
     * @param suffix letters that follow the digits without a space, folded
     */
    record Numeral(BigDecimal value, String text, int taken, boolean ordinal, boolean weak, String suffix) {}

    private static final Pattern DIGITS =
            Pattern.compile("([+-]?)(\\d{1,3}(?:,\\d{2,3})*,\\d{3}|\\d+)(?:[.,](\\d+))?([\\p{L}%°²]{0,14})");
    private static final Pattern DIGIT_GROUP = Pattern.compile("\\d{3}");
    private static final Pattern FRACTION = Pattern.compile("(\\d{1,3})/(\\d{1,3})");

    private static final Map<String, Long> CARDINALS = new HashMap<>();
    private static final Map<String, Long> ORDINALS = new HashMap<>();
    private static final Map<String, Long> SCALES = Map.of(
            "hundred",
            100L,
            "thousand",
            1_000L,
            "million",
            1_000_000L,
            "billion",
            1_000_000_000L,
            "trillion",
            1_000_000_000_000L,
            "lakh",
            100_000L,
            "lakhs",
            100_000L,
            "crore",
            10_000_000L,
            "crores",
            10_000_000L,
            "dozen",
            12L);
    private static final Map<String, Long> SHORT_SCALES = Map.of(
            "k",
            1_000L,
            "m",
            1_000_000L,
            "mn",
            1_000_000L,
            "mio",
            1_000_000L,
            "bn",
            1_000_000_000L,
            "b",
            1_000_000_000L,
            "tn",
            1_000_000_000_000L);

    static {
        String[] units =
                ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
                                + " seventeen eighteen nineteen")
                        .split(" ", 0);
        for (int i = 0; i < units.length; i++) {
            CARDINALS.put(units[i], (long) i);
        }
        String[] tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ", 0);
        for (int i = 0; i < tens.length; i++) {
            CARDINALS.put(tens[i], (i + 2) * 10L);
        }
        String[] ordinals =
                ("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
                                + " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth")
                        .split(" ", 0);
        for (int i = 0; i < ordinals.length; i++) {
            ORDINALS.put(ordinals[i], i + 1L);
        }
        for (int i = 0; i < tens.length; i++) {
            ORDINALS.put(tens[i].replace("ty", "tieth"), (i + 2) * 10L);
        }
    }

    private Numerals() {}

    /** The number that begins at a token, or null. */
    static @Nullable Numeral at(List<Token> tokens, int at) {
        Token token = tokens.get(at);
        return token.hasDigit() ? digits(tokens, at) : words(tokens, at);
    }

    /** The scale of a word or letter behind a number, or 0. */
    static long scale(String word, boolean money) {
        Long scale = SCALES.get(word);
        if (scale == null && (money || word.equals("k") || word.equals("bn"))) {
            scale = SHORT_SCALES.get(word);
        }
        return scale == null || word.equals("dozen") ? 0 : scale;
    }

    private static @Nullable Numeral digits(List<Token> tokens, int at) {
        String word = tokens.get(at).word();
        Matcher fraction = FRACTION.matcher(word);
        if (fraction.matches()) {
            return fraction(Long.parseLong(fraction.group(1)), Long.parseLong(fraction.group(2)));
        }
        Matcher matcher = DIGITS.matcher(word);
        if (!matcher.matches() || word.length() > 30) {
            return null;
        }
        String whole = matcher.group(2).replace(",", "");
        String decimals = matcher.group(3);
        String suffix = matcher.group(4);
        int taken = 1;
        if (decimals == null && suffix.isEmpty() && whole.length() <= 3) { // 10 000
            StringBuilder groups = new StringBuilder(whole);
            while (at + taken < tokens.size()
                    && DIGIT_GROUP.matcher(tokens.get(at + taken).word()).matches()
                    && tokens.get(at + taken).start()
                            == tokens.get(at + taken - 1).end() + 1) {
                groups.append(tokens.get(at + taken++).word());
            }
            whole = groups.toString();
        }
        String text = decimals == null ? whole : whole + "." + decimals;
        boolean ordinal = suffix.equals("st") || suffix.equals("nd") || suffix.equals("rd") || suffix.equals("th");
        return new Numeral(new BigDecimal(text), text, taken, ordinal, false, ordinal ? "" : suffix);
    }

    private static @Nullable Numeral fraction(long above, long below) {
        return below == 0 ? null : new Numeral(percent(above, below), above + "/" + below, 1, false, false, "%");
    }

    private static BigDecimal percent(long above, long below) {
        return BigDecimal.valueOf(above * 100).divide(BigDecimal.valueOf(below), 4, java.math.RoundingMode.HALF_UP);
    }

    private static @Nullable Numeral words(List<Token> tokens, int at) {
        String first = tokens.get(at).word();
        String next = at + 1 < tokens.size() ? tokens.get(at + 1).word() : "";
        if (first.equals("half") && !next.equals("an")) {
            return new Numeral(BigDecimal.valueOf(50), "1/2", 1, false, true, "%");
        }
        Long amount = CARDINALS.get(first);
        if (next.equals("quarters") || next.equals("thirds") || next.equals("fifths")) {
            long below = next.equals("quarters") ? 4 : next.equals("thirds") ? 3 : 5;
            return amount == null
                    ? null
                    : new Numeral(percent(amount, below), amount + "/" + below, 2, false, false, "%");
        }
        if (first.equals("quarter") && (next.equals("of") || next.equals("the"))) {
            return new Numeral(BigDecimal.valueOf(25), "1/4", 1, false, false, "%");
        }
        Long ordinal = ORDINALS.get(first);
        if (ordinal != null) {
            return new Numeral(BigDecimal.valueOf(ordinal), ordinal.toString(), 1, true, ordinal <= 2, "");
        }
        boolean article =
                (first.equals("a") || first.equals("an")) && SCALES.containsKey(next) && !next.equals("dozen");
        if (amount == null && !article && !first.equals("dozen")) {
            return null;
        }
        return compound(tokens, at, article);
    }

    /** Adds up "two hundred and five thousand", and closes with an ordinal ("twenty-first"). */
    private static Numeral compound(List<Token> tokens, int from, boolean article) {
        long total = 0;
        long part = article ? 1 : 0;
        int at = article ? from + 1 : from;
        int end = at;
        boolean ordinal = false;
        long last = Long.MAX_VALUE;
        for (; at < tokens.size() && at - from < 12; at++) {
            String word = tokens.get(at).word();
            Long value = CARDINALS.get(word);
            Long scale = SCALES.get(word);
            Long place = ORDINALS.get(word);
            if (value != null && fits(value, last)) {
                part += value;
                last = value;
            } else if (scale != null && (part > 0 || scale == 12)) {
                if (scale == 100 || scale == 12) {
                    part = Math.max(1, part) * scale;
                } else {
                    total += part * scale;
                    part = 0;
                }
                last = Long.MAX_VALUE;
            } else if (place != null && at > from && last >= 20 && last < 100 && place < 10) {
                part += place;
                ordinal = true;
                end = at + 1;
                break;
            } else if (!(word.equals("and") && last == Long.MAX_VALUE && end > from)) {
                break;
            } else {
                continue;
            }
            end = at + 1;
        }
        long value = total + part;
        boolean weak = value == 1 && end - from == 1;
        return new Numeral(BigDecimal.valueOf(value), Long.toString(value), end - from, ordinal, weak, "");
    }

    private static boolean fits(long value, long last) {
        return last == Long.MAX_VALUE || (last >= 20 && last < 100 && value > 0 && value < 10);
    }
}
