package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerOrderTest {

    @ParameterizedTest
    @EnumSource(value = Stage.class, names = "CUSTOM", mode = EnumSource.Mode.EXCLUDE)
    void putsBeforeAndAfterAroundTheLayersOfAStage(Stage stage) {
        LayerOrder order = new LayerOrder();
        order.addAfter(stage, layer("after", Stage.CUSTOM));
        order.add(layer("at", stage));
        order.addBefore(stage, layer("before", Stage.CUSTOM));

        assertThat(names(order)).containsExactly("before", "at", "after");
    }

    @Test
    void sortsByStageInWhateverOrderLayersAreAdded() {
        Random random = new Random(20261122);
        List<Stage> fixed = new ArrayList<>(List.of(Stage.values()));
        fixed.remove(Stage.CUSTOM);
        for (int i = 0; i < 100; i++) {
            List<Stage> shuffled = new ArrayList<>(fixed);
            Collections.shuffle(shuffled, random);
            LayerOrder order = new LayerOrder();
            shuffled.forEach(stage -> order.add(layer(stage.name(), stage)));

            assertThat(names(order))
                    .containsExactly(
                            "CAPTURE",
                            "EXPERIENCE",
                            "BUDGET",
                            "INPUT",
                            "CACHE",
                            "OUTPUT",
                            "AUGMENT",
                            "ROUTE",
                            "RESILIENCE");
        }
    }

    @Test
    void keepsLayersOfOnePlaceAsTheyWereAdded() {
        LayerOrder order = new LayerOrder();
        order.add(layer("second", Stage.CACHE));
        order.addBefore(Stage.CACHE, layer("outer", Stage.CUSTOM));
        order.add(layer("third", Stage.CACHE));
        order.addBefore(Stage.CACHE, layer("inner", Stage.CUSTOM));

        assertThat(names(order)).containsExactly("outer", "inner", "second", "third");
    }

    @Test
    void placesALayerWithAStageOfItsOwnWhereItIsTold() {
        LayerOrder order = new LayerOrder();
        order.add(layer("cache", Stage.CACHE));
        order.addBefore(Stage.CACHE, layer("retry", Stage.RESILIENCE));

        assertThat(names(order)).containsExactly("retry", "cache");
    }

    @Test
    void takesAStackOfNothingButCustomLayersAsItComes() {
        LayerOrder order = new LayerOrder();
        order.add(layer("b", Stage.CUSTOM));
        order.add(layer("a", Stage.CUSTOM));

        assertThat(names(order)).containsExactly("b", "a");
    }

    @Test
    void refusesAPlaceThatIsNone() {
        LayerOrder order = new LayerOrder();

        assertThatThrownBy(() -> order.addBefore(Stage.CUSTOM, layer("x", Stage.CACHE)))
                .hasMessage("stage: CUSTOM (expected: a stage with a fixed place)");
        assertThatThrownBy(() -> order.addAfter(Stage.CUSTOM, layer("x", Stage.CACHE)))
                .hasMessage("stage: CUSTOM (expected: a stage with a fixed place)");
    }

    private static List<String> names(LayerOrder order) {
        return order.layers().stream().map(ChatLayer::name).toList();
    }

    private static ChatLayer layer(String name, Stage stage) {
        return new ChatLayer() {
            @Override
            public ChatResponse handle(ChatCall call, Next next) {
                return next.proceed(call);
            }

            @Override
            public Stage stage() {
                return stage;
            }

            @Override
            public String name() {
                return name;
            }
        };
    }
}
