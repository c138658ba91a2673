package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an English text states: numbers, amounts, measures, dates, versions, codes, names, quotations; what it denies,
 * what kind of question it asks, and how its words stand.
 *
 * <p>Two texts can be compared: {@link #difference} names the first thing that makes them say something else, however
 * alike they look. It knows the words of a few thousand word pairs written for it, not the world: no difference means
 * that none was found.
 *
 * <p>Reading a question takes some ten microseconds, and the time grows linearly with the length. Immutable, safe from
 * any thread. {@code toString} never gives the text.
 */
public final class TextFacts {

    private final List<Token> tokens;
    private final List<Term> terms;
    private final List<Fact> facts;
    private final Set<Question> questions;
    private final Set<Quantifiers.Share> shares;
    private final int denials;

    private TextFacts(String text) {
        this.tokens = List.copyOf(Tokens.of(text));
        FactScanner scanner = new FactScanner(tokens);
        List<Fact> found = new ArrayList<>(scanner.facts());
        Names names = Names.in(tokens, scanner.taken());
        found.addAll(names.facts());
        found.addAll(Quotes.in(text));
        this.facts = List.copyOf(found);
        this.terms = terms(tokens, scanner.taken(), names);
        this.questions = Questions.of(tokens);
        this.shares = Quantifiers.of(tokens);
        this.denials = Negations.count(tokens);
    }

    /** Reads an English text. */
    public static TextFacts of(String text) {
        return new TextFacts(text);
    }

    /** All facts: first those with digits or number words, dates and codes, then names, then quotations, each in order. */
    public List<Fact> facts() {
        return facts;
    }

    /** The facts of one kind, in their order in the text. */
    public List<Fact> facts(Fact.Kind kind) {
        return facts.stream().filter(fact -> fact.kind() == kind).toList();
    }

    /** The kinds of the questions asked, empty for a statement or a command. */
    public Set<Question> questions() {
        return Set.copyOf(questions);
    }

    /** How often the text denies: not, n't, no, never, without. A denial that only opens a question is none. */
    public int denials() {
        return denials;
    }

    /**
     * The first thing found that makes the two texts say something else, or empty. Symmetric. Texts that differ in case,
     * white space and closing punctuation alone have none.
     */
    public Optional<Difference> difference(TextFacts other) {
        return Comparison.of(this, other);
    }

    List<Token> tokens() {
        return tokens;
    }

    List<Term> terms() {
        return terms;
    }

    Set<Question> asked() {
        return questions;
    }

    Set<Quantifiers.Share> shares() {
        return shares;
    }

    private static List<Term> terms(List<Token> tokens, boolean[] taken, Names names) {
        List<Term> terms = new ArrayList<>(tokens.size());
        int at = 0;
        while (at < tokens.size()) {
            Token token = tokens.get(at);
            int length = taken[at] ? 1 : Phrases.length(tokens, at);
            String key = token.key();
            if (length > 1) {
                StringBuilder joined = new StringBuilder(key);
                for (int i = 1; i < length; i++) {
                    joined.append('_').append(tokens.get(at + i).key());
                }
                key = joined.toString();
            }
            boolean name = names.contains(at);
            boolean measured =
                    at > 0 && tokens.get(at - 1).word().equals("how"); // how long, how far: told by the question's kind
            terms.add(new Term(
                    key,
                    token.word(),
                    !taken[at] && !measured && (name || !LightWords.contains(key)),
                    name,
                    taken[at],
                    token.listed(),
                    taken[at] ? Senses.NONE : Synonyms.senses(key)));
            at += length;
        }
        return List.copyOf(terms);
    }

    /** Gives counts, never the text. */
    @Override
    public String toString() {
        return "TextFacts[" + tokens.size() + " words, " + facts.size() + " facts]";
    }
}
