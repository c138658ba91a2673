package io.github.flywheel4j.text;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where an English text says no, and which words say it without a "not". */
final class Negations {

    private static final Set<String> PLAIN = Set.of(
            "not",
            "no",
            "never",
            "none",
            "nobody",
            "nothing",
            "nowhere",
            "neither",
            "nor",
            "cannot",
            "cant",
            "dont",
            "doesnt",
            "didnt",
            "isnt",
            "arent",
            "wont",
            "wasnt",
            "werent",
            "couldnt",
            "wouldnt",
            "shouldnt",
            "hasnt",
            "havent",
            "hadnt",
            "without",
            "n't");

    private static final Set<String> AUXILIARIES = Set.of(
            "isn't",
            "aren't",
            "wasn't",
            "weren't",
            "don't",
            "doesn't",
            "didn't",
            "won't",
            "wouldn't",
            "can't",
            "couldn't",
            "shouldn't",
            "hasn't",
            "haven't",
            "hadn't",
            "isnt",
            "arent",
            "dont",
            "doesnt",
            "didnt",
            "wont",
            "cant",
            "cannot");

    private static final Set<String> SUBJECTS = Set.of(
            "i", "you", "he", "she", "it", "we", "they", "there", "this", "that", "these", "those", "the", "a", "an",
            "all", "people", "my", "your", "our", "some", "most", "any");

    /** Words that deny or end something, so that "not" on the other side may be their equal. */
    private static final String QUIET = """
            avoid stop prevent keep_from fail refuse unable lack miss missing impossible except other_than decline deny reject block blocked
            quit end cease give_up get_rid_of overcome disable turn_off switch_off deactivate remove hide forbid ban illegal unlawful
            forbidden prohibited ineligible incapable unavailable unknown unsafe dangerous bad wrong false invalid useless unnecessary
            unlikely unclear uncertain incorrect untrue broken fail failed failing pending still yet stuck delayed late lost error problem
            issue trouble free hate dislike hard difficult rarely hardly barely seldom unless instead rather zero absent away less un
            ignore skip resist escape lose outside too difference different fake only against disagree myth despite although though but""";

    private static final Set<String> QUIET_KEYS = new HashSet<>();
    private static final Set<String> PHRASES = new HashSet<>();

    static {
        for (String word : QUIET.split("\\s+", 0)) {
            String key = Inflections.keyOf(word);
            QUIET_KEYS.add(key);
            if (word.indexOf('_') > 0) {
                PHRASES.add(key);
            }
        }
        PHRASES.add("no_longer");
    }

    private Negations() {}

    /** Whether a word denies what follows it. */
    static boolean denies(String word) {
        return PLAIN.contains(word) || word.endsWith("n't");
    }

    /** Whether the word of a key denies in its meaning ("avoid", "unable", "unpaid"). */
    static boolean deniesQuietly(String key) {
        return QUIET_KEYS.contains(key);
    }

    /**
     * How many words deny. "Isn't it open?" asks the same as "Is it open?": a contraction that opens a question, before
     * its subject, does not count, nor do "why not" and "or not".
     */
    static int count(List<Token> tokens) {
        int count = 0;
        for (int i = 0; i < tokens.size(); i++) {
            String word = tokens.get(i).word();
            if (denies(word) && !opensQuestion(tokens, i) && !isIdle(tokens, i)) {
                count++;
            }
        }
        return count;
    }

    private static boolean opensQuestion(List<Token> tokens, int at) {
        String word = tokens.get(at).word();
        if (!tokens.get(at).initial() || !AUXILIARIES.contains(word)) {
            return false;
        }
        boolean command = word.equals("don't") || word.equals("dont");
        return !command
                || (at + 1 < tokens.size()
                        && SUBJECTS.contains(tokens.get(at + 1).word()));
    }

    private static boolean isIdle(List<Token> tokens, int at) {
        String word = tokens.get(at).word();
        String before = at == 0 ? "" : tokens.get(at - 1).word();
        String after = at + 1 < tokens.size() ? tokens.get(at + 1).word() : "";
        boolean or = (before.equals("or") || before.equals("why")) && (word.equals("not") || word.equals("no"));
        boolean numbering = word.equals("no")
                && (tokens.get(at).raw().equals("No") && !tokens.get(at).initial());
        boolean wonder = word.equals("no") && (after.equals("matter") || after.equals("doubt"));
        return or || numbering || wonder || (word.equals("not") && after.equals("only"));
    }

    static Set<String> phrases() {
        return PHRASES;
    }
}
