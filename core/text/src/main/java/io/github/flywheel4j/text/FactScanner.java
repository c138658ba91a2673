package io.github.flywheel4j.text;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the facts in the tokens of a text, left to right; says which tokens they took. */
final class FactScanner {

    private static final Pattern VERSION = Pattern.compile(
            "v?\\d+(?:\\.\\d+){2,}(?:[-.+]?[a-z][\\w.-]*)?|v\\d+(?:\\.\\d+)*(?:[-.+]?[a-z][\\w.-]*)?|\\d+\\.x");
    private static final Set<String> VERSION_WORDS = Set.of("version", "release", "v", "ver");
    private static final int LONGEST_COUNT = 6;

    private final List<Token> tokens;
    private final boolean[] taken;
    private final List<Fact> facts = new ArrayList<>();

    FactScanner(List<Token> tokens) {
        this.tokens = tokens;
        this.taken = new boolean[tokens.size()];
    }

    List<Fact> facts() {
        int at = 0;
        while (at < tokens.size()) {
            at += Math.max(1, scan(at));
        }
        return facts;
    }

    /** Which tokens belong to a fact. */
    boolean[] taken() {
        return taken;
    }

    private int scan(int at) {
        Token token = tokens.get(at);
        String word = token.word();
        boolean digit = token.hasDigit();
        if (!digit && word.indexOf('@') < 0 && word.indexOf('/') < 0 && !word.startsWith("www.")) {
            Dates.Moment moment = Dates.at(tokens, at);
            return moment != null
                    ? add(moment.kind(), moment.value(), "", isNow(moment.value()), at, moment.taken())
                    : quantity(at);
        }
        if (word.indexOf('@') > 0 || word.indexOf("://") > 0 || word.startsWith("www.")) {
            return add(Fact.Kind.ID, word, "", false, at, 1);
        }
        if (VERSION.matcher(word).matches()) {
            return add(Fact.Kind.VERSION, version(word), "", false, at, 1);
        }
        boolean named = at > 0 && VERSION_WORDS.contains(tokens.get(at - 1).word());
        Dates.Moment moment = named ? null : Dates.at(tokens, at);
        if (moment != null) {
            return add(moment.kind(), moment.value(), "", false, at, moment.taken());
        }
        int quantity = quantity(at);
        return quantity > 0 ? quantity : add(Fact.Kind.ID, word, "", false, at, 1);
    }

    /** "today" and "this year" are often said for "now". */
    private static boolean isNow(String value) {
        return value.equals("today") || value.startsWith("this ");
    }

    private static String version(String word) {
        return word.charAt(0) == 'v' ? word.substring(1) : word;
    }

    /** A number with what surrounds it: a currency, a scale, a unit, a percent sign. */
    private int quantity(int at) {
        Token token = tokens.get(at);
        String word = token.word();
        int sign = signs(word);
        String currency = sign > 0 ? Currencies.code(word.substring(0, sign)) : null;
        List<Token> source = tokens;
        int start = at;
        if (sign > 0 && sign < word.length()) {
            String rest = word.substring(sign);
            source = List.of(new Token(rest, rest, rest, token.start() + sign, false, false));
            start = 0;
        } else if (sign == word.length()
                || (Currencies.code(word) != null
                        && at + 1 < tokens.size()
                        && tokens.get(at + 1).hasDigit()
                        && word.length() <= 3)) {
            currency = Currencies.code(word);
            if (currency == null || at + 1 >= tokens.size()) {
                return 0;
            }
            start = at + 1;
        }
        Numerals.Numeral numeral = Numerals.at(source, start);
        return numeral == null ? 0 : measured(at, start == at || source != tokens ? at : start, numeral, currency);
    }

    private static int signs(String word) {
        int end = 0;
        while (end < word.length() && end < 3 && !Character.isDigit(word.charAt(end))) {
            if (Currencies.isSign(word.charAt(end))) {
                return end + 1;
            }
            end++;
        }
        return 0;
    }

    private int measured(int at, int start, Numerals.Numeral numeral, @Nullable String before) {
        int end = start + numeral.taken();
        BigDecimal value = numeral.value();
        String suffix = numeral.suffix();
        String currency = before;
        if (!suffix.isEmpty() && Currencies.code(suffix) != null) {
            currency = Currencies.code(suffix);
            suffix = "";
        } else if (!suffix.isEmpty() && Currencies.isSign(suffix.charAt(suffix.length() - 1))) {
            currency = Currencies.code(suffix.substring(suffix.length() - 1));
            suffix = suffix.substring(0, suffix.length() - 1);
        }
        long scale = suffix.isEmpty()
                ? Numerals.scale(word(end), currency != null || Currencies.code(word(end + 1)) != null)
                : 0;
        if (scale > 0) {
            end++;
        } else if (!suffix.isEmpty()
                && (scale = Numerals.scale(suffix, currency != null || Currencies.code(word(end)) != null)) > 0) {
            suffix = "";
        }
        if (scale > 0) {
            value = value.multiply(BigDecimal.valueOf(scale));
        }
        String plain = scale > 0 ? plain(value) : numeral.text();
        if (currency == null && suffix.isEmpty() && Currencies.code(word(end)) != null) {
            currency = Currencies.code(word(end++));
        }
        if (currency != null && suffix.isEmpty()) {
            return add(Fact.Kind.AMOUNT, plain(value) + " " + currency, plain(value), false, at, end - at);
        }
        if (suffix.equals("%")) {
            return add(Fact.Kind.NUMBER, plain(value) + " %", plain, numeral.weak(), at, end - at);
        }
        if (word(end).equals("percent")
                || word(end).equals("%")
                || (word(end).equals("per") && word(end + 1).equals("cent"))) {
            return add(
                    Fact.Kind.NUMBER,
                    plain(value) + " %",
                    plain,
                    false,
                    at,
                    end + (word(end).equals("per") ? 2 : 1) - at);
        }
        return unit(at, end, numeral, suffix, value, plain);
    }

    private int unit(int at, int end, Numerals.Numeral numeral, String suffix, BigDecimal value, String plain) {
        int next = end;
        Units.@Nullable Unit unit = Units.of(suffix.isEmpty() ? word(next++) : suffix);
        if (unit != null && unit.base().equals("degree") && Units.of(word(next)) != null) {
            unit = Units.of(word(next++));
        }
        if (unit != null && !numeral.ordinal()) {
            return add(
                    Fact.Kind.MEASURE,
                    plain(value.multiply(unit.factor())) + " " + unit.base(),
                    plain(value),
                    false,
                    at,
                    next - at);
        }
        if (!suffix.isEmpty()) {
            return 0;
        }
        if (at > 0 && VERSION_WORDS.contains(tokens.get(at - 1).word())) {
            return add(Fact.Kind.VERSION, plain, "", false, at, end - at);
        }
        if (numeral.ordinal()) {
            return add(Fact.Kind.NUMBER, plain + " th", "", numeral.weak(), at, end - at);
        }
        Fact.Kind kind = plain.length() > LONGEST_COUNT
                        && end - at == 1
                        && tokens.get(at).word().equals(plain)
                ? Fact.Kind.ID
                : Fact.Kind.NUMBER;
        return add(kind, plain, plain, numeral.weak(), at, end - at);
    }

    private int add(Fact.Kind kind, String value, String number, boolean weak, int at, int count) {
        Token last = tokens.get(Math.min(tokens.size(), at + count) - 1);
        facts.add(new Fact(kind, value, number, weak, tokens.get(at).start(), last.end()));
        if (!weak) {
            for (int i = at; i < at + count && i < taken.length; i++) {
                taken[i] = true;
            }
        }
        return count;
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private String word(int at) {
        return at < tokens.size() ? tokens.get(at).word() : "";
    }
}
