package io.github.flywheel4j.benchmarks.feedback;

import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.feedback.Consent;
import io.github.flywheel4j.feedback.EventInfo;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.InteractionEvent.Message;
import io.github.flywheel4j.feedback.InteractionEvent.Role;
import io.github.flywheel4j.feedback.Satisfaction;
import io.github.flywheel4j.feedback.Signal;
import io.github.flywheel4j.feedback.SignalType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Users whose satisfaction is known, since it is made here, and the events that a store would have of them.
 *
 * <p>Experts are harder to please; when an answer disappoints them they stop it, leave and rate nothing. Content users copy
 * answers, and who copies comes back and rates; so the content rate about twice as often as the others. Each user has a
 * temper of their own that nobody records, for answers and for rating. In the honest case the probability to rate depends on
 * what is recorded and on that temper; in the {@link #hidden} one also on the satisfaction itself, which nobody can correct.
 */
final class SimulatedUsers {

    private static final Instant BEGIN = Instant.parse("2026-03-02T08:00:00Z");
    private static final int MOST_QUESTIONS = 8;

    private final SplittableRandom random;
    private final double hidden;
    private final List<InteractionEvent> interactions = new ArrayList<>();
    private final List<FeedbackEvent> feedback = new ArrayList<>();
    private final Map<UUID, Double> scores = new HashMap<>();
    private long content;
    private long ratingsOfContent;
    private long ratingsOfOthers;

    /**
     * Users of one run.
     *
     * @param hidden how much satisfaction itself adds to the log odds to rate
     */
    SimulatedUsers(int users, double hidden, SplittableRandom random) {
        this.random = random;
        this.hidden = hidden;
        for (int user = 0; user < users; user++) {
            visit("user-" + user);
        }
    }

    /** The share of content interactions, of so many users that their own chance does not count. */
    static double truth(int users, SplittableRandom random) {
        long content = 0;
        long all = 0;
        for (int part = 0; part < 20; part++) {
            SimulatedUsers some = new SimulatedUsers(users / 20, 0, random);
            content += some.content;
            all += some.interactions.size();
        }
        return (double) content / all;
    }

    List<InteractionEvent> interactions() {
        return interactions;
    }

    List<FeedbackEvent> feedback() {
        return feedback;
    }

    /** What a judge makes of an answer: better than chance, and biased. */
    double score(InteractionEvent interaction) {
        return scores.getOrDefault(interaction.interactionId(), 0.5);
    }

    double ratingShareOfContent() {
        return (double) ratingsOfContent / content;
    }

    double ratingShareOfOthers() {
        return (double) ratingsOfOthers / (interactions.size() - content);
    }

    private void visit(String user) {
        boolean expert = random.nextDouble() < 0.3;
        // Most experts are with one customer.
        String tenant = random.nextDouble() < 0.85 == expert ? "laboratory" : "office";
        double temper = 0.7 * random.nextGaussian();
        double eagerness = 0.4 * random.nextGaussian();
        String workload = random.nextDouble() < 0.7 ? "answers" : "drafts";
        boolean stays = true;
        for (int question = 0; stays && question < MOST_QUESTIONS; question++) {
            stays = ask(user, expert, tenant, workload, temper, eagerness, question);
        }
    }

    private boolean ask(
            String user,
            boolean expert,
            String tenant,
            String workload,
            double temper,
            double eagerness,
            int question) {
        double difficulty = random.nextGaussian();
        boolean degraded = random.nextDouble() < 0.1;
        double likely = logistic(0.8
                + temper
                - 0.7 * difficulty
                - (expert ? 1.1 : 0)
                - (degraded ? 1 : 0)
                + (workload.equals("drafts") ? 0.4 : 0));
        boolean satisfied = random.nextDouble() < likely;
        boolean stopped = expert && !satisfied && random.nextDouble() < 0.5;
        boolean copied = !stopped && random.nextDouble() < (satisfied ? 0.5 : 0.1);
        boolean again = !stopped && random.nextDouble() < (satisfied ? 0.04 : 0.4);
        double length = Math.exp(6 + 0.5 * difficulty + 0.3 * random.nextGaussian()) * (stopped ? 0.3 : 1);
        double millis = Math.exp(7 + 0.3 * difficulty + 0.4 * random.nextGaussian());

        InteractionEvent event =
                interaction(user, tenant, workload, question, stopped, degraded, (int) length, Duration.ofNanos((long)
                        (millis * 1e6)));
        interactions.add(event);
        content += satisfied ? 1 : 0;
        scores.put(event.interactionId(), 0.15 + 0.6 * likely + (satisfied ? 0.1 : 0) + 0.1 * random.nextGaussian());
        if (copied) {
            feedback.add(new Signal(about(event, user), SignalType.COPIED, null, null));
        }
        if (again) {
            feedback.add(new Signal(about(event, user), SignalType.REGENERATED, null, null));
        }
        double rates = logistic(-2.9
                + (copied ? 1.3 : 0)
                - (again ? 0.3 : 0)
                - (tenant.equals("laboratory") ? 0.6 : 0)
                - (stopped ? 0.6 : 0)
                + (workload.equals("drafts") ? 0.5 : 0)
                + 0.2 * (Math.log(length) - 6)
                + (satisfied ? hidden : 0)
                + eagerness);
        if (random.nextDouble() < rates) {
            feedback.add(Satisfaction.thumb(about(event, user), satisfied));
            ratingsOfContent += satisfied ? 1 : 0;
            ratingsOfOthers += satisfied ? 0 : 1;
        }
        return !(expert && !satisfied) && random.nextDouble() < 0.6;
    }

    // NullAway does not see in class files that a nested type, the failure's, may be null.
    @SuppressWarnings("NullAway")
    private InteractionEvent interaction(
            String user,
            String tenant,
            String workload,
            int question,
            boolean stopped,
            boolean degraded,
            int length,
            Duration latency) {
        Instant time = BEGIN.plusSeconds(60L * interactions.size());
        Message answer = new Message(Role.ASSISTANT, null, length, null, List.of(), null, List.of());
        return new InteractionEvent(
                new EventInfo(id(), time, "capture", id(), null, user),
                CallContext.builder()
                        .workload(workload)
                        .tenant(tenant)
                        .user(user)
                        .session(user + "-session")
                        .turn("turn-" + question)
                        .build(),
                Consent.RECORD,
                stopped ? Outcome.CANCELLED : degraded ? Outcome.DEGRADED : Outcome.ANSWERED,
                true,
                "model",
                "fingerprint",
                latency,
                null,
                null,
                null,
                null,
                List.of(),
                InteractionEvent.Texts.NONE,
                List.of(new Message(Role.USER, null, 40 + random.nextInt(100), null, List.of(), null, List.of())),
                stopped ? null : answer,
                stopped ? answer : null);
    }

    private EventInfo about(InteractionEvent event, @Nullable String user) {
        return new EventInfo(id(), event.time(), "feedback", event.interactionId(), null, user);
    }

    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private static double logistic(double odds) {
        return 1 / (1 + Math.exp(-odds));
    }
}
