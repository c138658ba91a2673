package io.github.flywheel4j.evals;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How a text is cut into words before BLEU counts them, by sacreBLEU's names. */
enum BleuTokenizer {
    NONE {
        @Override
        String spaced(String text) {
            return text;
        }
    },
    THIRTEEN_A {
        @Override
        String spaced(String text) {
            return latin(" " + unescaped(text) + " ");
        }
    },
    INTERNATIONAL {
        @Override
        String spaced(String text) {
            String spaced = PUNCTUATION_AFTER_NO_NUMBER.matcher(text).replaceAll("$1 $2 ");
            spaced = PUNCTUATION_BEFORE_NO_NUMBER.matcher(spaced).replaceAll(" $1 $2");
            return SYMBOL.matcher(spaced).replaceAll(" $0 ");
        }
    },
    CHARACTERS {
        @Override
        String spaced(String text) {
            return text.codePoints().mapToObj(Character::toString).collect(Collectors.joining(" "));
        }
    },
    CHINESE {
        @Override
        String spaced(String text) {
            return latin(text.codePoints()
                    .mapToObj(c -> isChinese(c) ? " " + Character.toString(c) + " " : Character.toString(c))
                    .collect(Collectors.joining()));
        }
    };

    // The rules of NIST's mteval-v13a and mteval-v14 scripts.
    private static final Pattern ASCII_PUNCTUATION = Pattern.compile("[{-~\\[-` -&(-+:-@/]");
    private static final Pattern POINT_AFTER_NO_DIGIT = Pattern.compile("([^0-9])([.,])");
    private static final Pattern POINT_BEFORE_NO_DIGIT = Pattern.compile("([.,])([^0-9])");
    private static final Pattern DASH_AFTER_DIGIT = Pattern.compile("([0-9])(-)");
    private static final Pattern PUNCTUATION_AFTER_NO_NUMBER = Pattern.compile("(\\P{N})(\\p{P})");
    private static final Pattern PUNCTUATION_BEFORE_NO_NUMBER = Pattern.compile("(\\p{P})(\\P{N})");
    private static final Pattern SYMBOL = Pattern.compile("\\p{S}");

    /** Ideographs, the punctuation and full-width forms that stand among them, and the dingbats that sacreBLEU counts in. */
    private static final int[][] CHINESE_BLOCKS = {
        {0x3400, 0x4DB5}, {0x4E00, 0x9FBB}, {0xF900, 0xFA2D}, {0xFA30, 0xFA6A}, {0xFA70, 0xFAD9}, {0x20000, 0x2A6D6},
        {0x2F800, 0x2FA1D}, {0xFF00, 0xFFEF}, {0x2E80, 0x2FDF}, {0x2FF0, 0x303F}, {0x3100, 0x312F}, {0x31A0, 0x31BF},
        {0x31C0, 0x31EF}, {0x3200, 0x33FF}, {0xFE10, 0xFE1F}, {0xFE30, 0xFE4F}, {0x2600, 0x27BF}
    };

    /** The text with spaces where words end. */
    abstract String spaced(String text);

    List<String> tokens(String text) {
        return Tokens.split(spaced(text));
    }

    private static String latin(String text) {
        String spaced = ASCII_PUNCTUATION.matcher(text).replaceAll(" $0 ");
        spaced = POINT_AFTER_NO_DIGIT.matcher(spaced).replaceAll("$1 $2 ");
        spaced = POINT_BEFORE_NO_DIGIT.matcher(spaced).replaceAll(" $1 $2");
        return DASH_AFTER_DIGIT.matcher(spaced).replaceAll("$1 $2 ");
    }

    private static String unescaped(String text) {
        String joined = text.replace("<skipped>", "").replace("-\n", "").replace("\n", " ");
        return joined.replace("&quot;", "\"")
                .replace("&amp;", "&")
                .replace("&lt;", "<")
                .replace("&gt;", ">");
    }

    private static boolean isChinese(int c) {
        for (int[] block : CHINESE_BLOCKS) {
            if (c >= block[0] && c <= block[1]) {
                return true;
            }
        }
        return false;
    }
}
