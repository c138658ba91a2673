package io.github.flywheel4j.text;

import java.util.Optional;
import java.util.Set;

/**
 * Reads a yes or no out of a model's words, strictly: what is not plainly one of them is neither. An empty result is an error
 * of whoever was asked, never a no.
 *
 * <p>The word may stand alone, before its reasons ({@code Yes, because ...}), behind a label on a line of its own ({@code
 * Verdict: YES}), in Markdown, quotes, a code fence or a tag. Case and width say nothing. Yes and no are known in some twenty
 * languages. Both of them, a doubt ({@code yes and no}, {@code probably}, {@code Yes?}) or a negation ({@code not yes}) give
 * nothing.
 *
 * <p>Pure functions, safe from any thread.
 */
public final class YesOrNo {

    private static final Set<String> YES = Set.of(
            ("yes y yeah yep true correct pass passed passes ja oui si sí sì sim tak ano да так evet kyllä ναι có ya כן نعم हाँ हां"
                            + " 是 是的 对 對 正确 正確 はい 예 네 ✅ ✔ 👍")
                    .split(" ", -1));
    private static final Set<String> NO = Set.of(
            ("no n nope false incorrect wrong fail failed fails nein non nee não nie ne нет ні hayır hayir ei όχι không tidak nej"
                            + " לא لا नहीं 否 不是 不 不对 不對 错误 錯誤 いいえ 아니요 아니오 ❌ ✘ 👎")
                    .split(" ", -1));
    private static final Set<String> AND_OR = Set.of("and und et y e en и или or oder ou o of 和 或 と".split(" ", -1));

    private static final Set<String> BUT =
            Set.of("but aber pero mais mas ma però maar men mutta ale но але ama fakat αλλά 但 但是 でも しかし 하지만 لكن"
                    .split(" ", -1));

    private YesOrNo() {}

    /** Yes or no; empty if the words say neither plainly. */
    public static Optional<Boolean> of(String words) {
        return VerdictWords.of(words).flatMap(YesOrNo::first);
    }

    private static Optional<Boolean> first(String text) {
        Optional<FirstWord> first =
                FirstWord.of(text).filter(found -> YES.contains(found.word()) || NO.contains(found.word()));
        if (first.isEmpty()) {
            return Optional.empty();
        }
        boolean yes = YES.contains(first.get().word());
        String rest = first.get().rest();
        if (first.get().isMark() && !rest.isBlank()) {
            // A tick or cross before the word must say the same.
            return first(rest.strip()).filter(word -> word.equals(yes));
        }
        boolean plain = first.get().standsAlone()
                && !contradicts(rest, yes ? NO : YES)
                && rest.lines().skip(1).noneMatch(line -> first(line)
                        .filter(word -> !word.equals(yes))
                        .isPresent());
        return plain ? Optional.of(yes) : Optional.empty();
    }

    /** "Yes, no", "yes and no", "yes, but no", "yes or rather no", "yes?" take back what they said. */
    private static boolean contradicts(String text, Set<String> opposite) {
        String rest = text.lines().findFirst().orElse("");
        if (rest.strip().replaceFirst("^[^\\p{L}?？]*", "").startsWith("?")
                || rest.strip().startsWith("？")) {
            return true;
        }
        Optional<String> next = FirstWord.next(rest);
        if (next.isEmpty()) {
            return false;
        }
        if (opposite.contains(next.get())
                || next.get().equals("or")
                || next.get().equals("oder")) {
            return true;
        }
        return (AND_OR.contains(next.get()) || BUT.contains(next.get()))
                && FirstWord.next(FirstWord.afterNext(rest))
                        .map(opposite::contains)
                        .orElse(false);
    }
}
