package io.github.flywheel4j.caching;

import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What nodes tell each other when answers must go: a version, a kind and a value. */
record Invalidation(Kind kind, String value) {

    private static final String VERSION = "1";

    enum Kind {
        INTERACTION,
        KNOWLEDGE,
        SOURCE,
        ALL,
        WRONG_PAIR
    }

    static Invalidation ofInteraction(UUID filledBy) {
        return new Invalidation(Kind.INTERACTION, filledBy.toString());
    }

    static Invalidation ofPair(KnownWrong.Pair questions) {
        return new Invalidation(Kind.WRONG_PAIR, questions.one() + " " + questions.other());
    }

    /** The pair of questions; null if it is none. */
    KnownWrong.@Nullable Pair pair() {
        String[] forms = value.split(" ", -1);
        return forms.length == 2 && isId(forms[0]) && isId(forms[1])
                ? KnownWrong.Pair.of(UUID.fromString(forms[0]), UUID.fromString(forms[1]))
                : null;
    }

    /** Which answers it means. */
    Predicate<StoredAnswer> predicate() {
        return switch (kind) {
            case INTERACTION -> answer -> answer.filledBy().toString().equals(value);
            case KNOWLEDGE -> answer -> answer.knowledgeVersions().contains(value);
            case SOURCE -> answer -> answer.sources().contains(value);
            case ALL -> answer -> true;
            case WRONG_PAIR -> answer -> false;
        };
    }

    String toMessage() {
        return VERSION + " " + kind + " " + value;
    }

    /** Reads what {@link #toMessage()} wrote; null if it is none, or of a newer version than this library knows. */
    static @Nullable Invalidation parse(String message) {
        String[] parts = message.split(" ", 3);
        if (parts.length < 3 || !parts[0].equals(VERSION)) {
            return null;
        }
        for (Kind kind : Kind.values()) {
            if (kind.name().equals(parts[1]) && (kind != Kind.INTERACTION || isId(parts[2]))) {
                return new Invalidation(kind, parts[2]);
            }
        }
        return null;
    }

    private static boolean isId(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
