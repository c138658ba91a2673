package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares what two texts say; the most certain differences come first. */
final class Comparison {

    private static final int LONGEST_PLACE = 3;
    private static final double CLOSE = 0.6;
    private static final double FRAME = 0.5;
    private static final int MOST_APART = 4;
    private static final int LARGEST = 40_000;
    private static final List<String> PREFIXES = List.of("un", "in", "im", "ir", "il", "non", "dis", "mis");

    private final TextFacts left;
    private final TextFacts right;
    private final List<Term> onlyLeft;
    private final List<Term> onlyRight;
    private final List<Alignment.Place> places;
    private final double shared;

    private Comparison(TextFacts left, TextFacts right) {
        this.left = left;
        this.right = right;
        this.onlyLeft = without(left.terms(), right.terms());
        this.onlyRight = without(right.terms(), left.terms());
        this.places = Alignment.places(left.terms(), right.terms());
        this.shared = Math.min(share(left.terms(), onlyLeft), share(right.terms(), onlyRight));
    }

    /** The part of the content that the other text has too. */
    private static double share(List<Term> terms, List<Term> only) {
        long content = terms.stream().filter(Term::content).count();
        return content == 0
                ? 1
                : 1 - (double) only.stream().filter(Term::content).count() / content;
    }

    static Optional<Difference> of(TextFacts one, TextFacts other) {
        int order = order(one.tokens(), other.tokens());
        if (order == 0) {
            return Optional.empty();
        }
        TextFacts left = order < 0 ? one : other; // one order of the two, so that nothing depends on who asks
        TextFacts right = order < 0 ? other : one;
        FactComparison facts = new FactComparison(left.facts(), right.facts());
        Comparison comparison = new Comparison(left, right);
        Optional<Difference> fact = facts.difference(comparison.alike());
        return fact.isPresent() ? fact : comparison.words();
    }

    private static int order(List<Token> one, List<Token> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int order = one.get(i).word().compareTo(other.get(i).word());
            if (order != 0) {
                return order;
            }
        }
        return one.size() - other.size();
    }

    private Optional<Difference> words() {
        if (names()) {
            return Optional.of(Difference.NAME);
        }
        if (shared >= FRAME && Quantifiers.exclude(left.shares(), right.shares())) {
            return Optional.of(Difference.QUANTIFIER);
        }
        Optional<Difference> polarity = polarity();
        if (polarity.isPresent()) {
            return polarity;
        }
        if (ArgumentOrder.reversed(left.terms(), right.terms())) {
            return Optional.of(Difference.ARGUMENT_ORDER);
        }
        if (alike() && Questions.exclude(left.asked(), right.asked(), apart() == 0)) {
            return Optional.of(Difference.QUESTION_TYPE);
        }
        return replaced() ? Optional.of(Difference.WORD) : Optional.empty();
    }

    private boolean names() {
        boolean one = unknownName(left.terms(), onlyLeft, right.tokens(), false);
        boolean other = unknownName(right.terms(), onlyRight, left.tokens(), false);
        boolean elsewhere = onlyLeft.stream().anyMatch(term -> term.content() && !term.name())
                || onlyRight.stream().anyMatch(term -> term.content() && !term.name());
        return (one && other)
                || (!elsewhere
                        && (unknownName(left.terms(), onlyLeft, right.tokens(), true)
                                || unknownName(right.terms(), onlyRight, left.tokens(), true)));
    }

    /** Whether there is a name that the other text lacks; told so, the rest of a name it has in part (a first name) is none. */
    private static boolean unknownName(List<Term> terms, List<Term> only, List<Token> others, boolean whole) {
        for (int i = 0; i < terms.size(); i++) {
            Term term = terms.get(i);
            boolean known = whole && (knownName(terms, i - 1, only) || knownName(terms, i + 1, only));
            if (term.name() && !known && only.contains(term) && !initials(term.word(), others)) {
                return true;
            }
        }
        return false;
    }

    private static boolean knownName(List<Term> terms, int at, List<Term> only) {
        return at >= 0 && at < terms.size() && terms.get(at).name() && !only.contains(terms.get(at));
    }

    /** Whether consecutive words of a text begin with the letters of an acronym. */
    private static boolean initials(String acronym, List<Token> tokens) {
        int length = acronym.length();
        if (length < 2 || length > 6) {
            return false;
        }
        for (int i = 0; i + length <= tokens.size(); i++) {
            boolean all = true;
            for (int j = 0; j < length && all; j++) {
                String word = tokens.get(i + j).word();
                all = !word.isEmpty() && word.charAt(0) == acronym.charAt(j);
            }
            if (all) {
                return true;
            }
        }
        return false;
    }

    private Optional<Difference> polarity() {
        int opposites = 0;
        boolean degree = false;
        Set<String> used = new HashSet<>();
        for (Term one : onlyLeft) {
            for (Term other : onlyRight) {
                if (opposed(one, other)
                        && ((one.content() && other.content()) || samePlace(one, other))
                        && used.add(one.key())
                        && used.add(other.key())) {
                    opposites++;
                    degree |= Antonyms.isDegree(one.key()) && Antonyms.isDegree(other.key());
                }
            }
        }
        boolean denied = (left.denials() - right.denials()) % 2 != 0;
        if (opposites > 0) {
            boolean turned = denied || (degree && ArgumentOrder.compared(left.terms(), right.terms()));
            return turned ? Optional.empty() : Optional.of(degree ? Difference.COMPARISON : Difference.ANTONYM);
        }
        boolean quiet = (left.denials() > right.denials() ? onlyRight : onlyLeft)
                .stream().anyMatch(term -> Negations.deniesQuietly(term.key()));
        return denied && !quiet && alike() ? Optional.of(Difference.NEGATION) : Optional.empty();
    }

    private static boolean opposed(Term one, Term other) {
        if (Negations.denies(one.word()) || Negations.denies(other.word())) {
            return false;
        }
        return (Antonyms.opposed(one.key(), other.key()) && !Synonyms.synonyms(one.key(), other.key()))
                || prefixed(one.key(), other.key())
                || prefixed(other.key(), one.key());
    }

    private static boolean prefixed(String key, String base) {
        int length = key.length() - base.length();
        return length >= 2
                && length <= 3
                && base.length() > 2
                && key.endsWith(base)
                && PREFIXES.contains(key.substring(0, length));
    }

    private boolean samePlace(Term one, Term other) {
        return places.stream()
                .anyMatch(place -> place.left().contains(one) && place.right().contains(other));
    }

    /** Whether the texts have most of their content in common, or one word at most apart. */
    private boolean alike() {
        return shared >= CLOSE || apart() <= 1;
    }

    private long apart() {
        return onlyLeft.stream().filter(Term::content).count()
                + onlyRight.stream().filter(Term::content).count();
    }

    /** Whether a place has other words of content on both sides, in an otherwise similar text. */
    private boolean replaced() {
        int differing = places.stream()
                .mapToInt(place -> Math.max(place.left().size(), place.right().size()))
                .sum();
        int length = Math.max(left.terms().size(), right.terms().size());
        if (apart() > MOST_APART || differing > FRAME * length) {
            return false;
        }
        for (Alignment.Place place : places) {
            if (place.left().size() <= LONGEST_PLACE
                    && place.right().size() <= LONGEST_PLACE
                    && place.left().stream().anyMatch(term -> term.content() && onlyLeft.contains(term))
                    && place.right().stream().anyMatch(term -> term.content() && onlyRight.contains(term))
                    && place.left().stream()
                            .noneMatch(one -> place.right().stream().anyMatch(other -> opposed(one, other)))) {
                return true;
            }
        }
        return false;
    }

    /** The terms that say nothing the other text says. */
    private static List<Term> without(List<Term> terms, List<Term> others) {
        Set<String> keys = new HashSet<>();
        others.forEach(term -> keys.add(term.key()));
        List<Term> rest = new ArrayList<>();
        boolean small = (long) terms.size() * others.size() <= LARGEST;
        for (Term term : terms) {
            if (!term.fact()
                    && !keys.contains(term.key())
                    && !(small && others.stream().anyMatch(term::matches))) {
                rest.add(term);
            }
        }
        return rest;
    }
}
