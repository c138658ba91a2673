package io.github.flywheel4j.feedback;

import io.github.flywheel4j.CallContext;

/**
 * What a person agreed to. A call carries it in the attribute {@link #ATTRIBUTE} of its {@link CallContext}:
 *
 * <pre>{@code
 * CallContext context = CallContext.builder()
 *         .user(user)
 *         .attribute(Consent.ATTRIBUTE, Consent.IMPROVE.name())
 *         .build();
 * }</pre>
 */
public enum Consent {
    /** Count the call; keep neither texts nor who it was. */
    NONE,
    /** Keep the call, texts as the {@link TextPolicy} says, to find faults and to measure. */
    RECORD,
    /** Keep the call, and learn from it: training, examples in prompts. */
    IMPROVE;

    /** The name of the attribute. */
    public static final String ATTRIBUTE = "consent";

    private static final Consent[] LEVELS = values();

    /** What the context says; {@code otherwise} if it says nothing, {@link #NONE} if it says what nobody understands. */
    static Consent of(CallContext context, Consent otherwise) {
        Object told = context.attributes().get(ATTRIBUTE);
        if (told == null) {
            return otherwise;
        }
        for (Consent level : LEVELS) {
            if (told instanceof String name && level.name().equalsIgnoreCase(name)) {
                return level;
            }
        }
        return NONE;
    }
}
