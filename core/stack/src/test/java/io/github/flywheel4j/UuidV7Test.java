package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UuidV7Test {

    @Test
    void isOfVersionSevenAndTheStandardVariant() {
        for (int i = 0; i < 1_000; i++) {
            UUID id = UuidV7.at(1_790_000_000_000L + i);
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
        }
    }

    @Test
    void holdsTheMillisecondsInItsFirst48Bits() {
        long time = 0x0123_4567_89ABL;

        assertThat(UuidV7.at(time).toString()).startsWith("01234567-89ab-7");
        assertThat(UuidV7.at(time).getMostSignificantBits() >>> 16).isEqualTo(time);
    }

    @Test
    void sortsByTimeAsText() {
        List<Long> times = new ArrayList<>();
        for (long time = 1; time < 1L << 47; time = time * 3 + 1) {
            times.add(time);
        }
        Collections.shuffle(times, new Random(7));
        List<String> sortedIds =
                times.stream().map(time -> UuidV7.at(time).toString()).sorted().toList();

        assertThat(sortedIds.stream().map(id -> UUID.fromString(id).getMostSignificantBits() >>> 16))
                .isSorted();
    }

    @Test
    void isUniqueWithinAMillisecond() {
        Set<UUID> ids = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            ids.add(UuidV7.at(1_790_000_000_000L));
        }
        assertThat(ids).hasSize(100_000);
    }

    @Test
    void usesEveryRandomBit() {
        long ones = 0;
        long zeros = 0;
        long highOnes = 0;
        long highZeros = 0;
        for (int i = 0; i < 10_000; i++) {
            UUID id = UuidV7.at(0);
            ones |= id.getLeastSignificantBits();
            zeros |= ~id.getLeastSignificantBits();
            highOnes |= id.getMostSignificantBits();
            highZeros |= ~id.getMostSignificantBits();
        }
        assertThat(ones & zeros).isEqualTo(0x3FFF_FFFF_FFFF_FFFFL);
        assertThat(highOnes & highZeros).isEqualTo(0xFFFL);
    }
}
