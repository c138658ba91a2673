package io.github.flywheel4j.testkit;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Random test data that can be had again: texts in many scripts, token splits, chat requests and JSON values.
 *
 * <pre>{@code
 * Seeds seeds = Seeds.named("guard cuts");
 * String text = seeds.text(200);
 * TokenSplit split = seeds.tokenSplit();
 * }</pre>
 *
 * <p>The seed is the system property {@code flywheel4j.seed}, a whole number; without it each name has a fixed seed of
 * its own, so that a build does not fail by chance. It is printed once, with the way to repeat it. The same seed and the
 * same sequence of calls give the same data on any JDK. Stateful and not thread-safe: one for each test and thread.
 */
public final class Seeds {

    /** The system property that holds the seed: {@value}. */
    public static final String PROPERTY = "flywheel4j.seed";

    /** Letters that belong together; an element may be several code points that must not be parted on screen. */
    private static final List<List<String>> ALPHABETS = List.of(
            letters("abcdefghijklmnopqrstuvwxyz"),
            letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            letters("áàâäãåæçéèêëíîïñóôöøœßúûüýþıİ"),
            letters("αβγδεζηθικλμνξοπρσςτυφχψωΆΈ"),
            letters("абвгдежзийклмнопрстуфхцчшщъыьэюяїґ"),
            letters("אבגדהוזחטיכלמנסעפצקרשתךם"),
            letters("ابتثجحخدذرزسشصضطظعغفقكلمنهوي"),
            letters("कखगघचछजझटठडणतथदनपफबमयरलवशसह"),
            letters("กขคงจฉชซญดตถทธนบปผพภมยรลวศสห"),
            letters("天地玄黃宇宙洪荒日月盈昃辰宿列張你好世界"),
            letters("あいうえおかきくけこさしすせそアイウエオカキクケコ"),
            letters("가나다라마바사아자차카타파하한글"),
            letters("0123456789"),
            letters("!?.,;:-–—()[]{}<>\"'`*_#~|/\\&%$€@+="),
            List.of("😀", "🎉", "👩‍👩‍👧", "👍🏽", "🇫🇷", "❤️", "🧑‍💻"),
            // Combining accents, a zero-width space, a right-to-left mark, a byte-order mark and letters beyond the
            // basic plane: what text code forgets.
            List.of("e\u0301", "n\u0303", "\u200b", "\u200f", "\ufeff", "\ud835\udd04", "\ud840\udc0b"));

    private static final List<String> GAPS = List.of(" ", " ", " ", " ", ", ", ". ", "\n", "\n\n", "  ", "\t", "");

    private final String name;
    private final long seed;
    private final Random random;

    private Seeds(String name, long seed) {
        this.name = name;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /**
     * Data for the test of this name; prints the seed.
     *
     * @throws IllegalArgumentException when the system property is no whole number
     */
    public static Seeds named(String name) {
        String given = System.getProperty(PROPERTY);
        Seeds seeds = new Seeds(name, given == null ? fixedSeed(name) : parse(given));
        System.out.println(seeds);
        return seeds;
    }

    /** Data from this seed, whatever the system property says. Prints nothing. */
    public static Seeds of(long seed) {
        return new Seeds("given", seed);
    }

    /** The generator behind {@link #named}, for tests that make their own data. */
    public static Random random(String name) {
        return named(name).random();
    }

    private static long parse(String given) {
        try {
            return Long.parseLong(given.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(PROPERTY + ": " + given + " (expected: a whole number)", e);
        }
    }

    private static long fixedSeed(String name) {
        return Math.abs((long) name.hashCode());
    }

    private static List<String> letters(String all) {
        return all.codePoints().mapToObj(Character::toString).toList();
    }

    /** The seed. */
    public long seed() {
        return seed;
    }

    /** The random generator that all methods here draw from. */
    public Random random() {
        return random;
    }

    /** A whole number from {@code least} to {@code most}, both included. */
    public int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** True in this share of all draws, from 0 to 1. */
    public boolean chance(double share) {
        return random.nextDouble() < share;
    }

    /** One of these. */
    public <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** One to ten letters of one script. */
    public String word() {
        List<String> alphabet = pick(ALPHABETS);
        StringBuilder word = new StringBuilder();
        for (int left = between(1, 10); left > 0; left--) {
            word.append(pick(alphabet));
        }
        return word.toString();
    }

    /**
     * Words of several scripts, with punctuation, emoji, combining and invisible characters and line breaks between them.
     *
     * @param maxWords at most so many words; possibly none, which makes an empty text
     */
    public String text(int maxWords) {
        StringBuilder text = new StringBuilder();
        for (int left = between(0, maxWords); left > 0; left--) {
            text.append(word());
            if (left > 1) {
                text.append(pick(GAPS));
            }
        }
        return text.toString();
    }

    /** A split at random places, or by words, by characters, or not at all. */
    public TokenSplit tokenSplit() {
        return switch (between(0, 5)) {
            case 0 -> TokenSplit.words();
            case 1 -> TokenSplit.characters();
            case 2 -> TokenSplit.whole();
            default -> TokenSplit.random(random.nextLong());
        };
    }

    /**
     * A request that ends in a user's message: with or without a system message, history, a finished tool round, tools
     * and parameters.
     */
    public ChatRequest chatRequest() {
        List<ChatMessage> messages = new ArrayList<>();
        if (chance(0.5)) {
            messages.add(SystemMessage.from("Be brief. " + text(10)));
        }
        boolean withTools = chance(0.3);
        for (int round = between(0, 3); round > 0; round--) {
            messages.add(UserMessage.from("Question " + text(10)));
            if (withTools) {
                addToolRound(messages);
            }
            messages.add(AiMessage.from("Answer " + text(20)));
        }
        messages.add(UserMessage.from("Question " + text(20)));
        ChatRequest.Builder request = ChatRequest.builder().messages(messages);
        if (withTools) {
            request.toolSpecifications(ToolSpecification.builder()
                    .name("lookup")
                    .description("Looks something up")
                    .parameters(JsonObjectSchema.builder()
                            .addStringProperty("query")
                            .required("query")
                            .build())
                    .build());
        }
        if (chance(0.5)) {
            request.temperature(between(0, 10) / 10.0);
        }
        if (chance(0.3)) {
            request.modelName(pick(List.of("small", "large")));
        }
        if (chance(0.3)) {
            request.maxOutputTokens(between(1, 4_096));
        }
        return request.build();
    }

    private void addToolRound(List<ChatMessage> messages) {
        ToolExecutionRequest call = ToolExecutionRequest.builder()
                .id("call_" + messages.size())
                .name("lookup")
                .arguments("{\"query\":\"" + between(0, 999) + "\"}")
                .build();
        messages.add(AiMessage.from(call));
        messages.add(ToolExecutionResultMessage.from(call, "Result " + text(5)));
    }

    /**
     * A JSON value of Java's own types: null, a {@code Boolean}, {@code Integer}, {@code Long}, {@code Double} or {@code
     * String}, a {@code List} or a {@code Map} with string keys.
     *
     * @param depth how deep lists and maps may nest; 0 for plain values alone
     */
    public @Nullable Object json(int depth) {
        return switch (between(0, depth > 0 ? 8 : 6)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong();
            // Doubles that every JSON library writes and reads as they are.
            case 4 -> between(-1_000_000, 1_000_000) / 64.0;
            case 5 -> "";
            case 6 -> text(5);
            case 7 -> jsonList(depth);
            default -> jsonObject(depth);
        };
    }

    private List<@Nullable Object> jsonList(int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        for (int left = between(0, 4); left > 0; left--) {
            list.add(json(depth - 1));
        }
        return list;
    }

    /** A JSON object, as {@link #json} makes its values. */
    public Map<String, @Nullable Object> jsonObject(int depth) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int left = between(0, 4); left > 0; left--) {
            map.put(word(), json(depth - 1));
        }
        return map;
    }

    /** Says what to do to have the same data again; use it to describe an assertion. */
    @Override
    public String toString() {
        return "seed of '" + name + "': " + seed + " (repeat with -D" + PROPERTY + "=" + seed + ")";
    }
}
