package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The names in a text: capitals that are not owed to the beginning of a sentence, and acronyms. A text that sets most of
 * its words in capitals shows none.
 */
final class Names {

    private static final double MOSTLY = 0.6;
    private static final int FEW = 4;

    private final List<Token> tokens;
    private final BitSet names = new BitSet();

    private Names(List<Token> tokens) {
        this.tokens = tokens;
    }

    static Names in(List<Token> tokens, boolean[] taken) {
        Names found = new Names(tokens);
        int words = 0;
        int capitals = 0;
        int acronyms = 0;
        for (Token token : tokens) {
            if (Character.isLetter(token.raw().charAt(0)) && token.raw().length() > 2) {
                words++;
                capitals += token.capital() ? 1 : 0;
                acronyms += token.allCapitals() ? 1 : 0;
            }
        }
        boolean title = words >= FEW && capitals > MOSTLY * words;
        boolean shouting = words >= 2 && acronyms > MOSTLY * words;
        for (int i = 0; i < tokens.size() && !shouting; i++) {
            if (!taken[i] && found.isName(i, title)) {
                found.names.set(i);
            }
        }
        return found;
    }

    private boolean isName(int at, boolean title) {
        Token token = tokens.get(at);
        if (!token.capital()
                || (Words.isStopWord(token.word()) && !acronym(token))
                || token.raw().length() < 2) {
            return false;
        }
        if (acronym(token)) {
            return true;
        }
        if (title || LightWords.contains(token.key()) || token.word().startsWith("i'") || token.hasDigit()) {
            return false;
        }
        if (!token.initial()) {
            return true;
        }
        boolean next = at + 1 < tokens.size()
                && tokens.get(at + 1).capital()
                && !tokens.get(at + 1).initial()
                && tokens.get(at + 1).raw().length() > 1;
        return next && !Words.isStopWord(tokens.get(at + 1).word()) && !Antonyms.contains(token.key());
    }

    private static boolean acronym(Token token) {
        return token.allCapitals() && token.raw().length() < 7;
    }

    boolean contains(int at) {
        return names.get(at);
    }

    /** Neighbouring words of a name are one fact. */
    List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        for (int from = names.nextSetBit(0); from >= 0; ) {
            int to = names.nextClearBit(from);
            StringBuilder value = new StringBuilder();
            for (int i = from; i < to; i++) {
                value.append(value.isEmpty() ? "" : " ").append(tokens.get(i).word());
            }
            facts.add(new Fact(
                    Fact.Kind.NAME,
                    value.toString(),
                    "",
                    false,
                    tokens.get(from).start(),
                    tokens.get(to - 1).end()));
            from = names.nextSetBit(to);
        }
        return facts;
    }
}
