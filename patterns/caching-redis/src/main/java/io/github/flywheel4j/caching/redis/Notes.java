package io.github.flywheel4j.caching.redis;

import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ScoredValueScanCursor;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Lists of short texts, the newest ones: sorted sets by the server's time. Thread-safe. */
final class Notes {

    private static final String ADD = """
            local now = redis.call('TIME')
            for i = 3, #ARGV do redis.call('ZADD', KEYS[1], now[1] * 1000000 + now[2], ARGV[i]) end
            redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - tonumber(ARGV[1]))
            redis.call('PEXPIRE', KEYS[1], ARGV[2])
            return 1""";

    private final RedisLine line;
    private final String prefix;
    private final int batch;

    /** @param batch how many are written or read at once */
    Notes(RedisLine line, String prefix, int batch) {
        this.line = line;
        this.prefix = prefix;
        this.batch = batch;
    }

    void add(String list, Collection<String> texts, int most, Duration keep) {
        List<String> all = List.copyOf(texts);
        String[] key = {prefix + list};
        for (int from = 0; from < all.size(); from += batch) {
            byte[][] values = Stream.concat(
                            Stream.of(String.valueOf(most), String.valueOf(keep.toMillis())),
                            all.subList(from, Math.min(all.size(), from + batch)).stream())
                    .map(text -> text.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
            Long unused = line.call(redis -> redis.eval(ADD, ScriptOutputType.INTEGER, key, values));
        }
    }

    /** The oldest first. */
    List<String> of(String list) {
        Map<String, Double> found = new HashMap<>(); // one may be shown twice
        ScanCursor cursor = ScanCursor.INITIAL;
        do {
            ScanCursor from = cursor;
            ScoredValueScanCursor<byte[]> page =
                    line.call(redis -> redis.zscan(prefix + list, from, ScanArgs.Builder.limit(batch)));
            for (ScoredValue<byte[]> each : page.getValues()) {
                found.put(new String(each.getValue(), StandardCharsets.UTF_8), each.getScore());
            }
            cursor = page;
        } while (!cursor.isFinished());
        List<String> texts = new ArrayList<>(found.keySet());
        texts.sort(Comparator.comparing(found::get));
        return texts;
    }
}
