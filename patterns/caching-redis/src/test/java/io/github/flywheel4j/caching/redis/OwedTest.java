package io.github.flywheel4j.caching.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OwedTest {

    private final Owed owed = new Owed();

    @Test
    void handsOutEachDebtOnce() {
        owed.removal(List.of("a", "b"));
        owed.removal(List.of("b"));
        owed.message("m");

        assertThat(owed.take()).isEqualTo(new Owed.Debts(List.of("a", "b"), List.of("m"), false));
        assertThat(owed.take().isEmpty()).isTrue();
    }

    @Test
    void saysThatThereWasMoreThanItKept() {
        owed.removal(IntStream.range(0, Owed.MOST).mapToObj(String::valueOf).toList());
        owed.removal(List.of("0"));
        Owed.Debts all = owed.take();
        assertThat(all.more()).isFalse();

        owed.add(all);
        owed.removal(List.of("one more"));
        Owed.Debts debts = owed.take();
        assertThat(debts.more()).isTrue();
        assertThat(debts.keys()).hasSize(Owed.MOST);
    }
}
