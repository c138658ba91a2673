package io.github.flywheel4j.text;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Whether a text declines to answer, told by the phrases that people and models use for it: in English, German, French,
 * Spanish, Italian, Portuguese and Dutch, and the commonest in Chinese and Japanese. Pure functions, safe from any thread.
 *
 * <p>Only the beginning is looked at, because a text that first answers and then names a limit is an answer. Phrases, not
 * understanding: a refusal without any of them is missed, and a text that begins with a phrase of regret may be taken for one.
 */
public final class Refusals {

    /** Two or three sentences; refusals come first, caveats later. */
    private static final int BEGINNING = 300;

    private static final String NOT_ABLE =
            "(?:can(?:not|'t| not)|could(?:n't| not)|(?:am|are) (?:not able|unable|not allowed|not permitted)"
                    + "|(?:'m|'re) (?:not able|unable|not allowed|not permitted)|won't|will not|(?:must|have to|need to) (?:decline|refuse)"
                    + "|decline|refuse|(?:do not|don't|would not|wouldn't) feel comfortable|(?:am|'m) not comfortable"
                    + "|(?:do not|don't) (?:condone|support|endorse))";

    private static final List<Pattern> REFUSALS = List.of(
            phrase("^(?:i'm |i am |we're |we are )?(?:very |so |truly |really )?sorry,? (?:but|i|we|that)\\b"),
            phrase("^(?:my |our )?(?:sincere )?apologies\\b|^(?:i|we) apologi[sz]e\\b"),
            phrase("\\b(?:i|we)(?: (?:simply|just|also|really|absolutely|strongly|therefore))? ?" + NOT_ABLE + "\\b"),
            phrase("\\bunable to (?:provide|help|assist|answer|discuss|fulfil|comply)"),
            phrase(
                    "\\bas an? (?:\\w+ ){0,3}(?:ai|language model|assistant)\\b.{0,80}(?:\\bnot\\b|n't\\b|\\bunable\\b)"),
            phrase("\\bit(?:'s| is| would be) (?:(?:also|generally|highly|simply) )?(?:not |never |un|in|il)"
                    + "(?:appropriate|ethical|legal|acceptable|respectful|permissible)"),
            phrase("\\b(?:is|are) (?:not only )?(?:illegal|unethical)\\b"),
            phrase(
                    "\\b(?:against|violates?) (?:my|our) (?:\\w+ )?(?:programming|guidelines|policy|policies|principles)"),
            phrase("\\b(?:ich|wir) (?:kann|können|darf|dürfen|werde|werden|möchte|möchten)\\b.{0,60}\\bnicht\\b"
                    + "|^(?:es )?tut mir leid|^leider (?:kann|darf) ich\\b"),
            phrase("\\bje (?:ne (?:peux|pourrai|suis) (?:pas|malheureusement)|refuse)|^(?:je suis )?désolée?\\b"),
            phrase("\\bno puedo\\b|\\bno podemos\\b|^lo siento\\b|\\bme niego\\b"),
            phrase("\\bnon posso\\b|\\bnon possiamo\\b|^mi dispiace\\b|\\bmi rifiuto\\b"),
            phrase("\\bnão posso\\b|\\bnão podemos\\b|^(?:sinto muito|desculpe)\\b"),
            phrase("\\bik kan\\b.{0,60}\\bniet\\b|^het spijt me\\b"),
            phrase("我(?:们)?(?:不能|无法|不可以)|抱歉|对不起"),
            phrase("(?:でき|出来)ません|申し訳"));

    private static final List<Pattern> ABSTENTIONS = List.of(
            phrase("\\b(?:i|we) (?:do not|don't|can't|cannot|could not|couldn't) "
                    + "(?:know|have (?:that|this|any|enough|the)|find|see|tell|determine|answer)\\b"),
            phrase("\\b(?:i'm|i am|we are) not (?:sure|certain)\\b"),
            phrase(
                    "\\b(?:documents?|context|sources?|passages?|text|documentation|knowledge base|information provided)\\b"
                            + ".{0,60}(?:\\bnot\\b|n't\\b|\\bno\\b)"),
            phrase(
                    "\\b(?:no|not enough|insufficient) (?:relevant )?(?:information|answer|mention|details?|evidence)\\b"),
            phrase("\\b(?:cannot|can't|can not) be (?:answered|determined)\\b|\\bunanswerable\\b"),
            phrase("\\bweiss (?:ich|es|das|ich das)? ?(?:leider )?nicht\\b|\\bkeine (?:angaben?|informationen?)\\b"
                    + "|\\b(?:dokumente?|unterlagen|quellen?|kontext)\\b.{0,60}\\b(?:nicht|kein\\w*)\\b"),
            phrase("\\bje ne (?:sais|trouve) pas\\b|\\b(?:aucune|pas d')\\s?information"),
            phrase("\\bno (?:lo )?sé\\b|\\bno (?:hay|tengo|encuentro) (?:suficiente )?información\\b"),
            phrase("\\bnon (?:lo )?so\\b|\\bnon (?:ho|trovo|ci sono) (?:abbastanza )?informazioni\\b"),
            phrase("\\bnão sei\\b|\\bnão (?:há|tenho|encontro) informaç"),
            phrase("\\bik weet het niet\\b|\\bgeen informatie\\b"),
            phrase("(?:我)?不知道|没有(?:相关)?信息|わかりません|分かりません|情報が(?:ありません|ない)"));

    private Refusals() {}

    /** Since Java 19 a word ends for {@code \b} only at ASCII letters, unless told otherwise: "sé" would have no end. */
    private static Pattern phrase(String regex) {
        return Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
    }

    /** Whether a text says that it will not or may not answer. */
    public static boolean isRefusal(String text) {
        return anyIn(REFUSALS, text);
    }

    /** Whether a text says that it does not know: the honest answer to a question that its sources do not answer. */
    public static boolean isAbstention(String text) {
        return anyIn(ABSTENTIONS, text);
    }

    private static boolean anyIn(List<Pattern> phrases, String text) {
        String folded = Spelling.fold(text.length() > 2 * BEGINNING ? text.substring(0, 2 * BEGINNING) : text)
                .replace('’', '\'');
        String beginning = folded.substring(0, Math.min(folded.length(), BEGINNING));
        return phrases.stream().anyMatch(phrase -> phrase.matcher(beginning).find());
    }
}
