package io.github.flywheel4j.feedback;

import org.jspecify.annotations.Nullable;

/** The kinds of events, by their names in JSON. */
public enum FeedbackKind {
    /** A call and what came of it. */
    INTERACTION("interaction", 1),
    /** Whether somebody liked the answer. */
    SATISFACTION("satisfaction", 2),
    /** Whether the answer was right. */
    CORRECTNESS("correctness", 4),
    /** What the answer should have been. */
    CORRECTION("correction", 8),
    /** This answer over that one. */
    PREFERENCE("preference", 16),
    /** Whether the answer was acted upon. */
    ADOPTION("adoption", 32),
    /** Whether a source was of use. */
    SOURCE_RELEVANCE("source-relevance", 64),
    /** What the documents do not say. */
    MISSING_KNOWLEDGE("missing-knowledge", 128),
    /** Words about the answer. */
    COMMENT("comment", 256),
    /** Implicit feedback. */
    SIGNAL("signal", 512),
    /** A note that the person behind an interaction was forgotten. */
    ERASURE("erasure", 1024);

    private static final FeedbackKind[] KINDS = values();

    private final String jsonName;

    /** Its place in tokens; once given, never changed. */
    private final int tokenBit;

    FeedbackKind(String jsonName, int tokenBit) {
        this.jsonName = jsonName;
        this.tokenBit = tokenBit;
    }

    /** The kind's name in JSON and in tokens. */
    public String jsonName() {
        return jsonName;
    }

    int tokenBit() {
        return tokenBit;
    }

    static @Nullable FeedbackKind named(String jsonName) {
        for (FeedbackKind kind : KINDS) {
            if (kind.jsonName.equals(jsonName)) {
                return kind;
            }
        }
        return null;
    }
}
