package io.github.flywheel4j.feedback;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The interactions that estimates are about, each with what is known of it. Not thread-safe. */
final class Population {

    private final List<Member> members = new ArrayList<>();
    private final Map<String, Integer> clusters = new HashMap<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final FeatureColumns columns = new FeatureColumns();

    private Population() {}

    /** What is kept of an interaction beside its features. */
    private record Member(Instant time, int cluster, double score, KnownFeedback.Known known) {}

    static Population of(
            FeedbackStore store,
            InteractionQuery query,
            KnownFeedback known,
            Map<String, ToDoubleFunction<InteractionEvent>> features,
            @Nullable ToDoubleFunction<InteractionEvent> judge) {
        Population population = new Population();
        try (Stream<InteractionEvent> interactions = store.interactions(query)) {
            interactions.forEach(event -> population.add(event, known.of(event.interactionId()), features, judge));
        }
        return population;
    }

    private void add(
            InteractionEvent event,
            KnownFeedback.Known known,
            Map<String, ToDoubleFunction<InteractionEvent>> features,
            @Nullable ToDoubleFunction<InteractionEvent> judge) {
        String key = clusterKey(event);
        int cluster = clusters.computeIfAbsent(key, unseen -> clusters.size());
        double score = judge == null ? 0 : finite("judge", judge.applyAsDouble(event));
        members.add(new Member(event.time(), cluster, score, known));

        columns.begin();
        columns.word("workload", event.context().workload());
        columns.word("tenant", event.context().tenant());
        columns.word("outcome", event.outcome().name());
        columns.flag("streamed", event.streaming());
        columns.flag("repeated from a cache", event.info().answerFrom() != null);
        columns.flag("signals for it", known.signalledGood());
        columns.flag("signals against it", known.signalledBad());
        columns.amount("answer's characters", length(event.answer()) + length(event.released()));
        columns.amount("question's characters", length(event.question()));
        columns.amount("milliseconds", event.latency().toNanos() / 1e6);
        columns.amount("place in the session", place(event, key));
        features.forEach((name, feature) -> columns.number(name, finite(name, feature.applyAsDouble(event))));
    }

    private static String clusterKey(InteractionEvent event) {
        String user = event.info().user();
        String session = event.context().session();
        String turn = event.context().turn();
        if (user != null) {
            return "user:" + user;
        }
        if (session != null) {
            return "session:" + session;
        }
        return turn != null ? "turn:" + turn : "interaction:" + event.interactionId();
    }

    /** The how manieth of its session, in the order of writing; 1 without one. */
    private int place(InteractionEvent event, String cluster) {
        String session = event.context().session();
        return session == null ? 1 : places.merge(session + '\n' + cluster, 1, Integer::sum);
    }

    private static int length(InteractionEvent.@Nullable Message message) {
        return message == null ? 0 : message.length();
    }

    private static double finite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: a finite number of each interaction)");
        }
        return value;
    }

    int size() {
        return members.size();
    }

    int clusters() {
        return clusters.size();
    }

    int[] clusterOfEach() {
        return members.stream().mapToInt(Member::cluster).toArray();
    }

    FeatureColumns columns() {
        return columns;
    }

    double[] liked() {
        return members.stream().mapToDouble(member -> member.known().liked()).toArray();
    }

    double[] right() {
        return members.stream().mapToDouble(member -> member.known().right()).toArray();
    }

    double[] scores() {
        return members.stream().mapToDouble(Member::score).toArray();
    }

    long undecided() {
        return members.stream().filter(member -> member.known().undecided()).count();
    }

    List<List<RaterAgreement.Grade>> grades() {
        return members.stream()
                .map(member -> member.known().grades())
                .filter(grades -> grades.size() > 1)
                .toList();
    }

    FeedbackTrend trend() {
        List<Member> sorted =
                members.stream().sorted(Comparator.comparing(Member::time)).toList();
        int half = sorted.size() / 2;
        return new FeedbackTrend(half(sorted.subList(0, half)), half(sorted.subList(half, sorted.size())));
    }

    private static FeedbackTrend.Half half(List<Member> members) {
        long liked =
                members.stream().filter(member -> member.known().liked() == 1).count();
        long disliked =
                members.stream().filter(member -> member.known().liked() == 0).count();
        return new FeedbackTrend.Half(members.size(), liked, disliked);
    }

    UnusedFeedback unused(Instant now) {
        Duration[] ages = members.stream()
                .flatMap(member -> member.known().unused().stream())
                .map(time -> Duration.between(time, now))
                .toArray(Duration[]::new);
        Arrays.sort(ages);
        return ages.length == 0
                ? new UnusedFeedback(0, null, null)
                : new UnusedFeedback(ages.length, ages[ages.length - 1], ages[ages.length / 2]);
    }
}
