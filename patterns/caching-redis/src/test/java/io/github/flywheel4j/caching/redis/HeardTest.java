package io.github.flywheel4j.caching.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeardTest {

    private final Heard heard = new Heard();

    @Test
    void missesNothingWhereNobodyListens() {
        assertThat(heard.upTo()).isEqualTo(Heard.NOBODY);
        heard.nothingBefore(7);
        assertThat(heard.upTo()).isEqualTo(Heard.NOBODY);
    }

    @Test
    void beginsWithWhatWasPublishedBefore() {
        heard.begin();
        assertThat(heard.upTo()).as("not known yet").isNegative().isNotEqualTo(Heard.NOBODY);
        heard.nothingBefore(7);

        assertThat(heard.upTo()).isEqualTo(7);
        heard.begin();
        assertThat(heard.upTo()).as("a second listener changes nothing").isEqualTo(7);
    }

    /** The count may be asked for after the first one was heard, or before. */
    @Test
    void beginsWithTheFirstOneThatIsHeard() {
        heard.begin();
        assertThat(heard.next(8)).isTrue();
        heard.nothingBefore(7);

        assertThat(heard.upTo()).isEqualTo(8);
    }

    @Test
    void growsOneByOneAndTellsAGap() {
        heard.begin();
        heard.nothingBefore(7);

        assertThat(heard.next(8)).isTrue();
        assertThat(heard.next(7)).as("once more").isTrue();
        assertThat(heard.upTo()).isEqualTo(8);
        assertThat(heard.next(10)).isFalse();
        assertThat(heard.upTo()).as("not beyond the gap").isEqualTo(8);
        heard.allUpTo(10);
        assertThat(heard.next(11)).isTrue();
        assertThat(heard.upTo()).isEqualTo(11);
    }

    @Test
    void knowsNothingOfAServerThatCountsAnew() {
        heard.begin();
        heard.nothingBefore(57);
        heard.forget();
        assertThat(heard.next(1)).isTrue();
        assertThat(heard.upTo()).as("what came before that is not known").isNegative();
        heard.allUpTo(3);

        assertThat(heard.upTo()).isEqualTo(3);
    }
}
