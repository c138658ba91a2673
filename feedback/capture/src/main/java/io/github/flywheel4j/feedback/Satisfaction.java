package io.github.flywheel4j.feedback;

/**
 * Whether somebody liked an answer: a thumb, or a rating on a scale. It says nothing about whether the answer was right;
 * that is {@link Correctness}.
 *
 * @param info the event's id, time and source
 * @param value the rating; 1 and 0 for a thumb
 * @param lowest the scale's lower end; 0 for a thumb
 * @param highest the scale's upper end; 1 for a thumb
 */
public record Satisfaction(EventInfo info, int value, int lowest, int highest) implements FeedbackEvent {

    /** Checks that the value lies on the scale. */
    public Satisfaction {
        if (lowest >= highest) {
            throw new IllegalArgumentException(
                    "scale: " + lowest + " to " + highest + " (expected: a lower end below the upper end)");
        }
        if (value < lowest || value > highest) {
            throw new IllegalArgumentException("rating: " + value + " (expected: " + lowest + " to " + highest + ")");
        }
    }

    /** A thumb up or down. */
    public static Satisfaction thumb(EventInfo info, boolean up) {
        return new Satisfaction(info, up ? 1 : 0, 0, 1);
    }

    /** Whether the scale has two points, as a thumb has. */
    public boolean isThumb() {
        return lowest == 0 && highest == 1;
    }

    /** Where the rating lies on its scale, 0 at the lower end and 1 at the upper. */
    public double share() {
        return (double) (value - lowest) / (highest - lowest);
    }

    @Override
    public FeedbackKind kind() {
        return FeedbackKind.SATISFACTION;
    }

    @Override
    public Satisfaction masked() {
        return new Satisfaction(info.withoutPerson(), value, lowest, highest);
    }
}
