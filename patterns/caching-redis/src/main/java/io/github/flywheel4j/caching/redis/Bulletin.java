package io.github.flywheel4j.caching.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is published in a namespace, numbered by the server, so that the server refuses what a node wants to store that has not
 * heard all of it: that may rest on what was taken back. A script, because it is the server that knows the order of the two.
 *
 * <p>The count is under the name of the channel. A server that lost it counts from nothing, and so does one that is full and
 * can count nothing: what is published must be heard then too. Immutable.
 */
final class Bulletin {

    private static final String PUBLISH = """
            local number = redis.pcall('INCR', KEYS[1])
            if type(number) == 'table' then
                redis.call('DEL', KEYS[1])
                number = 0
            end
            redis.call('PUBLISH', KEYS[1], string.format('%.0f', number) .. ' ' .. ARGV[1])
            return number""";

    private static final String PUT = """
            if (redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] then return 0 end
            redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
            return 1""";

    private final String channel;

    Bulletin(String channel) {
        this.channel = channel;
    }

    /** A text as it is heard, and which one it is, from 1 on. */
    record News(long number, String text) {

        /** Null if it is none. */
        static @Nullable News parse(String heard) {
            int space = heard.indexOf(' ');
            try {
                return space < 1 ? null : new News(Long.parseLong(heard, 0, space, 10), heard.substring(space + 1));
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }

    /** Publishes a text and returns its number, 0 if it has none. */
    long publish(RedisCommands<String, byte[]> redis, String text) {
        Long number = redis.eval(PUBLISH, ScriptOutputType.INTEGER, new String[] {channel}, bytes(text));
        return number;
    }

    /** How many texts were published. */
    long published(RedisCommands<String, byte[]> redis) {
        byte[] count = redis.get(channel);
        return count == null ? 0 : Long.parseLong(new String(count, StandardCharsets.US_ASCII));
    }

    /** Puts a value if so many texts were published; says whether it did. */
    boolean putIfPublished(
            RedisCommands<String, byte[]> redis, long heard, String key, byte[] value, Duration timeToLive) {
        Long stored = redis.eval(
                PUT,
                ScriptOutputType.INTEGER,
                new String[] {channel, key},
                bytes(String.valueOf(heard)),
                value,
                bytes(String.valueOf(timeToLive.toMillis())));
        return stored == 1;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
