package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OwedRecallTest {

    private static final UUID ONE = new UUID(1, 1);
    private static final UUID OTHER = new UUID(1, 2);

    private final OwedRecall owed = new OwedRecall();
    private final List<Recall> done = new ArrayList<>();

    @Test
    void doesWhatIsOwedAsOne() {
        KnownWrong.Pair pair = KnownWrong.Pair.of(ONE, OTHER);
        owed.add(Recall.of(ONE, Optional.empty()));
        owed.add(Recall.of(OTHER, Optional.empty()));
        owed.add(Recall.ofNames(List.of("a:x")));
        owed.add(Recall.of(pair));
        assertThat(owed.isEmpty()).isFalse();
        owed.settle(done::add);
        owed.settle(done::add);

        assertThat(owed.isEmpty()).isTrue();
        assertThat(done).hasSize(1);
        assertThat(done.get(0).interactions()).containsOnlyKeys(ONE, OTHER);
        assertThat(done.get(0).names()).containsExactly("a:x");
        assertThat(done.get(0).pairs()).containsExactly(pair);
        assertThat(done.get(0).messages())
                .containsExactly(new Invalidation(Invalidation.Kind.INTERACTION, ONE + " " + OTHER));
    }

    @Test
    void owesItUntilItIsDone() {
        owed.add(Recall.of(ONE, Optional.empty()));
        owed.settle(recall -> {
            assertThat(owed.isEmpty()).as("at the moment").isFalse();
            owed.add(Recall.of(OTHER, Optional.empty()));
            return false;
        });
        assertThatThrownBy(() -> owed.settle(recall -> {
                    throw new IllegalStateException("scripted");
                }))
                .hasMessage("scripted");
        owed.settle(done::add);

        assertThat(done.get(0).interactions()).containsOnlyKeys(ONE, OTHER);
        assertThat(owed.isEmpty()).isTrue();
    }

    @Test
    void takesAllBackWhereThereIsMoreThanItKeeps() {
        KnownWrong.Pair pair = KnownWrong.Pair.of(ONE, OTHER);
        owed.add(Recall.of(pair));
        for (int i = 0; i < Recall.MOST; i++) {
            owed.add(Recall.of(new UUID(2, i), Optional.empty()));
        }
        owed.add(Recall.of(new UUID(2, 1), Optional.empty()));
        owed.settle(recall -> {
            assertThat(recall.interactions()).hasSize(Recall.MOST);
            return false;
        });
        owed.add(Recall.of(ONE, Optional.empty()));
        owed.settle(done::add);

        Recall all = done.get(0);
        assertThat(all.interactions()).isEmpty();
        assertThat(all.messages()).containsExactly(new Invalidation(Invalidation.Kind.ALL, ""));
        assertThat(all.picks()).hasSize(1);
        assertThat(all.pairs()).as("which remove nothing").containsExactly(pair);
    }

    @Test
    void readsBackWhichPairIsMeant() {
        KnownWrong.Pair pair = KnownWrong.Pair.of(ONE, OTHER);
        assertThat(KnownWrong.Pair.parse(pair.toString())).contains(pair);
        for (String none : List.of("", "x", ONE.toString(), ONE + " x", pair + " " + ONE)) {
            assertThat(KnownWrong.Pair.parse(none)).isEmpty();
        }
    }
}
