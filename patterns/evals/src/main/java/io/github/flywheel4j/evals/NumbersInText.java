package io.github.flywheel4j.evals;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers that stand in a text as digits. A comma or point before exactly three digits parts thousands if it does so
 * throughout and is a comma or stands twice; else it is the decimal mark. So 1,234 is a thousand and more, 1.234 and 1,23 are
 * not.
 */
final class NumbersInText {

    private static final Pattern NUMBER = Pattern.compile(
            "(?<![\\p{L}\\p{N}_])(?<sign>[-+−])?(?<digits>\\p{Nd}+(?:[.,'’_\\u00A0\\u202F\\u2009]\\p{Nd}+)*)"
                    + "(?<exponent>[eE][-+]?\\p{Nd}{1,3})?(?![\\p{Nd}])");
    private static final Pattern GROUPED_BY_COMMA = Pattern.compile("\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?");
    private static final Pattern GROUPED_BY_POINT =
            Pattern.compile("\\d{1,3}(?:\\.\\d{3})+,\\d+|\\d{1,3}(?:\\.\\d{3}){2,}");

    private NumbersInText() {}

    static List<BigDecimal> of(String text) {
        List<BigDecimal> numbers = new ArrayList<>();
        Matcher matcher = NUMBER.matcher(text);
        while (matcher.find()) {
            String digits = plain(ascii(matcher.group("digits")));
            String exponent = matcher.group("exponent") == null ? "" : ascii(matcher.group("exponent"));
            // Parts that are no number together, as in a version or a date, are given one by one.
            for (String part :
                    digits.matches("\\d+(?:\\.\\d+)?") ? List.of(digits) : List.of(digits.split("[.,]", -1))) {
                BigDecimal number = new BigDecimal(part + exponent);
                String sign = matcher.group("sign");
                numbers.add(sign != null && !sign.equals("+") ? number.negate() : number);
            }
        }
        return numbers;
    }

    private static String plain(String digits) {
        String joined = digits.replaceAll("['’_\\u00A0\\u202F\\u2009]", "");
        if (GROUPED_BY_COMMA.matcher(joined).matches()) {
            return joined.replace(",", "");
        }
        if (GROUPED_BY_POINT.matcher(joined).matches()) {
            return joined.replace(".", "").replace(',', '.');
        }
        return joined.matches("\\d+,\\d+") ? joined.replace(',', '.') : joined;
    }

    private static String ascii(String digits) {
        StringBuilder ascii = new StringBuilder();
        digits.codePoints().forEach(c -> {
            if (Character.isDigit(c)) {
                ascii.append(Character.digit(c, 10));
            } else {
                ascii.appendCodePoint(c);
            }
        });
        return ascii.toString();
    }
}
