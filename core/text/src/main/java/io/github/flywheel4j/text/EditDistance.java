package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of a text was changed: the distance of V. I. Levenshtein ("Binary codes capable of correcting deletions,
 * insertions, and reversals", Soviet Physics Doklady 10, 1966) between two texts, divided by the length of the longer one.
 *
 * <p>Texts of up to 2,000 characters are compared by character, longer ones by word and of them the first 20,000, so that
 * the cost stays bounded: the algorithm is quadratic. It keeps two rows and cuts off what is equal at both ends. Pure
 * functions, safe from any thread.
 */
public final class EditDistance {

    private static final int BY_CHARACTER = 2_000;
    private static final int LIMIT = 20_000;
    private static final Pattern TOKEN = Pattern.compile("\\w+|\\s+|[^\\w\\s]", Pattern.UNICODE_CHARACTER_CLASS);

    private EditDistance() {}

    /** 0 for equal texts, 1 for texts that have nothing in common. */
    public static double normalised(String before, String after) {
        if (before.equals(after)) {
            return 0;
        }
        if (before.length() <= BY_CHARACTER && after.length() <= BY_CHARACTER) {
            return normalised(before.codePoints().toArray(), after.codePoints().toArray());
        }
        Map<String, Integer> numbers = new HashMap<>();
        return normalised(words(before, numbers), words(after, numbers));
    }

    private static double normalised(int[] before, int[] after) {
        int longer = Math.max(before.length, after.length);
        return longer == 0 ? 0 : Math.min(1.0, (double) distance(before, after) / longer);
    }

    private static int[] words(String text, Map<String, Integer> numbers) {
        List<Integer> words = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find() && words.size() < LIMIT) {
            words.add(numbers.computeIfAbsent(matcher.group(), word -> numbers.size()));
        }
        return words.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int distance(int[] before, int[] after) {
        int start = 0;
        int endBefore = before.length;
        int endAfter = after.length;
        while (start < endBefore && start < endAfter && before[start] == after[start]) {
            start++;
        }
        while (endBefore > start && endAfter > start && before[endBefore - 1] == after[endAfter - 1]) {
            endBefore--;
            endAfter--;
        }
        int columns = endAfter - start;
        int[] previous = new int[columns + 1];
        int[] current = new int[columns + 1];
        for (int column = 0; column <= columns; column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= endBefore - start; row++) {
            current[0] = row;
            for (int column = 1; column <= columns; column++) {
                int replaced = previous[column - 1] + (before[start + row - 1] == after[start + column - 1] ? 0 : 1);
                current[column] = Math.min(replaced, Math.min(previous[column], current[column - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[columns];
    }
}
