package io.github.flywheel4j.caching;

import io.github.flywheel4j.CallContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose answers may be served to whom. There is no default, because no default is right: an answer may rest on who asked
 * even where the question does not show it.
 *
 * <p>Immutable and thread-safe.
 */
public final class Scope {

    private final Kind kind;
    private final String reason;

    private enum Kind {
        USER,
        TENANT,
        SHARED
    }

    private Scope(Kind kind, String reason) {
        this.kind = kind;
        this.reason = reason;
    }

    /**
     * A user is served what was made for that user of that tenant. Calls that name no user are not cached.
     */
    public static Scope user() {
        return new Scope(Kind.USER, "");
    }

    /**
     * A user is served what was made for any user of the same tenant. Calls that name no tenant are not cached.
     */
    public static Scope tenant() {
        return new Scope(Kind.TENANT, "");
    }

    /**
     * Everybody is served what was made for anybody.
     *
     * @param reason why no answer can hold what is somebody's own, for whoever reads the code and the settings: "answers
     *     rest on the public handbook alone"
     * @throws IllegalArgumentException if the reason is blank
     */
    public static Scope shared(String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException(
                    "reason: blank (expected: why it is safe to serve one user's answers to another; if it is not,"
                            + " take Scope.user() or Scope.tenant())");
        }
        return new Scope(Kind.SHARED, reason);
    }

    /** Who shares with the caller, as parts of a key; null if the call does not say what this scope needs. */
    @Nullable
    List<@Nullable String> partition(CallContext context) {
        List<@Nullable String> parts = new ArrayList<>(3);
        parts.add(kind.name());
        switch (kind) {
            case USER -> {
                if (context.user() == null) {
                    return null;
                }
                parts.add(context.tenant());
                parts.add(context.user());
            }
            case TENANT -> {
                if (context.tenant() == null) {
                    return null;
                }
                parts.add(context.tenant());
            }
            case SHARED -> {}
        }
        return parts;
    }

    /** What a call must name to be cached, for the trace. */
    String missing() {
        return kind == Kind.USER ? "no user" : "no tenant";
    }

    @Override
    public String toString() {
        return switch (kind) {
            case USER -> "user";
            case TENANT -> "tenant";
            case SHARED -> "shared: " + reason;
        };
    }
}
