package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings that make no sense fail when the cache is built, and say what to do. */
class BuilderTest {

    record Bad(String message, UnaryOperator<ResponseCache.Builder> setting) {
        @Override
        public String toString() {
            return message;
        }
    }

    static List<Bad> bad() {
        return List.of(
                new Bad("timeToLive: PT0S (expected: > 0)", builder -> builder.timeToLive(Duration.ZERO)),
                new Bad("timeToLive: PT-1S (expected: > 0)", builder -> builder.timeToLive(Duration.ofSeconds(-1))),
                new Bad("backgroundTimeout: PT0S (expected: > 0)", builder -> builder.backgroundTimeout(Duration.ZERO)),
                new Bad(
                        "staleWhileRevalidate: PT-1S (expected: >= 0)",
                        builder -> builder.staleWhileRevalidate(Duration.ofSeconds(-1))),
                new Bad(
                        "staleIfError: PT-1S (expected: >= 0)",
                        builder -> builder.staleIfError(Duration.ofSeconds(-1))),
                new Bad("jitter: 1.5 (expected: between 0 and 1)", builder -> builder.jitter(1.5)),
                new Bad("jitter: NaN (expected: between 0 and 1)", builder -> builder.jitter(Double.NaN)),
                new Bad("refreshAhead: -0.1 (expected: between 0 and 1)", builder -> builder.refreshAhead(-0.1)),
                new Bad("maximumBytes: 0 (expected: > 0)", builder -> builder.maximumBytes(0)),
                new Bad("maximumAnswerBytes: 0 (expected: > 0)", builder -> builder.maximumAnswerBytes(0)),
                new Bad("entriesPerUser: 0 (expected: > 0)", builder -> builder.entriesPerUser(0)),
                new Bad("entriesPerTenant: -3 (expected: > 0)", builder -> builder.entriesPerTenant(-3)),
                new Bad(
                        "maximumAnswerBytes: 262144 (expected: at most maximumBytes, 1000; a larger answer could never be"
                                + " kept)",
                        builder -> builder.maximumBytes(1000)));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aSettingOutOfItsRange(Bad bad) {
        ResponseCache.Builder builder = bad.setting().apply(Caches.shared());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(bad.message());
    }

    /** As a caller may in whose code nobody looks for nulls. */
    @SuppressWarnings("NullAway")
    @Test
    void aScopeThatNobodyChose() {
        Scope none = null;
        assertThatThrownBy(() -> ResponseCache.builder(none)
                        .temperature(TemperaturePolicy.any())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "scope: none (expected: whose answers may be served to whom: Scope.user(), Scope.tenant() or"
                                + " Scope.shared(why it is safe))");
    }

    @Test
    void aTemperaturePolicyThatNobodyStated() {
        assertThatThrownBy(() -> ResponseCache.builder(Scope.user()).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("temperature: not stated (expected: temperature(TemperaturePolicy.any()), or"
                        + " TemperaturePolicy.atMost(0) if a caller may ask twice to get two different answers)");
    }

    @Test
    void aTemperatureThatIsNone() {
        assertThatThrownBy(() -> TemperaturePolicy.atMost(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("temperature: -1.0 (expected: >= 0)");
        assertThatThrownBy(() -> TemperaturePolicy.atMost(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSharedScopeWithoutAReason() {
        assertThatThrownBy(() -> Scope.shared(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reason: blank (expected: why it is safe");
    }

    @Test
    void settingsNameWhatChangesAnswers() {
        assertThat(Caches.shared().build().settings())
                .contains("scope=shared: a test", "temperature=any", "timeToLive=PT1H")
                .isNotEqualTo(Caches.of(Scope.user()).build().settings());
    }
}
