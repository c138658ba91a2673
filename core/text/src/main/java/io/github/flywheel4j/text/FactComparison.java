package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares the numbers, dates, codes and quotations of two texts. */
final class FactComparison {

    private final List<Fact> left;
    private final List<Fact> right;

    FactComparison(List<Fact> left, List<Fact> right) {
        this.left = left;
        this.right = right;
    }

    /**
     * The most telling difference.
     *
     * @param alike whether the words are so alike that a fact which one text lacks is meant to be there
     */
    Optional<Difference> difference(boolean alike) {
        List<Fact> onlyLeft = without(left, right);
        List<Fact> onlyRight = without(right, left);
        dropBareNumbers(onlyLeft, onlyRight);
        dropBareNumbers(onlyRight, onlyLeft);
        boolean both = !onlyLeft.isEmpty() && !onlyRight.isEmpty();
        List<Fact> all = new ArrayList<>(onlyLeft);
        all.addAll(onlyRight);
        Optional<Difference> first = all.stream()
                .filter(fact -> both || (alike && !fact.weak()))
                .map(fact -> difference(fact.kind()))
                .min(Comparator.comparingInt(FactComparison::rank));
        return first.isPresent() ? first : quotes(left, right);
    }

    private static int rank(Difference difference) {
        return switch (difference) {
            case ID -> 0;
            case VERSION -> 1;
            case AMOUNT -> 2;
            case UNIT -> 3;
            case DATE -> 4;
            default -> 5;
        };
    }

    private static List<Fact> without(List<Fact> facts, List<Fact> others) {
        Set<String> values = new HashSet<>();
        others.forEach(fact -> values.add(fact.value()));
        List<Fact> rest = new ArrayList<>();
        for (Fact fact : facts) {
            if (fact.kind() != Fact.Kind.NAME && fact.kind() != Fact.Kind.QUOTE && !values.contains(fact.value())) {
                rest.add(fact);
            }
        }
        return rest;
    }

    /** "over 400" and "over 400 euros": a number without its unit agrees with the number that has one. */
    private static void dropBareNumbers(List<Fact> bare, List<Fact> measured) {
        for (Fact fact : List.copyOf(bare)) {
            if (fact.kind() == Fact.Kind.NUMBER || fact.kind() == Fact.Kind.VERSION) {
                measured.stream()
                        .filter(other -> other.number().equals(fact.value())
                                || (other.kind() == Fact.Kind.VERSION
                                        && other.value().equals(fact.number())))
                        .findFirst()
                        .ifPresent(other -> {
                            bare.remove(fact);
                            measured.remove(other);
                        });
            }
        }
    }

    private static Optional<Difference> quotes(List<Fact> left, List<Fact> right) {
        Set<String> one = quoted(left);
        Set<String> other = quoted(right);
        return one.isEmpty() || other.isEmpty() || one.equals(other) ? Optional.empty() : Optional.of(Difference.QUOTE);
    }

    private static Set<String> quoted(List<Fact> facts) {
        Set<String> quotes = new HashSet<>();
        for (Fact fact : facts) {
            if (fact.kind() == Fact.Kind.QUOTE) {
                quotes.add(String.join(" ", Words.of(fact.value())));
            }
        }
        return quotes;
    }

    private static Difference difference(Fact.Kind kind) {
        return switch (kind) {
            case NUMBER -> Difference.NUMBER;
            case AMOUNT -> Difference.AMOUNT;
            case MEASURE -> Difference.UNIT;
            case DATE, TIME -> Difference.DATE;
            case VERSION -> Difference.VERSION;
            case ID -> Difference.ID;
            case NAME -> Difference.NAME;
            case QUOTE -> Difference.QUOTE;
        };
    }
}
