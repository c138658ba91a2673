package io.github.flywheel4j.text;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Days, months, years and times of day; what is relative to today stays relative. */
final class Dates {

    /**
     * A date or time that begins at a token.
     *
     * @param kind DATE or TIME
     * @param value its one spelling
     * @param taken how many tokens it takes
     */
    record Moment(Fact.Kind kind, String value, int taken) {}

    private static final Map<String, Integer> MONTHS = new HashMap<>();
    private static final Set<String> DAYS =
            Set.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");
    private static final Set<String> RELATIVE = Set.of("today", "tomorrow", "yesterday", "tonight", "weekend");
    private static final Set<String> SEASONS = Set.of("spring", "summer", "autumn", "winter");
    private static final Set<String> SPANS =
            Set.of("day", "week", "weekend", "month", "quarter", "year", "night", "decade", "century");
    private static final Set<String> HOLIDAYS =
            Set.of("christmas", "easter", "thanksgiving", "halloween", "diwali", "ramadan");
    private static final Set<String> POINTERS = Set.of("next", "last", "this", "previous", "coming", "past");

    private static final Pattern ISO = Pattern.compile("(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})");
    private static final Pattern SHORT = Pattern.compile("(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{2}|\\d{4})");
    private static final Pattern DAY = Pattern.compile("(\\d{1,2})(?:st|nd|rd|th)?");
    private static final Pattern YEAR = Pattern.compile("1[89]\\d\\d|20\\d\\d");
    private static final Pattern DECADE = Pattern.compile("(?:1[89]|20)?\\d0'?s");
    private static final Pattern CLOCK = Pattern.compile("([01]?\\d|2[0-3])[:.h]([0-5]\\d)(am|pm|a\\.m|p\\.m)?");
    private static final Pattern HOUR = Pattern.compile("(1[0-2]|0?[1-9])(am|pm|a\\.m|p\\.m)");

    static {
        String[] months =
                "january february march april may june july august september october november december".split(" ", 0);
        for (int i = 0; i < months.length; i++) {
            MONTHS.put(months[i], i + 1);
            MONTHS.put(months[i].substring(0, 3), i + 1);
        }
        MONTHS.put("sept", 9);
    }

    private Dates() {}

    static @Nullable Moment at(List<Token> tokens, int at) {
        Token token = tokens.get(at);
        String word = token.word();
        if (token.hasDigit()) {
            Moment moment = time(tokens, at);
            return moment != null ? moment : numeric(tokens, at);
        }
        Integer month = MONTHS.get(word);
        if (month != null) {
            return month(tokens, at, month);
        }
        if (POINTERS.contains(word)) {
            return pointer(tokens, at, word);
        }
        String day = word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
        if (DAYS.contains(day) || RELATIVE.contains(day) || HOLIDAYS.contains(word)) {
            return new Moment(Fact.Kind.DATE, DAYS.contains(day) ? day : word, 1);
        }
        if (SEASONS.contains(day)
                && at > 0
                && (word(tokens, at - 1).equals("in")
                        || word(tokens, at - 1).equals("during")
                        || word(tokens, at - 1).equals("the"))) {
            return new Moment(Fact.Kind.DATE, day, 1);
        }
        return word.equals("noon") || word.equals("midnight")
                ? new Moment(Fact.Kind.TIME, word.equals("noon") ? "12:00" : "00:00", 1)
                : null;
    }

    private static @Nullable Moment pointer(List<Token> tokens, int at, String word) {
        String next = word(tokens, at + 1);
        if (DAYS.contains(next)
                || SPANS.contains(next)
                || SEASONS.contains(next)
                || (MONTHS.containsKey(next) && next.length() > 3)) {
            String pointer =
                    word.equals("previous") || word.equals("past") ? "last" : word.equals("coming") ? "next" : word;
            return new Moment(Fact.Kind.DATE, pointer + " " + next, 2);
        }
        return null;
    }

    private static @Nullable Moment month(List<Token> tokens, int at, int month) {
        int taken = 1;
        String value = "";
        Matcher day = DAY.matcher(word(tokens, at + 1));
        if (word(tokens, at + 1).equals("the")) {
            Matcher later = DAY.matcher(word(tokens, at + 2));
            if (later.matches()) {
                day = later;
                taken++;
            }
        }
        if (day.matches() && Integer.parseInt(day.group(1)) <= 31) {
            value = two(month) + "-" + two(Integer.parseInt(day.group(1)));
            taken++;
        } else {
            taken = 1;
            value = two(month);
        }
        if (YEAR.matcher(word(tokens, at + taken)).matches()) {
            return new Moment(Fact.Kind.DATE, word(tokens, at + taken) + "-" + value, taken + 1);
        }
        Token token = tokens.get(at);
        boolean isWord = token.word().equals("may")
                || token.word().equals("march")
                || token.word().length() == 3;
        boolean sure = taken > 1 || !isWord || (token.capital() && !token.initial());
        return sure ? new Moment(Fact.Kind.DATE, "--" + value, taken) : null;
    }

    private static @Nullable Moment numeric(List<Token> tokens, int at) {
        String word = word(tokens, at);
        Matcher iso = ISO.matcher(word);
        if (iso.matches()) {
            return new Moment(
                    Fact.Kind.DATE,
                    iso.group(1) + "-" + two(Integer.parseInt(iso.group(2))) + "-"
                            + two(Integer.parseInt(iso.group(3))),
                    1);
        }
        Matcher slashes = SHORT.matcher(word);
        if (slashes.matches()) { // day and month may stand either way round: kept as written
            return new Moment(Fact.Kind.DATE, word.replace('.', '/').replace('-', '/'), 1);
        }
        Matcher day = DAY.matcher(word);
        if (day.matches() && Integer.parseInt(day.group(1)) <= 31 && Integer.parseInt(day.group(1)) > 0) {
            int skip = word(tokens, at + 1).equals("of") ? 2 : 1;
            Integer month = MONTHS.get(word(tokens, at + skip));
            if (month != null
                    && !(skip == 1
                            && word(tokens, at + 1).equals("may")
                            && !Character.isUpperCase(tokens.get(at + 1).raw().charAt(0)))) {
                String value = two(month) + "-" + two(Integer.parseInt(day.group(1)));
                String year = word(tokens, at + skip + 1);
                return YEAR.matcher(year).matches()
                        ? new Moment(Fact.Kind.DATE, year + "-" + value, skip + 2)
                        : new Moment(Fact.Kind.DATE, "--" + value, skip + 1);
            }
        }
        if (DECADE.matcher(word).matches()) {
            return new Moment(
                    Fact.Kind.DATE,
                    word.replace("'", "").length() == 3 ? "19" + word.replace("'", "") : word.replace("'", ""),
                    1);
        }
        boolean unit = Units.of(word(tokens, at + 1)) != null || Currencies.code(word(tokens, at + 1)) != null;
        return YEAR.matcher(word).matches() && !unit ? new Moment(Fact.Kind.DATE, word, 1) : null;
    }

    private static @Nullable Moment time(List<Token> tokens, int at) {
        String word = word(tokens, at);
        String half = word(tokens, at + 1).replace(".", "");
        boolean beside = half.equals("am")
                && tokens.get(at + 1).start() <= tokens.get(at).end() + 1;
        boolean named = beside || half.equals("pm");
        Matcher clock = CLOCK.matcher(word);
        if (clock.matches() && (word.indexOf(':') > 0 || named || clock.group(3) != null)) {
            String suffix = clock.group(3) != null ? clock.group(3) : named ? half : "";
            return clock(
                    Integer.parseInt(clock.group(1)), clock.group(2), suffix, clock.group(3) == null && named ? 2 : 1);
        }
        Matcher hour = HOUR.matcher(word);
        if (hour.matches()) {
            return clock(Integer.parseInt(hour.group(1)), "00", hour.group(2), 1);
        }
        if (named && word.length() <= 2 && DAY.matcher(word).matches()) {
            return clock(Integer.parseInt(word), "00", half, 2);
        }
        return half.equals("o'clock") && DAY.matcher(word).matches()
                ? clock(Integer.parseInt(word), "00", "", 2)
                : null;
    }

    private static Moment clock(int hour, String minute, String half, int taken) {
        boolean afternoon = half.startsWith("p");
        int hours = half.isEmpty() || hour > 12 ? hour : hour % 12 + (afternoon ? 12 : 0);
        return new Moment(Fact.Kind.TIME, two(hours) + ":" + minute, taken);
    }

    private static String two(int number) {
        return String.format(Locale.ROOT, "%02d", number);
    }

    private static String word(List<Token> tokens, int at) {
        return at < tokens.size() ? tokens.get(at).word() : "";
    }
}
