package io.github.flywheel4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {

    @ParameterizedTest
    @CsvSource({
        "'', '', 0, 1",
        "a, a, 0, 1",
        "'', ab, 2, 2",
        "kitten, sitting, 3, 7",
        "Saturday, Sunday, 3, 8",
        "ab, ba, 2, 2"
    })
    void countsWhatWasChangedOverTheLongerText(String before, String after, double changes, double length) {
        assertThat(EditDistance.normalised(before, after)).isEqualTo(changes / length);
        assertThat(EditDistance.normalised(after, before)).isEqualTo(changes / length);
    }

    @Test
    void countsACharacterBeyondTheBasicPlaneOnce() {
        assertThat(EditDistance.normalised("a😀", "a😁")).isEqualTo(0.5);
    }

    @Test
    void comparesLongTextsByWord() {
        String text = "word ".repeat(3_000);

        assertThat(EditDistance.normalised(text, text + "more")).isBetween(0.0001, 0.001);
    }
}
