package io.github.flywheel4j.feedback;

/** A feedback token was refused. The message names the reason and never the token. */
public final class TokenRefused extends RuntimeException {

    /** Why a token was refused. */
    public enum Reason {
        /** It is no token at all. */
        MALFORMED,
        /** It was signed with a key that is not, or no longer, in use. */
        UNKNOWN_KEY,
        /** It was changed, or made by somebody else. */
        FORGED,
        /** Its time is over. */
        EXPIRED,
        /** It was made for another interaction. */
        OTHER_INTERACTION,
        /** It does not allow this kind of feedback. */
        OTHER_KIND
    }

    private final Reason reason;

    TokenRefused(Reason reason, String expected) {
        super("feedback token refused: " + reason + " (expected: " + expected + ")");
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
