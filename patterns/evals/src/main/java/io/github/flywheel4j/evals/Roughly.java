package io.github.flywheel4j.evals;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers of cases as far as an estimate knows them: to two digits, and never less than was computed. */
final class Roughly {

    private static final MathContext TWO_DIGITS = new MathContext(2, RoundingMode.UP);

    private Roughly() {}

    static long cases(long cases) {
        // A number beyond the whole numbers stays what it is.
        return cases > Long.MAX_VALUE / 10
                ? cases
                : new BigDecimal(cases).round(TWO_DIGITS).longValueExact();
    }

    /** Such as "130,000". */
    static String inWords(long cases) {
        return String.format(Locale.ROOT, "%,d", cases(cases));
    }
}
