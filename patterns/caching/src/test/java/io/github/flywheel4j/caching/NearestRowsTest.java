package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flywheel4j.testkit.Seeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestRowsTest {

    @Test
    void keepsTheGreatestScoresAndTheirPlaces() {
        Random random = Seeds.named("nearest rows").random();
        for (int round = 0; round < 300; round++) {
            int capacity = 1 + random.nextInt(40);
            NearestRows rows = new NearestRows(capacity);
            List<Float> scores = new ArrayList<>();
            for (int i = 0; i < random.nextInt(500); i++) {
                // Few different ones, below zero too: ties, and the order of negative floats.
                float score = random.nextInt(4) == 0 ? random.nextInt(5) - 2 : random.nextFloat() * 2 - 1;
                scores.add(score);
                rows.offer(score, i % 700, i * 31);
            }
            rows.sort();

            List<Float> greatest = scores.stream()
                    .sorted(Comparator.reverseOrder())
                    .limit(capacity)
                    .toList();
            List<Float> kept = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                kept.add(rows.score(i));
                int offered = rows.row(i) / 31;
                assertThat(rows.block(i)).isEqualTo(offered % 700);
                assertThat(scores.get(offered)).isEqualTo(rows.score(i));
            }
            assertThat(kept).isEqualTo(greatest);
        }
    }
}
