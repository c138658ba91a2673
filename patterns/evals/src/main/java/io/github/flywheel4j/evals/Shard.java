package io.github.flywheel4j.evals;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of several parts of a run, so that several machines share it. Clusters stay whole, and the parts together are the
 * run: {@link EvalRun#merge}.
 *
 * @param number which one, from 1
 * @param of how many there are
 */
public record Shard(int number, int of) {

    private static final Pattern SPELLING = Pattern.compile("\\s*(\\d{1,6})\\s*/\\s*(\\d{1,6})\\s*");

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if there is no such part
     */
    public Shard {
        if (of < 1 || number < 1 || number > of) {
            throw new IllegalArgumentException(
                    "shard: " + number + "/" + of + " (expected: n/m with n from 1 to m, such as 2/8)");
        }
    }

    /** A part by its number, from 1. */
    public static Shard of(int number, int of) {
        return new Shard(number, of);
    }

    /** The whole run. */
    public static Shard whole() {
        return new Shard(1, 1);
    }

    /**
     * Reads "2/8".
     *
     * @throws IllegalArgumentException if it is no such text, or there is no such part
     */
    public static Shard parse(String text) {
        Matcher matcher = SPELLING.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("shard: '" + text + "' (expected: n/m, such as 2/8)");
        }
        return new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** Whether the cluster at that place in the order of the run is in this part. */
    boolean has(int place) {
        return place % of == number - 1;
    }

    @Override
    public String toString() {
        return number + "/" + of;
    }
}
