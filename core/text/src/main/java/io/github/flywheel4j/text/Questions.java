package io.github.flywheel4j.text;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The kinds of answer that a text asks for, and which of them exclude each other. */
final class Questions {

    private static final Set<String> ASKING =
            Set.of("what", "who", "where", "when", "why", "how", "which", "that", "it", "there", "here");
    private static final Set<String> AUXILIARIES = Set.of(
            "is",
            "are",
            "was",
            "were",
            "do",
            "does",
            "did",
            "can",
            "could",
            "will",
            "would",
            "may",
            "must",
            "has",
            "have",
            "had",
            "am",
            "isn't",
            "aren't",
            "don't",
            "doesn't",
            "didn't",
            "can't",
            "won't",
            "couldn't",
            "wouldn't",
            "hasn't",
            "haven't",
            "might");
    private static final Set<String> WAYS = Set.of(
            "way",
            "ways",
            "method",
            "methods",
            "steps",
            "procedure",
            "process",
            "tips",
            "trick",
            "tricks",
            "fix",
            "solution",
            "strategy",
            "strategies");
    private static final Set<String> PRICES =
            Set.of("price", "cost", "fee", "salary", "charge", "rate", "prices", "costs", "fees", "charges");
    private static final Set<String> MODIFIERS = Set.of(
            "best",
            "easiest",
            "fastest",
            "cheapest",
            "the",
            "a",
            "good",
            "some",
            "quickest",
            "simplest",
            "only",
            "most",
            "effective",
            "main",
            "real",
            "exact",
            "are",
            "is",
            "was",
            "were",
            "average",
            "your",
            "my",
            "possible",
            "biggest",
            "likely",
            "common");

    /** What "how" asks for with the word behind it; "how likely", "how important" are left to the other words. */
    private static final Map<String, Question> MEASURES = Map.ofEntries(
            Map.entry("much", Question.HOW_MUCH),
            Map.entry("many", Question.HOW_MANY),
            Map.entry("long", Question.HOW_LONG),
            Map.entry("often", Question.HOW_OFTEN),
            Map.entry("frequently", Question.HOW_OFTEN),
            Map.entry("come", Question.WHY),
            Map.entry("to", Question.WAY),
            Map.entry("old", Question.HOW_DEGREE),
            Map.entry("far", Question.HOW_DEGREE),
            Map.entry("big", Question.HOW_DEGREE),
            Map.entry("tall", Question.HOW_DEGREE),
            Map.entry("high", Question.HOW_DEGREE),
            Map.entry("deep", Question.HOW_DEGREE),
            Map.entry("wide", Question.HOW_DEGREE),
            Map.entry("heavy", Question.HOW_DEGREE),
            Map.entry("large", Question.HOW_DEGREE),
            Map.entry("fast", Question.HOW_DEGREE));

    private static final Map<Question, Set<Question>> EXCLUDED = new EnumMap<>(Question.class);

    static {
        Set<Question> precise = EnumSet.of(
                Question.WHY,
                Question.WHEN,
                Question.WHERE,
                Question.WHO,
                Question.HOW_MUCH,
                Question.HOW_MANY,
                Question.HOW_LONG,
                Question.HOW_OFTEN,
                Question.HOW_DEGREE);
        for (Question one : precise) {
            precise.stream()
                    .filter(other ->
                            other != one && !EnumSet.of(one, other).equals(EnumSet.of(Question.WHERE, Question.WHO)))
                    .forEach(other -> exclude(one, other));
            if (one != Question.WHERE) {
                exclude(one, Question.WAY);
            }
            exclude(one, Question.ADVICE);
        }
        exclude(Question.WHEN, Question.MANNER);
        exclude(Question.WHO, Question.MANNER);
        exclude(Question.HOW_MANY, Question.MANNER);
        exclude(Question.ADVICE, Question.WAY);
    }

    private Questions() {}

    static boolean isAsking(String word) {
        return ASKING.contains(word);
    }

    /**
     * Whether no kind of one text goes with a kind of the other.
     *
     * @param strictly whether all else is the same, so that "why" excludes "is" and "what" too
     */
    static boolean exclude(Set<Question> one, Set<Question> other, boolean strictly) {
        for (Question first : one) {
            for (Question second : other) {
                boolean why = strictly && first != second && (first == Question.WHY || second == Question.WHY);
                if (!why && !EXCLUDED.getOrDefault(first, Set.of()).contains(second)) {
                    return false;
                }
            }
        }
        return !one.isEmpty() && !other.isEmpty();
    }

    /** The kinds of the questions in a text, empty for a statement or a command. */
    static Set<Question> of(List<Token> tokens) {
        Set<Question> kinds = EnumSet.noneOf(Question.class);
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.initial() && AUXILIARIES.contains(token.word()) && (i + 1 < tokens.size())) {
                kinds.add(yesOrNo(tokens, i));
            } else if (token.initial()
                    && (token.word().equals("should") || token.word().equals("shall"))) {
                kinds.add(Question.ADVICE);
            } else if (ASKING.contains(token.word()) && asks(tokens, i)) {
                kinds.add(asked(tokens, i));
            }
        }
        boolean polite = tokens.size() > 1 && tokens.get(1).word().equals("you");
        if (kinds.size() > 1 && polite) { // "Can you tell me when": the second question is the one meant
            kinds.remove(Question.WHETHER);
        }
        return kinds;
    }

    /** A word of asking at the beginning of a sentence, after a comma or "tell me"; not the "when" of a clause. */
    private static boolean asks(List<Token> tokens, int at) {
        String word = tokens.get(at).word();
        if (word.equals("that") || word.equals("it") || word.equals("there") || word.equals("here")) {
            return false;
        }
        if (tokens.get(at).initial() || at == 1) {
            return true;
        }
        String next = word(tokens, at + 1);
        String before = word(tokens, at - 1);
        boolean inverted = AUXILIARIES.contains(next)
                || next.equals("should")
                || next.equals("to")
                || next.equals("much")
                || next.equals("many")
                || next.equals("long");
        boolean told = Set.of(
                        "me",
                        "know",
                        "explain",
                        "understand",
                        "tell",
                        "about",
                        "and",
                        "at",
                        "in",
                        "for",
                        "by",
                        "from",
                        "find",
                        "out",
                        "see")
                .contains(before);
        return (inverted && !word.equals("when")) || told || (word.equals("when") && (told || (inverted && at < 4)));
    }

    private static Question yesOrNo(List<Token> tokens, int at) {
        String second = word(tokens, at + 1);
        String third = word(tokens, at + 2);
        boolean good = Set.of("good", "wise", "worth", "advisable", "recommended", "smart")
                .contains(third);
        boolean idea = third.equals("a") && Set.of("idea", "good").contains(word(tokens, at + 3));
        boolean advice = Set.of("is", "would").contains(tokens.get(at).word()) && second.equals("it") && (good || idea);
        return advice ? Question.ADVICE : Question.WHETHER;
    }

    private static Question asked(List<Token> tokens, int at) {
        String next = word(tokens, at + 1);
        return switch (tokens.get(at).word()) {
            case "why" -> Question.WHY;
            case "when" -> Question.WHEN;
            case "where" -> Question.WHERE;
            case "who" -> Question.WHO;
            case "how" -> how(tokens, at, next);
            default -> what(tokens, at, next);
        };
    }

    private static Question how(List<Token> tokens, int at, String next) {
        Question measure = MEASURES.get(next);
        if (measure != null) {
            return measure;
        }
        String subject = word(tokens, at + 2);
        boolean personal = Set.of("i", "you", "we", "one", "someone", "anyone", "people", "a", "they", "he", "she")
                .contains(subject);
        boolean helper = Set.of("do", "can", "could", "should", "would", "must", "will", "may")
                .contains(next);
        boolean turned = Set.of("i", "you", "we", "one").contains(next);
        return (helper && personal) || turned || (helper && !next.equals("do")) ? Question.WAY : Question.MANNER;
    }

    private static Question what(List<Token> tokens, int at, String next) {
        if (Set.of("time", "date", "year", "day", "month").contains(next)) {
            return Question.WHEN;
        }
        if (next.equals("person")) {
            return Question.WHO;
        }
        if (Set.of("should", "can", "do", "shall", "could", "must").contains(next)) {
            int verb = at + 3;
            boolean toDo = (word(tokens, verb).equals("do")
                    || word(tokens, verb).equals("need")
                    || word(tokens, verb).equals("have"));
            return toDo ? Question.WAY : Question.WHAT;
        }
        if (next.equals("makes") || next.equals("causes") || next.equals("made")) {
            return Question.WHY;
        }
        boolean does = next.equals("does") || next.equals("do") || next.equals("would");
        if (does) {
            for (int i = at + 2; i < Math.min(tokens.size(), at + 14); i++) {
                if (tokens.get(i).word().equals("cost")) {
                    return Question.HOW_MUCH;
                }
            }
            return Question.WHAT;
        }
        int i = at + 1;
        while (i < tokens.size() && i < at + 6 && MODIFIERS.contains(word(tokens, i))) {
            i++;
        }
        String noun = word(tokens, i);
        if (WAYS.contains(noun)) {
            return Question.WAY;
        }
        if (PRICES.contains(noun)) {
            return Question.HOW_MUCH;
        }
        return switch (noun) {
            case "reason", "reasons", "cause", "causes", "rationale", "logic" -> Question.WHY;
            case "number" -> Question.HOW_MANY;
            case "duration" -> Question.HOW_LONG;
            case "age" -> Question.HOW_DEGREE;
            default -> Question.WHAT;
        };
    }

    private static void exclude(Question one, Question other) {
        EXCLUDED.computeIfAbsent(one, unused -> EnumSet.noneOf(Question.class)).add(other);
        EXCLUDED.computeIfAbsent(other, unused -> EnumSet.noneOf(Question.class))
                .add(one);
    }

    private static String word(List<Token> tokens, int at) {
        return at < tokens.size() && at >= 0 ? tokens.get(at).word() : "";
    }
}
