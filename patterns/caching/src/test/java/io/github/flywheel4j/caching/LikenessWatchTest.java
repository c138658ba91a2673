package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flywheel4j.testkit.Seeds;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LikenessWatchTest {

    private static double[] numbers(Random random, double shift) {
        return IntStream.range(0, 500)
                .mapToDouble(i -> random.nextGaussian() + shift)
                .toArray();
    }

    private static LikenessWatch watch(Random random) {
        return new LikenessWatch(numbers(random, 0), numbers(random, 0));
    }

    /** How many it took; -1 if all passed without an alarm. */
    private static int alarm(LikenessWatch watch, Random random, int most, double score, double cosine) {
        for (int i = 1; i <= most; i++) {
            watch.saw(random.nextGaussian() + score, random.nextGaussian() + cosine);
            if (watch.alarmed()) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void isSilentWhileCallsAreOfTheSameKind() {
        Seeds seeds = Seeds.named("same kind");
        int alarms = 0;
        for (int run = 0; run < 40; run++) {
            Random random = new Random(seeds.random().nextLong());
            alarms += alarm(watch(random), random, 300, 0, 0) > 0 ? 1 : 0;
        }

        // 300 of 10,000 in each of 40: one or two; a reference of 500 numbers is none of infinitely many.
        assertThat(alarms).as("%s", seeds).isLessThanOrEqualTo(6);
    }

    @Test
    void isSilentWhileCallsAreLessAlike() {
        Random random = Seeds.random("less alike");

        assertThat(alarm(watch(random), random, 5_000, -1, -1)).isEqualTo(-1);
    }

    @Test
    void noticesWithinAFewLookupsThatCallsAreMoreAlike() {
        Random random = Seeds.random("more alike");

        assertThat(alarm(watch(random), random, 100, 0, 2)).isBetween(2, 40);
    }

    @Test
    void noticesThatTheyOnlySeemSurer() {
        Random random = Seeds.random("surer");

        assertThat(alarm(watch(random), random, 100, 2, 0)).isBetween(2, 40);
    }

    @Test
    void noticesItAlsoAfterALongCalm() {
        Random random = Seeds.random("after a calm");
        LikenessWatch watch = watch(random);
        assertThat(alarm(watch, random, 1_000, -2, -2)).isEqualTo(-1);

        assertThat(alarm(watch, random, 100, 2, 2)).isBetween(2, 40);
    }

    @Test
    void oneUnheardOfCandidateIsNoAlarm() {
        Random random = Seeds.random("one");
        LikenessWatch watch = watch(random);

        watch.saw(100, 100);

        assertThat(watch.alarmed()).isFalse();
    }

    @Test
    void staysAlarmed() {
        Random random = Seeds.random("stays");
        LikenessWatch watch = watch(random);
        alarm(watch, random, 1_000, 3, 3);

        alarm(watch, random, 1_000, -3, -3);

        assertThat(watch.alarmed()).isTrue();
    }
}
