package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FeedbackEventTest {

    static List<FeedbackEvent> events() {
        return Events.ofEveryKind();
    }

    @ParameterizedTest
    @MethodSource("events")
    void comesBackFromJsonAsItWas(FeedbackEvent event) {
        String json = event.toJson();

        assertThat(json).doesNotContain("\n");
        assertThat(FeedbackEvent.fromJson(json)).isEqualTo(event);
    }

    @ParameterizedTest
    @MethodSource("events")
    void holdsNobodyAndNoTextOnceItIsMasked(FeedbackEvent event) {
        FeedbackEvent masked = event.masked();

        assertThat(masked.eventId()).isEqualTo(event.eventId());
        assertThat(masked.interactionId()).isEqualTo(event.interactionId());
        assertThat(masked.kind()).isEqualTo(event.kind());
        assertThat(masked.masked()).isEqualTo(masked);
        assertThat(masked.toJson())
                .doesNotContain("u:ann", "\"s1\"", "\"t1\"", "\"de\"", "tags", "luck", "distance", "\"new\"")
                .doesNotContain("be brief", "gr", "\"hm\"", "\\\"q\\\"", "\"found\"", "\"answer\",", "\"ans\"")
                .doesNotContain("do not", "better", "too dear", "opening hours", "a line");
    }

    @Test
    void everyKindIsTested() {
        assertThat(events().stream().map(FeedbackEvent::kind).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(FeedbackKind.values());
    }

    @ParameterizedTest
    @MethodSource("events")
    void ignoresFieldsThatANewerProgramAdded(FeedbackEvent event) {
        String json = event.toJson().replaceFirst("\\{", "{\"mood\":{\"of\":[1,2]},");

        assertThat(FeedbackEvent.fromJson(json)).isEqualTo(event);
    }

    @ParameterizedTest
    @MethodSource("events")
    void refusesANewerSchema(FeedbackEvent event) {
        String json = event.toJson().replaceFirst("\"v\":1", "\"v\":2");

        assertThatThrownBy(() -> FeedbackEvent.fromJson(json))
                .isInstanceOf(SchemaTooNew.class)
                .hasMessageContaining("schema 2")
                .hasMessageContaining("newer version");
    }

    @ParameterizedTest
    @MethodSource("events")
    void refusesEveryTornBeginningWithoutQuotingIt(FeedbackEvent event) {
        String json = event.toJson();
        for (int length = 0; length < json.length(); length += 7) {
            String torn = json.substring(0, length);
            assertThatThrownBy(() -> FeedbackEvent.fromJson(torn))
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .doesNotContain("u:ann", "too dear", "opening hours");
        }
    }

    @Test
    void refusesTwoEventsOnOneLine() {
        String json = Events.comment(1).toJson();

        assertThatThrownBy(() -> FeedbackEvent.fromJson(json + json)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("events")
    void namesThePersonBeforeAnyText(FeedbackEvent event) {
        String json = event.toJson();

        if (event.info().user() != null) {
            assertThat(json.indexOf("\"user\"")).isLessThan(250);
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void keepsPeopleAndTextsOutOfLogs(FeedbackEvent event) {
        assertThat(event.toString())
                .doesNotContain("u:ann", "better", "too dear", "opening hours", "a line", "do not", "brief");
    }

    @Test
    void noMethodTurnsSatisfactionIntoCorrectnessOrBack() {
        assertThat(methodsThatTakeAndReturn(Satisfaction.class, Correctness.class))
                .isEmpty();
        assertThat(methodsThatTakeAndReturn(Correctness.class, Satisfaction.class))
                .isEmpty();
    }

    private static List<Method> methodsThatTakeAndReturn(Class<?> from, Class<?> to) {
        return List.of(Satisfaction.class, Correctness.class, FeedbackEvent.class, Labeler.class, Feedback.class)
                .stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.getReturnType() == to)
                .filter(method -> Arrays.asList(method.getParameterTypes()).contains(from)
                        || (method.getDeclaringClass() == from && !Modifier.isStatic(method.getModifiers())))
                .toList();
    }

    @Test
    void refusesValuesThatMeanNothing() {
        EventInfo info = Events.info(Events.id(1));

        assertThatThrownBy(() -> new Satisfaction(info, 6, 1, 5)).hasMessage("rating: 6 (expected: 1 to 5)");
        assertThatThrownBy(() -> new Preference(info, Events.id(1), Preference.Shown.UNKNOWN))
                .hasMessageContaining("another interaction");
        assertThatThrownBy(() -> new Signal(info, SignalType.EDITED, Double.NaN, null))
                .hasMessageContaining("finite");
        assertThatThrownBy(() -> new Correctness(
                        info, Correctness.Verdict.CORRECT, Correctness.Judge.EXPERT, Correctness.Reason.WRONG, null))
                .hasMessageContaining("expected: none");
    }

    @Test
    void hasIdsThatSortByTimeAndTellTheirVersion() {
        UUID early = EventIds.at(1_000_000);
        UUID late = EventIds.at(2_000_000);

        assertThat(early.version()).isEqualTo(7);
        assertThat(early.variant()).isEqualTo(2);
        assertThat(early.toString()).isLessThan(late.toString());
        assertThat(EventIds.derived(1_000_000, "a", "b"))
                .isEqualTo(EventIds.derived(1_000_000, "a", "b"))
                .isNotEqualTo(EventIds.derived(1_000_000, "a", "c"));
    }
}
