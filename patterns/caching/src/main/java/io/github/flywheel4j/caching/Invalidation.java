package io.github.flywheel4j.caching;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What nodes tell each other when answers must go: a version, a kind and a value. */
record Invalidation(Kind kind, String value) {

    private static final String VERSION = "1";

    /** As many ids as fit into a message of a few kilobytes. */
    private static final int IDS_AT_ONCE = 100;

    enum Kind {
        /** The answers that some interactions filled. */
        INTERACTION,
        KNOWLEDGE,
        SOURCE,
        ALL,
        /** Those that a predicate picked on one node, whose name is the value. It is told once more of each that it found. */
        PREDICATE,
        WRONG_PAIR
    }

    /** One for each hundred interactions. */
    static List<Invalidation> ofInteractions(Collection<UUID> filledBy) {
        List<String> ids = filledBy.stream().map(UUID::toString).toList();
        List<Invalidation> messages = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += IDS_AT_ONCE) {
            messages.add(new Invalidation(
                    Kind.INTERACTION, String.join(" ", ids.subList(from, Math.min(ids.size(), from + IDS_AT_ONCE)))));
        }
        return messages;
    }

    /** @param node by which that node knows its own message */
    static Invalidation ofPredicate(UUID node) {
        return new Invalidation(Kind.PREDICATE, node.toString());
    }

    static Invalidation ofPair(KnownWrong.Pair questions) {
        return new Invalidation(Kind.WRONG_PAIR, questions.toString());
    }

    /** The pair of questions; null if it is none. */
    KnownWrong.@Nullable Pair pair() {
        return KnownWrong.Pair.parse(value).orElse(null);
    }

    /** The interactions that filled the answers. */
    List<UUID> interactions() {
        return Stream.of(value.split(" ", -1)).map(UUID::fromString).toList();
    }

    /** Which answers it means, as far as that can be told. */
    Predicate<StoredAnswer> predicate() {
        return switch (kind) {
            case INTERACTION -> {
                Set<UUID> ids = Set.copyOf(interactions());
                yield answer -> ids.contains(answer.filledBy());
            }
            case KNOWLEDGE -> answer -> answer.knowledgeVersions().contains(value);
            case SOURCE -> answer -> answer.sources().contains(value);
            case ALL -> answer -> true;
            case PREDICATE, WRONG_PAIR -> answer -> false;
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
            if (kind.name().equals(parts[1]) && (kind != Kind.INTERACTION || areIds(parts[2]))) {
                return new Invalidation(kind, parts[2]);
            }
        }
        return null;
    }

    private static boolean areIds(String text) {
        return Stream.of(text.split(" ", -1)).allMatch(Invalidation::isId);
    }

    private static boolean isId(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
